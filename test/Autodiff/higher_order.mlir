// RUN: tjit-opt %s --tjit-autodiff --canonicalize --cse | FileCheck %s

// A gradient of a gradient. Gradients are expanded in program order, so the outer one differentiates the operations that
// the inner one became.

// sin'' = -sin.
// CHECK-LABEL: func.func @second
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>)
func.func @second(%x: tensor<f64>) -> tensor<f64> {
  // CHECK-NEXT: %[[S:.*]] = tjit.sin %[[X]]
  // CHECK-NEXT: %[[N:.*]] = tjit.neg %[[S]]
  // CHECK-NEXT: return %[[N]]
  %0 = tjit.sin %x : (tensor<f64>) -> tensor<f64>
  %1 = tjit.grad %0 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %2 : tensor<f64>
}

// sin''' = -cos.
// CHECK-LABEL: func.func @third
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>)
func.func @third(%x: tensor<f64>) -> tensor<f64> {
  // CHECK-DAG: %[[MINUS:.*]] = tjit.fill {{.*}}value = -1.0
  // CHECK-DAG: %[[C:.*]] = tjit.cos %[[X]]
  // CHECK: %[[N:.*]] = tjit.mul %[[C]], %[[MINUS]]
  // CHECK-NEXT: return %[[N]]
  %0 = tjit.sin %x : (tensor<f64>) -> tensor<f64>
  %1 = tjit.grad %0 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %3 = tjit.grad %2 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %3 : tensor<f64>
}

// The mixed derivative of x * y is 1.
// CHECK-LABEL: func.func @mixed
func.func @mixed(%x: tensor<f64>, %y: tensor<f64>) -> tensor<f64> {
  // CHECK-NEXT: %[[ONE:.*]] = tjit.fill {{.*}}value = 1.0
  // CHECK-NEXT: return %[[ONE]]
  %0 = tjit.mul %x, %y : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %1 = tjit.grad %0 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %2 = tjit.grad %1 wrt(%y) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %2 : tensor<f64>
}
