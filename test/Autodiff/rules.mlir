// RUN: tjit-opt %s --tjit-autodiff --canonicalize --cse --split-input-file | FileCheck %s

// The rules that choose a form by shapes and attributes. That all rules are right is checked by finite differences in
// test/unit/Autodiff; here it is how they say it.

// A gather that reads one element of each line, the loss of a classifier: its gradient is a comparison of the index with
// the position, elementwise, so that it fuses. No scatter.

// CHECK-LABEL: func.func @gather_one_per_line
// CHECK-SAME:    (%[[X:.*]]: tensor<8x10xf32>, %[[I:.*]]: tensor<8x1xi64>)
func.func @gather_one_per_line(%x: tensor<8x10xf32>, %i: tensor<8x1xi64>) -> tensor<8x10xf32> {
  // CHECK-NOT: tjit.scatter_add
  // CHECK: %[[P:.*]] = tjit.iota
  // CHECK: %[[R:.*]] = tjit.reshape %[[P]] {sizes = array<i64: 1, 10>}
  // CHECK: %[[H:.*]] = tjit.eq %[[R]], %[[I]]
  // CHECK: tjit.where %[[H]]
  %0 = tjit.gather %x, %i {dim = 1 : i64} : (tensor<8x10xf32>, tensor<8x1xi64>) -> tensor<8x1xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<8x1xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<8x10xf32>) -> tensor<8x10xf32>
  return %2 : tensor<8x10xf32>
}

// -----

// Any other gather may read an element several times: their cotangents are added.

// CHECK-LABEL: func.func @gather_several
func.func @gather_several(%x: tensor<8x10xf32>, %i: tensor<8x4xi64>) -> tensor<8x10xf32> {
  // CHECK: tjit.scatter_add
  %0 = tjit.gather %x, %i {dim = 1 : i64} : (tensor<8x10xf32>, tensor<8x4xi64>) -> tensor<8x4xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<8x4xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<8x10xf32>) -> tensor<8x10xf32>
  return %2 : tensor<8x10xf32>
}

// -----

// A linear layer over a batch of sequences: the gradient of the weight is one contraction over batch and sequence.

// CHECK-LABEL: func.func @weight_of_a_batch
// CHECK-SAME:    (%[[X:.*]]: tensor<4x5x6xf32>, %[[W:.*]]: tensor<6x3xf32>)
func.func @weight_of_a_batch(%x: tensor<4x5x6xf32>, %w: tensor<6x3xf32>) -> tensor<6x3xf32> {
  // CHECK: %[[F:.*]] = tjit.reshape %[[X]] {sizes = array<i64: 20, 6>}
  // CHECK: %[[T:.*]] = tjit.permute %[[F]] {dims = array<i64: 1, 0>}
  // CHECK: %[[D:.*]] = tjit.matmul %[[T]], {{.*}} : (tensor<6x20xf32>, tensor<20x3xf32>) -> tensor<6x3xf32>
  // CHECK: return %[[D]]
  %0 = tjit.matmul %x, %w : (tensor<4x5x6xf32>, tensor<6x3xf32>) -> tensor<4x5x3xf32>
  %1 = tjit.exp %0 : (tensor<4x5x3xf32>) -> tensor<4x5x3xf32>
  %2 = tjit.sum %1 {dims = array<i64: 0, 1, 2>, keepdim = false} : (tensor<4x5x3xf32>) -> tensor<f32>
  %3 = tjit.grad %2 wrt(%w) : (tensor<f32>, tensor<6x3xf32>) -> tensor<6x3xf32>
  return %3 : tensor<6x3xf32>
}

// -----

// A slice's start is a value of the program; its gradient is a write at the same place, the offset computed from it.

// CHECK-LABEL: func.func @slice
// CHECK-SAME:    (%[[X:.*]]: tensor<4x3xf32>, %[[S:.*]]: tensor<i64>)
func.func @slice(%x: tensor<4x3xf32>, %s: tensor<i64>) -> tensor<4x3xf32> {
  // CHECK: %[[K:.*]] = tjit.fill {dtype = i64, sizes = array<i64>, value = 3.0
  // CHECK: %[[O:.*]] = tjit.mul %[[S]], %[[K]]
  // CHECK: tjit.write_view {{.*}}, %[[O]] {sizes = array<i64: 2, 3>, strides = array<i64: 3, 1>}
  %0 = tjit.slice %x, %s {dim = 0 : i64, size = 2 : i64, step = 1 : i64} : (tensor<4x3xf32>, tensor<i64>) -> tensor<2x3xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %2 : tensor<4x3xf32>
}

// -----

// A view that reads elements twice (windows of 2 over 4): additions instead of a write.

// CHECK-LABEL: func.func @overlapping_windows
func.func @overlapping_windows(%x: tensor<4xf32>, %o: tensor<i64>) -> tensor<4xf32> {
  // CHECK-NOT: tjit.write_view
  // CHECK: tjit.scatter_add
  %0 = tjit.as_strided %x, %o {sizes = array<i64: 3, 2>, strides = array<i64: 1, 1>} : (tensor<4xf32>, tensor<i64>) -> tensor<3x2xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<3x2xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
