// RUN: tjit-opt %s | FileCheck %s
// RUN: tjit-opt %s | tjit-opt | FileCheck %s
// RUN: tjit-opt %s --mlir-print-op-generic | tjit-opt | FileCheck %s

// The syntax of tjit.kernel, from the shortest form to one with everything.

// An elementwise kernel: no reduction, no offset, nothing combined, so none of these is printed.
// CHECK-LABEL: func.func @elementwise
// CHECK: tjit.kernel domain [6] ins(%{{.*}}, %{{.*}} : tensor<6xf32>, tensor<f32>) maps [#{{.*}}, #{{.*}}, #{{.*}}] -> tensor<6xf32> {
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT:   %[[C:.*]] = tjit.add %[[A]], %[[B]] : (f32, f32) -> f32
// CHECK-NEXT:   tjit.yield %[[C]] : f32
func.func @elementwise(%x: tensor<6xf32>, %y: tensor<f32>) -> tensor<6xf32> {
  %0 = tjit.kernel domain [6] ins(%x, %y : tensor<6xf32>, tensor<f32>)
    maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (0)>, affine_map<(d0) -> (d0)>] -> tensor<6xf32> {
  ^bb0(%a: f32, %b: f32):
    %1 = tjit.add %a, %b : (f32, f32) -> f32
    tjit.yield %1 : f32
  }
  return %0 : tensor<6xf32>
}

// The row sums of exp(x * y), and the products themselves: one result is combined, the other written at each point.
// CHECK-LABEL: func.func @row_sums
// CHECK: tjit.kernel domain [4, 10] reduce 1 ins({{.*}}) maps [{{.*}}] combiners ["add", "none"] -> (tensor<4xf32>, tensor<4x10xf32>) {
func.func @row_sums(%x: tensor<4x10xf32>, %y: tensor<10xf32>) -> (tensor<4xf32>, tensor<4x10xf32>) {
  %0:2 = tjit.kernel domain [4, 10] reduce 1 ins(%x, %y : tensor<4x10xf32>, tensor<10xf32>)
    maps [affine_map<(d0, d1) -> (d0 * 10 + d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>,
          affine_map<(d0, d1) -> (d0 * 10 + d1)>]
    combiners ["add", "none"] -> (tensor<4xf32>, tensor<4x10xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = tjit.mul %a, %b : (f32, f32) -> f32
    %2 = tjit.exp %1 : (f32) -> f32
    tjit.yield %2, %1 : f32, f32
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<4x10xf32>
}

// A write of a row into a tensor at a dynamic offset, in one lane, with an index.
// CHECK-LABEL: func.func @write
// CHECK: tjit.kernel domain [4] lanes 1 ins(%{{.*}} : tensor<i64>) dests(%{{.*}} : tensor<3x4xi64>) maps [{{.*}}] offsets [-1, 0] {tag = "row"} -> tensor<3x4xi64> {
// CHECK: %[[I:.*]] = tjit.index #{{.*}}
// CHECK-NEXT: tjit.yield %[[I]] : i64
func.func @write(%base: tensor<3x4xi64>, %offset: tensor<i64>) -> tensor<3x4xi64> {
  %0 = tjit.kernel domain [4] lanes 1 ins(%offset : tensor<i64>) dests(%base : tensor<3x4xi64>)
    maps [affine_map<(d0) -> (0)>, affine_map<(d0)[s0] -> (d0 + s0)>, affine_map<(d0)[s0] -> (d0 + s0)>]
    offsets [-1, 0] {tag = "row"} -> tensor<3x4xi64> {
  ^bb0(%o: i64):
    %1 = tjit.index affine_map<(d0) -> (d0)>
    tjit.yield %1 : i64
  }
  return %0 : tensor<3x4xi64>
}
