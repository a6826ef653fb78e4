// RUN: tjit-opt %s --tjit-simplify | FileCheck %s

// CHECK-LABEL: func.func @equal_operations_are_computed_once
// CHECK: %[[E:.*]] = tjit.exp %arg0
// CHECK-NOT: tjit.exp
// CHECK: tjit.add %[[E]], %[[E]]
func.func @equal_operations_are_computed_once(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tjit.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = tjit.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = tjit.exp %1 : (tensor<4xf32>) -> tensor<4xf32>
  %3 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %4 = tjit.add %2, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// CHECK-LABEL: func.func @unused_operations_go
// CHECK-NEXT: return %arg0
func.func @unused_operations_go(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<4xf32>) -> tensor<f32>
  return %x : tensor<4xf32>
}

// Attributes are part of what an operation computes.
// CHECK-LABEL: func.func @different_attributes_stay
// CHECK-COUNT-2: tjit.sum
func.func @different_attributes_stay(%x: tensor<4x4xf32>) -> tensor<4xf32> {
  %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<4x4xf32>) -> tensor<4xf32>
  %1 = tjit.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<4x4xf32>) -> tensor<4xf32>
  %2 = tjit.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
