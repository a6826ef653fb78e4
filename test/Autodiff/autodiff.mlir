// RUN: tjit-opt %s --tjit-autodiff --split-input-file | FileCheck %s

// The gradient of a sum of sines: the cotangent of the sum, 1, goes to every summand; the rule of sin multiplies it by cos.
// The differentiated operations are left alone, dead or not.

// CHECK-LABEL: func.func @sum_of_sines
// CHECK-SAME:    (%[[X:.*]]: tensor<3xf32>)
func.func @sum_of_sines(%x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK: tjit.sin
  // CHECK: tjit.sum
  // CHECK: %[[ONE:.*]] = tjit.fill {{.*}}value = 1.0
  // CHECK: %[[G:.*]] = tjit.expand %[[ONE]] {sizes = array<i64: 3>}
  // CHECK: %[[C:.*]] = tjit.cos %[[X]]
  // CHECK: %[[D:.*]] = tjit.mul %[[G]], %[[C]]
  // CHECK-NOT: tjit.grad
  // CHECK: return %[[D]]
  %0 = tjit.sin %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<3xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}

// -----

// Only what lies between is differentiated: %y needs no gradient, so no product with %x is made for it.

// CHECK-LABEL: func.func @only_what_is_wanted
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>, %[[Y:.*]]: tensor<f64>)
func.func @only_what_is_wanted(%x: tensor<f64>, %y: tensor<f64>) -> tensor<f64> {
  // CHECK: tjit.mul %[[X]], %[[Y]]
  // CHECK: %[[ONE:.*]] = tjit.fill
  // CHECK: %[[D:.*]] = tjit.mul %[[ONE]], %[[Y]]
  // CHECK-NEXT: return %[[D]]
  %0 = tjit.mul %x, %y : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %1 = tjit.grad %0 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %1 : tensor<f64>
}

// -----

// A value that is used twice gets the sum of both contributions.

// CHECK-LABEL: func.func @used_twice
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>)
func.func @used_twice(%x: tensor<f64>) -> tensor<f64> {
  // CHECK: %[[ONE:.*]] = tjit.fill
  // CHECK-DAG: %[[A:.*]] = tjit.mul %[[ONE]], %[[X]]
  // CHECK-DAG: %[[B:.*]] = tjit.mul %[[ONE]], %[[X]]
  // CHECK: %[[S:.*]] = tjit.add
  // CHECK-NEXT: return %[[S]]
  %0 = tjit.mul %x, %x : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %1 = tjit.grad %0 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %1 : tensor<f64>
}

// -----

// Where broadcasting enlarged an operand its gradient is summed back to its shape.

// CHECK-LABEL: func.func @broadcast_is_summed
// CHECK-SAME:    (%[[X:.*]]: tensor<4x3xf32>, %[[B:.*]]: tensor<1x3xf32>)
func.func @broadcast_is_summed(%x: tensor<4x3xf32>, %b: tensor<1x3xf32>) -> tensor<1x3xf32> {
  // CHECK: %[[G:.*]] = tjit.expand
  // CHECK: %[[S:.*]] = tjit.sum %[[G]] {dims = array<i64: 0>
  // CHECK: %[[R:.*]] = tjit.reshape %[[S]] {sizes = array<i64: 1, 3>}
  // CHECK: return %[[R]]
  %0 = tjit.add %x, %b : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %1 = tjit.sum %0 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<4x3xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%b) : (tensor<f32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// -----

// A value on the way may be asked for like an argument; what it depends on, too.

// CHECK-LABEL: func.func @by_a_value_on_the_way
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>)
func.func @by_a_value_on_the_way(%x: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  // CHECK: %[[E:.*]] = tjit.exp %[[X]]
  // CHECK: %[[ONE:.*]] = tjit.fill
  // CHECK: %[[C:.*]] = tjit.cos %[[E]]
  // CHECK: %[[DE:.*]] = tjit.mul %[[ONE]], %[[C]]
  // CHECK: %[[DX:.*]] = tjit.mul %[[DE]], %[[E]]
  // CHECK: return %[[DE]], %[[DX]]
  %0 = tjit.exp %x : (tensor<f64>) -> tensor<f64>
  %1 = tjit.sin %0 : (tensor<f64>) -> tensor<f64>
  %2, %3 = tjit.grad %1 wrt(%0, %x) : (tensor<f64>, tensor<f64>, tensor<f64>) -> (tensor<f64>, tensor<f64>)
  return %2, %3 : tensor<f64>, tensor<f64>
}

// -----

// What the value does not depend on has a gradient of zeros.

// CHECK-LABEL: func.func @independent
func.func @independent(%x: tensor<f64>, %y: tensor<2xf64>) -> tensor<2xf64> {
  // CHECK: %[[Z:.*]] = tjit.fill {{.*}}sizes = array<i64: 2>, value = 0.0
  // CHECK: return %[[Z]]
  %0 = tjit.exp %x : (tensor<f64>) -> tensor<f64>
  %1 = tjit.grad %0 wrt(%y) : (tensor<f64>, tensor<2xf64>) -> tensor<2xf64>
  return %1 : tensor<2xf64>
}

// -----

// No gradient passes a detach: x * detach(x) has the derivative detach(x), not 2 x. The detach itself is gone afterwards.

// CHECK-LABEL: func.func @detach_stops
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>)
func.func @detach_stops(%x: tensor<f64>) -> tensor<f64> {
  // CHECK-NOT: tjit.detach
  // CHECK: tjit.mul %[[X]], %[[X]]
  // CHECK: %[[ONE:.*]] = tjit.fill
  // CHECK: %[[D:.*]] = tjit.mul %[[ONE]], %[[X]]
  // CHECK-NEXT: return %[[D]]
  %0 = tjit.detach %x : tensor<f64>
  %1 = tjit.mul %x, %0 : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %2 : tensor<f64>
}

// -----

// An operation without a derivative is no obstacle where no gradient is wanted through it: here the comparison only makes
// a condition.

// CHECK-LABEL: func.func @through_a_choice
// CHECK-SAME:    (%[[X:.*]]: tensor<f64>, %[[Y:.*]]: tensor<f64>)
func.func @through_a_choice(%x: tensor<f64>, %y: tensor<f64>) -> tensor<f64> {
  // CHECK: %[[C:.*]] = tjit.lt %[[X]], %[[Y]]
  // CHECK: tjit.where %[[C]], %[[X]], %[[Y]]
  // CHECK: %[[ONE:.*]] = tjit.fill {{.*}}value = 1.0
  // CHECK: %[[ZERO:.*]] = tjit.fill {{.*}}value = 0.0
  // CHECK: %[[D:.*]] = tjit.where %[[C]], %[[ONE]], %[[ZERO]]
  // CHECK-NEXT: return %[[D]]
  %0 = tjit.lt %x, %y : (tensor<f64>, tensor<f64>) -> tensor<i1>
  %1 = tjit.where %0, %x, %y : (tensor<i1>, tensor<f64>, tensor<f64>) -> tensor<f64>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %2 : tensor<f64>
}
