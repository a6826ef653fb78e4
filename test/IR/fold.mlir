// RUN: tjit-opt %s --canonicalize | FileCheck %s

// Folds keep every bit of a result: where a rule holds for most numbers only, the test says which one it would break.

// CHECK-LABEL: func.func @neg_of_neg
// CHECK-NEXT: return %arg0
func.func @neg_of_neg(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tjit.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = tjit.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// x + -0 is x for every x.
// CHECK-LABEL: func.func @add_negative_zero
// CHECK-NEXT: return %arg0
func.func @add_negative_zero(%x: tensor<4xf32>) -> tensor<4xf32> {
  %z = tjit.fill {sizes = array<i64>, dtype = f32, value = -0.0 : f64} : () -> tensor<f32>
  %0 = tjit.add %x, %z : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// x + 0 is +0 for x = -0.
// CHECK-LABEL: func.func @add_zero_float
// CHECK: tjit.add
func.func @add_zero_float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %z = tjit.fill {sizes = array<i64>, dtype = f32, value = 0.0 : f64} : () -> tensor<f32>
  %0 = tjit.add %x, %z : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The constant comes to the right first.
// CHECK-LABEL: func.func @add_zero_integer
// CHECK-NEXT: return %arg0
func.func @add_zero_integer(%x: tensor<4xi32>) -> tensor<4xi32> {
  %z = tjit.fill {sizes = array<i64>, dtype = i32, value = 0.0 : f64} : () -> tensor<i32>
  %0 = tjit.add %z, %x : (tensor<i32>, tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// The sum has another shape than x.
// CHECK-LABEL: func.func @add_zero_that_broadcasts
// CHECK: tjit.add
func.func @add_zero_that_broadcasts(%x: tensor<4xi32>) -> tensor<3x4xi32> {
  %z = tjit.fill {sizes = array<i64: 3, 1>, dtype = i32, value = 0.0 : f64} : () -> tensor<3x1xi32>
  %0 = tjit.add %x, %z : (tensor<4xi32>, tensor<3x1xi32>) -> tensor<3x4xi32>
  return %0 : tensor<3x4xi32>
}

// x - x of integers; of floats it is NaN for infinity.
// CHECK-LABEL: func.func @sub_itself
// CHECK: %[[Z:.*]] = tjit.fill {dtype = i64, sizes = array<i64: 4>, value = 0.000000e+00 : f64}
// CHECK: %[[S:.*]] = tjit.sub %arg1, %arg1
// CHECK: return %[[Z]], %[[S]]
func.func @sub_itself(%x: tensor<4xi64>, %y: tensor<4xf32>) -> (tensor<4xi64>, tensor<4xf32>) {
  %0 = tjit.sub %x, %x : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
  %1 = tjit.sub %y, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xi64>, tensor<4xf32>
}

// CHECK-LABEL: func.func @mul_and_div_by_one
// CHECK-NEXT: return %arg0
func.func @mul_and_div_by_one(%x: tensor<4xf64>) -> tensor<4xf64> {
  %1 = tjit.fill {sizes = array<i64: 4>, dtype = f64, value = 1.0 : f64} : () -> tensor<4xf64>
  %2 = tjit.mul %1, %x : (tensor<4xf64>, tensor<4xf64>) -> tensor<4xf64>
  %3 = tjit.div %2, %1 : (tensor<4xf64>, tensor<4xf64>) -> tensor<4xf64>
  return %3 : tensor<4xf64>
}

// x * 0 is NaN for NaN and infinity, and -0 for negative x.
// CHECK-LABEL: func.func @mul_zero
// CHECK: %[[Z:.*]] = tjit.fill {dtype = i8
// CHECK: %[[M:.*]] = tjit.mul %arg1
// CHECK: return %[[Z]], %[[M]]
func.func @mul_zero(%x: tensor<4xi8>, %y: tensor<4xf32>) -> (tensor<4xi8>, tensor<4xf32>) {
  %zi = tjit.fill {sizes = array<i64: 4>, dtype = i8, value = 0.0 : f64} : () -> tensor<4xi8>
  %zf = tjit.fill {sizes = array<i64: 4>, dtype = f32, value = 0.0 : f64} : () -> tensor<4xf32>
  %0 = tjit.mul %x, %zi : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  %1 = tjit.mul %y, %zf : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xi8>, tensor<4xf32>
}

// Division by a power of two is a multiplication, to the bit; by three it is none.
// CHECK-LABEL: func.func @div_by_constants
// CHECK-DAG: %[[Q:.*]] = tjit.fill {{.*}}value = -2.500000e-01
// CHECK-DAG: %[[T:.*]] = tjit.fill {{.*}}value = 3.000000e+00
// CHECK-DAG: tjit.mul %arg0, %[[Q]]
// CHECK-DAG: tjit.div %arg0, %[[T]]
func.func @div_by_constants(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %four = tjit.fill {sizes = array<i64>, dtype = f32, value = -4.0 : f64} : () -> tensor<f32>
  %three = tjit.fill {sizes = array<i64>, dtype = f32, value = 3.0 : f64} : () -> tensor<f32>
  %0 = tjit.div %x, %four : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = tjit.div %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @where_same_and_constant
// CHECK-NEXT: return %arg1, %arg2
func.func @where_same_and_constant(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = tjit.where %c, %x, %x : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %false = tjit.fill {sizes = array<i64>, dtype = i1, value = 0.0 : f64} : () -> tensor<i1>
  %1 = tjit.where %false, %x, %y : (tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// A cast through a dtype that holds every value is none; int32 does not go through float32, nor float64 through int64.
// CHECK-LABEL: func.func @casts
// CHECK-NEXT: %[[A:.*]] = tjit.cast %arg0 {dtype = f64} : (tensor<4xi16>) -> tensor<4xf64>
// CHECK-NEXT: %[[B:.*]] = tjit.cast %arg1 {dtype = f32} : (tensor<4xi32>) -> tensor<4xf32>
// CHECK-NEXT: %[[C:.*]] = tjit.cast %[[B]] {dtype = i32} : (tensor<4xf32>) -> tensor<4xi32>
// CHECK-NEXT: return %arg0, %[[A]], %[[C]]
func.func @casts(%x: tensor<4xi16>, %y: tensor<4xi32>) -> (tensor<4xi16>, tensor<4xf64>, tensor<4xi32>) {
  %0 = tjit.cast %x {dtype = f32} : (tensor<4xi16>) -> tensor<4xf32>
  %1 = tjit.cast %0 {dtype = i16} : (tensor<4xf32>) -> tensor<4xi16>
  %2 = tjit.cast %0 {dtype = f64} : (tensor<4xf32>) -> tensor<4xf64>
  %3 = tjit.cast %y {dtype = f32} : (tensor<4xi32>) -> tensor<4xf32>
  %4 = tjit.cast %3 {dtype = i32} : (tensor<4xf32>) -> tensor<4xi32>
  return %1, %2, %4 : tensor<4xi16>, tensor<4xf64>, tensor<4xi32>
}

// Views of views are one view, and none where nothing moves.
// CHECK-LABEL: func.func @views
// CHECK-NEXT: %[[P:.*]] = tjit.permute %arg0 {dims = array<i64: 2, 0, 1>}
// CHECK-NEXT: %[[R:.*]] = tjit.reshape %arg0 {sizes = array<i64: 24>}
// CHECK-NEXT: %[[E:.*]] = tjit.expand %arg1 {sizes = array<i64: 2, 3>}
// CHECK-NEXT: return %[[P]], %arg0, %[[R]], %[[E]], %arg0
func.func @views(%x: tensor<2x3x4xf32>, %y: tensor<f32>) -> (tensor<4x2x3xf32>, tensor<2x3x4xf32>, tensor<24xf32>, tensor<2x3xf32>, tensor<2x3x4xf32>) {
  %0 = tjit.permute %x {dims = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = tjit.permute %0 {dims = array<i64: 1, 2, 0>} : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
  %2 = tjit.permute %0 {dims = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  %3 = tjit.reshape %x {sizes = array<i64: 6, 4>} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %4 = tjit.reshape %3 {sizes = array<i64: 24>} : (tensor<6x4xf32>) -> tensor<24xf32>
  %5 = tjit.expand %y {sizes = array<i64: 3>} : (tensor<f32>) -> tensor<3xf32>
  %6 = tjit.expand %5 {sizes = array<i64: 2, 3>} : (tensor<3xf32>) -> tensor<2x3xf32>
  %7 = tjit.flip %x {dims = array<i64: 1>} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %8 = tjit.flip %7 {dims = array<i64: 1>} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %1, %2, %4, %6, %8 : tensor<4x2x3xf32>, tensor<2x3x4xf32>, tensor<24xf32>, tensor<2x3xf32>, tensor<2x3x4xf32>
}

// A sum over no dimension is the operand, but +0 for x = -0.
// CHECK-LABEL: func.func @sum_over_nothing
// CHECK-NEXT: %[[S:.*]] = tjit.sum %arg1
// CHECK-NEXT: return %arg0, %[[S]]
func.func @sum_over_nothing(%x: tensor<4xi64>, %y: tensor<4xf32>) -> (tensor<4xi64>, tensor<4xf32>) {
  %0 = tjit.sum %x {dims = array<i64>, keepdim = false} : (tensor<4xi64>) -> tensor<4xi64>
  %1 = tjit.sum %y {dims = array<i64>, keepdim = false} : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xi64>, tensor<4xf32>
}

// Constants of any shape cost one scalar operation. 200 + 100 wraps in uint8; 0.1 is rounded to float32 first.
// CHECK-LABEL: func.func @constants
// CHECK-DAG: tjit.fill {dtype = ui8, sizes = array<i64: 2>, value = 4.400000e+01 : f64} : () -> tensor<2xui8>
// CHECK-DAG: tjit.fill {dtype = f32, sizes = array<i64: 1000, 1000>, value = 0.40000000596046448 : f64}
// CHECK-NOT: tjit.add
// CHECK-NOT: tjit.mul
func.func @constants() -> (tensor<2xui8>, tensor<1000x1000xf32>) {
  %0 = tjit.fill {sizes = array<i64: 2>, dtype = ui8, value = 200.0 : f64} : () -> tensor<2xui8>
  %1 = tjit.fill {sizes = array<i64>, dtype = ui8, value = 100.0 : f64} : () -> tensor<ui8>
  %2 = tjit.add %0, %1 : (tensor<2xui8>, tensor<ui8>) -> tensor<2xui8>
  %3 = tjit.fill {sizes = array<i64: 1000, 1>, dtype = f32, value = 0.1 : f64} : () -> tensor<1000x1xf32>
  %4 = tjit.fill {sizes = array<i64: 1000>, dtype = f32, value = 4.0 : f64} : () -> tensor<1000xf32>
  %5 = tjit.mul %3, %4 : (tensor<1000x1xf32>, tensor<1000xf32>) -> tensor<1000x1000xf32>
  return %2, %5 : tensor<2xui8>, tensor<1000x1000xf32>
}

// Elementwise operations broadcast by themselves.
// CHECK-LABEL: func.func @expand_before_broadcast
// CHECK-NEXT: %[[A:.*]] = tjit.add %arg0, %arg1 : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
// CHECK-NEXT: return %[[A]]
func.func @expand_before_broadcast(%x: tensor<3x4xf32>, %y: tensor<4xf32>) -> tensor<3x4xf32> {
  %0 = tjit.expand %y {sizes = array<i64: 3, 4>} : (tensor<4xf32>) -> tensor<3x4xf32>
  %1 = tjit.add %x, %0 : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}

// One of two expanded operands must stay: it makes the shape.
// CHECK-LABEL: func.func @expand_that_makes_the_shape
// CHECK: tjit.expand
// CHECK-NOT: tjit.expand
func.func @expand_that_makes_the_shape(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<3x4xf32> {
  %0 = tjit.expand %x {sizes = array<i64: 3, 4>} : (tensor<4xf32>) -> tensor<3x4xf32>
  %1 = tjit.expand %y {sizes = array<i64: 3, 4>} : (tensor<4xf32>) -> tensor<3x4xf32>
  %2 = tjit.add %0, %1 : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %2 : tensor<3x4xf32>
}
