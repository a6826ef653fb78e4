// RUN: tjit-opt %s -verify-diagnostics -split-input-file

// The messages are those of tjit::inferType: the C++ exceptions of the tensor API read the same.

func.func @shapes(%x: tensor<2x3xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{'tjit.add' op the shapes [2, 3] and [4] do not broadcast; counted from the last, sizes must be equal or 1}}
  %0 = tjit.add %x, %y : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @result_type(%x: tensor<2x3xf32>, %y: tensor<3xf32>) {
  // expected-error @+1 {{'tjit.add' op has the result type 'tensor<3xf32>', but its operands and attributes give 'tensor<2x3xf32>'}}
  %0 = tjit.add %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @mixed_dtypes(%x: tensor<3xf32>, %y: tensor<3xi64>) {
  // expected-error @+1 {{'tjit.mul' op operands have the dtypes float32 and int64; cast one of them}}
  %0 = tjit.mul %x, %y : (tensor<3xf32>, tensor<3xi64>) -> tensor<3xf32>
  return
}

// -----

func.func @dtype_class(%x: tensor<3xi64>) {
  // expected-error @+1 {{'tjit.sqrt' op the operand is int64, but it takes floating-point operands; cast it, to float32 for instance}}
  %0 = tjit.sqrt %x : (tensor<3xi64>) -> tensor<3xi64>
  return
}

// -----

func.func @condition(%c: tensor<3xf32>, %x: tensor<3xf32>) {
  // expected-error @+1 {{'tjit.where' op the condition is float32; it must be bool: compare it with 0}}
  %0 = tjit.where %c, %x, %x : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @foreign_dtype(%x: tensor<3xi128>) {
  // expected-error @+1 {{operand #0 must be tensor, or scalar inside a kernel}}
  %0 = tjit.neg %x : (tensor<3xi128>) -> tensor<3xi128>
  return
}

// -----

func.func @dynamic(%x: tensor<?xf32>) {
  // expected-error @+1 {{'tjit.neg' op shapes must be static}}
  %0 = tjit.neg %x : (tensor<?xf32>) -> tensor<?xf32>
  return
}

// -----

func.func @constant() {
  // expected-error @+1 {{'tjit.fill' op 256.000000 is no value of uint8; cast it first}}
  %0 = tjit.fill {sizes = array<i64: 2>, dtype = ui8, value = 256.0 : f64} : () -> tensor<2xui8>
  return
}

// -----

func.func @overflow() {
  // expected-error @+1 {{'tjit.fill' op a tensor of sizes [4294967296, 4294967296] has more elements than 64 bits can address; use smaller sizes}}
  %0 = tjit.fill {sizes = array<i64: 4294967296, 4294967296>, dtype = f32, value = 0.0 : f64} : () -> tensor<4294967296x4294967296xf32>
  return
}
