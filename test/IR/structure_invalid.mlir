// RUN: tjit-opt %s -verify-diagnostics -split-input-file

// Reductions, contractions, views and movement: what shape inference refuses, with the values and the remedy.

func.func @dim_out_of_range(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'tjit.sum' op dim 2 is out of range for 2 dimensions; use 0 to 1}}
  %0 = tjit.sum %x {dims = array<i64: 2>, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @dims_descending(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'tjit.amax' op dims [1, 0] are not distinct and ascending}}
  %0 = tjit.amax %x {dims = array<i64: 1, 0>, keepdim = false} : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----

func.func @maximum_of_nothing(%x: tensor<2x0xf32>) {
  // expected-error @+1 {{'tjit.amax' op dimension 1 of the operand [2, 0] has size 0, so there is no element to choose}}
  %0 = tjit.amax %x {dims = array<i64: 1>, keepdim = false} : (tensor<2x0xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @matmul(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) {
  // expected-error @+1 {{'tjit.matmul' op the inner dimensions differ: 3 and 4 (lhs [2, 3], rhs [4, 5]); transpose or reshape one of them}}
  %0 = tjit.matmul %x, %y : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @matmul_vector(%x: tensor<3xf32>, %y: tensor<3x5xf32>) {
  // expected-error @+1 {{'tjit.matmul' op operands need two dimensions or more (lhs [3], rhs [3, 5]); reshape a vector}}
  %0 = tjit.matmul %x, %y : (tensor<3xf32>, tensor<3x5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @permute(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'tjit.permute' op dims [1, 1] name dimension 1 twice}}
  %0 = tjit.permute %x {dims = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @expand(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'tjit.expand' op the shape [2, 3] does not expand to [4, 3]; counted from the last, a size must be equal or 1 in the operand}}
  %0 = tjit.expand %x {sizes = array<i64: 4, 3>} : (tensor<2x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @reshape(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{'tjit.reshape' op the shape [2, 3] has 6 elements, [5] has 5; they must be as many}}
  %0 = tjit.reshape %x {sizes = array<i64: 5>} : (tensor<2x3xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @slice(%x: tensor<7xf32>, %start: tensor<i64>) {
  // expected-error @+1 {{'tjit.slice' op 5 elements in steps of 2 do not fit dimension 0 of [7]}}
  %0 = tjit.slice %x, %start {dim = 0 : i64, size = 5 : i64, step = 2 : i64} : (tensor<7xf32>, tensor<i64>) -> tensor<5xf32>
  return
}

// -----

func.func @as_strided(%x: tensor<3x4xf32>, %offset: tensor<i64>) {
  // expected-error @+1 {{'tjit.as_strided' op sizes [2, 2] and strides [8, 4] reach beyond the 12 elements of the operand [3, 4]}}
  %0 = tjit.as_strided %x, %offset {sizes = array<i64: 2, 2>, strides = array<i64: 8, 4>} : (tensor<3x4xf32>, tensor<i64>) -> tensor<2x2xf32>
  return
}

// -----

func.func @write_overlapping(%x: tensor<3x4xf32>, %v: tensor<2xf32>, %offset: tensor<i64>) {
  // expected-error @+1 {{'tjit.write_view' op sizes [2] and strides [0] write elements more than once; write to a copy}}
  %0 = tjit.write_view %x, %v, %offset {sizes = array<i64: 2>, strides = array<i64: 0>} : (tensor<3x4xf32>, tensor<2xf32>, tensor<i64>) -> tensor<3x4xf32>
  return
}

// -----

func.func @write_shape(%x: tensor<3x4xf32>, %v: tensor<3xf32>, %offset: tensor<i64>) {
  // expected-error @+1 {{'tjit.write_view' op a value of shape [3] is written to a view of shape [2]; expand or reshape it}}
  %0 = tjit.write_view %x, %v, %offset {sizes = array<i64: 2>, strides = array<i64: 1>} : (tensor<3x4xf32>, tensor<3xf32>, tensor<i64>) -> tensor<3x4xf32>
  return
}

// -----

func.func @concat(%x: tensor<2x3xf32>, %y: tensor<3x3xf32>) {
  // expected-error @+1 {{'tjit.concat' op operand 1 has the shape [3, 3], operand 0 [2, 3]; they may differ in dimension 1 only}}
  %0 = tjit.concat %x, %y {dim = 1 : i64} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @gather(%x: tensor<3x4xf32>, %index: tensor<3x4xi32>) {
  // expected-error @+1 {{'tjit.gather' op the index is int32; cast it to int64}}
  %0 = tjit.gather %x, %index {dim = 0 : i64} : (tensor<3x4xf32>, tensor<3x4xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @scatter_add(%x: tensor<3x4xf32>, %index: tensor<3x4xi64>, %source: tensor<3x2xf32>) {
  // expected-error @+1 {{'tjit.scatter_add' op the source has the shape [3, 2], the index [3, 4]; the source must cover the index}}
  %0 = tjit.scatter_add %x, %index, %source {dim = 0 : i64} : (tensor<3x4xf32>, tensor<3x4xi64>, tensor<3x2xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @random(%seed: tensor<i64>, %counter: tensor<1xi64>) {
  // expected-error @+1 {{operand #1 must be 0D tensor of 64-bit signless integer values}}
  %0 = tjit.random %seed, %counter {sizes = array<i64: 2>, dtype = f32, distribution = 0 : i64} : (tensor<i64>, tensor<1xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @grad_of_a_vector(%x: tensor<3xf32>) {
  // expected-error @+1 {{'tjit.grad' op differentiates a value of type 'tensor<3xf32>'; it must be 0-dim and floating point}}
  %0 = tjit.grad %x wrt(%x) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @grad_type(%x: tensor<f32>) {
  // expected-error @+1 {{'tjit.grad' op has a gradient of type 'tensor<f64>' for value 0 of type 'tensor<f32>'}}
  %0 = tjit.grad %x wrt(%x) : (tensor<f32>, tensor<f32>) -> tensor<f64>
  return
}
