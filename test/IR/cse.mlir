// RUN: tjit-opt %s --cse | FileCheck %s

// Operations are pure, so equal ones are one; random numbers too, as the counter is an operand.

// CHECK-LABEL: func.func @equal_operations
// CHECK-COUNT-1: tjit.exp
// CHECK-NOT: tjit.exp
func.func @equal_operations(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %2 = tjit.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @draws_with_other_counters
// CHECK-COUNT-2: tjit.random
func.func @draws_with_other_counters(%seed: tensor<i64>, %a: tensor<i64>, %b: tensor<i64>) -> tensor<4xf32> {
  %0 = tjit.random %seed, %a {sizes = array<i64: 4>, dtype = f32, distribution = 0 : i64} : (tensor<i64>, tensor<i64>) -> tensor<4xf32>
  %1 = tjit.random %seed, %b {sizes = array<i64: 4>, dtype = f32, distribution = 0 : i64} : (tensor<i64>, tensor<i64>) -> tensor<4xf32>
  %2 = tjit.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @dead_code
// CHECK-NEXT: return
func.func @dead_code(%x: tensor<4x4xf32>) {
  %0 = tjit.matmul %x, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}
