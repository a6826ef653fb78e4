// RUN: tjit-opt %s --tjit-fuse --tjit-verify-fused --mlir-print-local-scope | FileCheck %s
// RUN: tjit-run %s --function=dropout --arg=3 --arg=5 --arg=0.5 --compare | FileCheck %s --check-prefix=SAME
// RUN: tjit-run %s --function=both_orders --compare | FileCheck %s --check-prefix=BOTH
// BOTH: 2 results equal
// SAME: 1 result equals the interpreter's

// Rows of a table: an input whose offset is another one, checked before the kernel runs.
// CHECK-LABEL: func.func @embedding
// CHECK: tjit.check_indices %arg0, %[[I:.*]] {dim = 0 : i64}
// CHECK: tjit.kernel domain [3, 8] ins(%arg1, %arg0, %arg2 :
// CHECK-SAME: maps [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1)[s0] -> (d1 + s0 * 8)>, affine_map<(d0, d1) -> (d1)>
// CHECK-SAME: offsets [-1, 0, -1]
// CHECK: tjit.add
func.func @embedding(%table: tensor<50x8xf32>, %i: tensor<3xi64>, %b: tensor<8xf32>) -> tensor<3x8xf32> {
  %0 = tjit.reshape %i {sizes = array<i64: 3, 1>} : (tensor<3xi64>) -> tensor<3x1xi64>
  %1 = tjit.expand %0 {sizes = array<i64: 3, 8>} : (tensor<3x1xi64>) -> tensor<3x8xi64>
  %2 = tjit.gather %table, %1 {dim = 0 : i64} : (tensor<50x8xf32>, tensor<3x8xi64>) -> tensor<3x8xf32>
  %3 = tjit.add %2, %b : (tensor<3x8xf32>, tensor<8xf32>) -> tensor<3x8xf32>
  return %3 : tensor<3x8xf32>
}

// Random numbers are made where they are used, from the number of the point.
// CHECK-LABEL: func.func @dropout
// CHECK: tjit.kernel domain [24]
// CHECK: tjit.index affine_map<(d0) -> (d0)>
// CHECK: tjit.draw %{{.*}}, %{{.*}}[%{{.*}}] {distribution = 0 : i64} : f32
// CHECK-NOT: tjit.random
func.func @dropout(%seed: tensor<i64>, %counter: tensor<i64>, %x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %p = tjit.fill {dtype = f32, sizes = array<i64>, value = 5.000000e-01 : f64} : () -> tensor<f32>
  %zero = tjit.fill {dtype = f32, sizes = array<i64>, value = 0.000000e+00 : f64} : () -> tensor<f32>
  %0 = tjit.random %seed, %counter {distribution = 0 : i64, dtype = f32, sizes = array<i64: 4, 6>} : (tensor<i64>, tensor<i64>) -> tensor<4x6xf32>
  %1 = tjit.lt %0, %p : (tensor<4x6xf32>, tensor<f32>) -> tensor<4x6xi1>
  %2 = tjit.where %1, %x, %zero : (tensor<4x6xi1>, tensor<4x6xf32>, tensor<f32>) -> tensor<4x6xf32>
  return %2 : tensor<4x6xf32>
}

// A strided argument is returned as a copy; a view of it that is row-major in its memory is that memory.
// CHECK-LABEL: func.func @both_orders
// CHECK: %[[COPY:.*]] = tjit.kernel
// CHECK: %[[VIEW:.*]] = tjit.permute %arg0
// CHECK: return %[[COPY]], %[[VIEW]]
func.func @both_orders(%x: tensor<5x3xf32> {tjit.strides = array<i64: 1, 5>}) -> (tensor<5x3xf32>, tensor<3x5xf32>) {
  %0 = tjit.permute %x {dims = array<i64: 1, 0>} : (tensor<5x3xf32>) -> tensor<3x5xf32>
  return %x, %0 : tensor<5x3xf32>, tensor<3x5xf32>
}
