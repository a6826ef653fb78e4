// RUN: tjit-opt %s --tjit-decompose | FileCheck %s
// RUN: tjit-run %s --function=argmax --compare | FileCheck %s --check-prefix=SAME
// RUN: tjit-run %s --function=concat --compare | FileCheck %s --check-prefix=SAME
// SAME: 1 result equals the interpreter's

// The least index of the extremum; a NaN is one wherever there is one.
// CHECK-LABEL: func.func @argmax
// CHECK: %[[M:.*]] = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true}
// CHECK: %[[E:.*]] = tjit.eq %arg0, %[[M]]
// CHECK: %[[N:.*]] = tjit.isnan %arg0
// CHECK: %[[F:.*]] = tjit.add %[[E]], %[[N]]
// CHECK: %[[I:.*]] = tjit.iota {size = 40 : i64}
// CHECK: %[[R:.*]] = tjit.reshape %[[I]] {sizes = array<i64: 1, 40>}
// CHECK: %[[B:.*]] = tjit.fill {{.*}}value = 4.0{{.*}}e+01
// CHECK: %[[W:.*]] = tjit.where %[[F]], %[[R]], %[[B]]
// CHECK: tjit.amin %[[W]] {dims = array<i64: 1>, keepdim = false}
func.func @argmax(%x: tensor<30x40xf32>) -> tensor<30xi64> {
  %0 = tjit.argmax %x {dim = 1 : i64, keepdim = false} : (tensor<30x40xf32>) -> tensor<30xi64>
  return %0 : tensor<30xi64>
}

// Integers have no NaN.
// CHECK-LABEL: func.func @argmin
// CHECK: tjit.amin
// CHECK-NOT: tjit.isnan
// CHECK: tjit.amin
func.func @argmin(%x: tensor<30x40xi32>) -> tensor<1x40xi64> {
  %0 = tjit.argmin %x {dim = 0 : i64, keepdim = true} : (tensor<30x40xi32>) -> tensor<1x40xi64>
  return %0 : tensor<1x40xi64>
}

// Writes that cover new memory; what has no elements is not written.
// CHECK-LABEL: func.func @concat
// CHECK: %[[E:.*]] = tjit.empty : tensor<3x6xf32>
// CHECK: %[[A:.*]] = tjit.write_view %[[E]], %arg0, {{.*}} {sizes = array<i64: 3, 4>, strides = array<i64: 6, 1>}
// CHECK: tjit.fill {{.*}}value = 4.0
// CHECK: %[[B:.*]] = tjit.write_view %[[A]], %arg2, {{.*}} {sizes = array<i64: 3, 2>, strides = array<i64: 6, 1>}
// CHECK: return %[[B]]
func.func @concat(%x: tensor<3x4xf32>, %y: tensor<3x0xf32>, %z: tensor<3x2xf32>) -> tensor<3x6xf32> {
  %0 = tjit.concat %x, %y, %z {dim = 1 : i64} : (tensor<3x4xf32>, tensor<3x0xf32>, tensor<3x2xf32>) -> tensor<3x6xf32>
  return %0 : tensor<3x6xf32>
}
