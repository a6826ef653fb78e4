// Reductions and what comes after them in one kernel: rows are run over again while they are in cache.
// RUN: tjit-opt %s --tjit-fuse --tjit-verify-fused --mlir-print-local-scope | FileCheck %s
// RUN: tjit-run %s --all --compare | FileCheck %s --check-prefix=SAME
// RUN: tjit-run %s --all --compare --cpu=haswell | FileCheck %s --check-prefix=SAME

// Row values (the mean, the factor) are results of their own, written once for each row.
// CHECK-LABEL: func.func @layer_norm
// CHECK: tjit.kernel domain [64, 100] reduce 1 ins(
// CHECK-SAME: affine_map<(d0, d1) -> (d0)>
// CHECK-SAME: -> (tensor<64x1xf32>, tensor<64x100xf32>)
// CHECK: %[[S:.*]] = tjit.fold "add" %{{.*}} : f32
// CHECK: %[[M:.*]] = tjit.div %[[S]]
// CHECK: tjit.fold "add"
// CHECK: %[[R:.*]] = tjit.rsqrt
// CHECK: tjit.yield %[[R]], %{{.*}} : f32, f32
// CHECK-NOT: tjit.kernel
// CHECK: return
// SAME: @layer_norm: 2 results equal the interpreter's
func.func @layer_norm(%x: tensor<64x100xf32>, %g: tensor<100xf32>, %n: tensor<f32>) -> (tensor<64x1xf32>, tensor<64x100xf32>) {
  %0 = tjit.sum %x {dims = array<i64: 1>, keepdim = true} : (tensor<64x100xf32>) -> tensor<64x1xf32>
  %1 = tjit.div %0, %n : (tensor<64x1xf32>, tensor<f32>) -> tensor<64x1xf32>
  %2 = tjit.sub %x, %1 : (tensor<64x100xf32>, tensor<64x1xf32>) -> tensor<64x100xf32>
  %3 = tjit.mul %2, %2 : (tensor<64x100xf32>, tensor<64x100xf32>) -> tensor<64x100xf32>
  %4 = tjit.sum %3 {dims = array<i64: 1>, keepdim = true} : (tensor<64x100xf32>) -> tensor<64x1xf32>
  %5 = tjit.rsqrt %4 : (tensor<64x1xf32>) -> tensor<64x1xf32>
  %6 = tjit.mul %2, %5 : (tensor<64x100xf32>, tensor<64x1xf32>) -> tensor<64x100xf32>
  %7 = tjit.mul %6, %g : (tensor<64x100xf32>, tensor<100xf32>) -> tensor<64x100xf32>
  return %5, %7 : tensor<64x1xf32>, tensor<64x100xf32>
}

// Across memory: a column softmax.
// CHECK-LABEL: func.func @columns
// CHECK: tjit.kernel domain [70, 33] reduce 1 lanes 1
// CHECK: tjit.fold "max"
// CHECK: tjit.fold "add"
// CHECK-NOT: tjit.kernel
// CHECK: return
// SAME: @columns: 1 result equals the interpreter's
func.func @columns(%x: tensor<33x70xf16>) -> tensor<33x70xf16> {
  %m = tjit.amax %x {dims = array<i64: 0>, keepdim = true} : (tensor<33x70xf16>) -> tensor<1x70xf16>
  %0 = tjit.sub %x, %m : (tensor<33x70xf16>, tensor<1x70xf16>) -> tensor<33x70xf16>
  %1 = tjit.exp %0 : (tensor<33x70xf16>) -> tensor<33x70xf16>
  %2 = tjit.sum %1 {dims = array<i64: 0>, keepdim = true} : (tensor<33x70xf16>) -> tensor<1x70xf16>
  %3 = tjit.div %1, %2 : (tensor<33x70xf16>, tensor<1x70xf16>) -> tensor<33x70xf16>
  return %3 : tensor<33x70xf16>
}

// What is computed once for a row of a large sum stands behind it, with whatever it reads of its own; a second pass over the
// whole memory would be no gain.
// CHECK-LABEL: func.func @large_sum
// CHECK: tjit.kernel domain [1000000] reduce 1 ins(%arg0, %arg1
// CHECK: %[[F:.*]] = tjit.fold "add"
// CHECK: %[[D:.*]] = tjit.div %[[F]]
// CHECK: tjit.yield %[[D]] : f32
// CHECK: tjit.kernel domain [1000000] ins(%arg0,
// SAME: @large_sum: 2 results equal the interpreter's
func.func @large_sum(%x: tensor<1000000xf32>, %n: tensor<f32>) -> (tensor<f32>, tensor<1000000xf32>) {
  %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<1000000xf32>) -> tensor<f32>
  %1 = tjit.div %0, %n : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %2 = tjit.sub %x, %1 : (tensor<1000000xf32>, tensor<f32>) -> tensor<1000000xf32>
  return %1, %2 : tensor<f32>, tensor<1000000xf32>
}

// A gradient step behind the column sums that it needs: one launch.
// CHECK-LABEL: func.func @bias_step
// CHECK: tjit.kernel domain [130, 640] reduce 1 lanes 1
// CHECK-SAME: -> tensor<130xf32>
// CHECK-NOT: tjit.kernel
// CHECK: return
// SAME: @bias_step: 1 result equals the interpreter's
func.func @bias_step(%x: tensor<640x130xf32>, %b: tensor<130xf32>, %lr: tensor<f32>) -> tensor<130xf32> {
  %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<640x130xf32>) -> tensor<130xf32>
  %1 = tjit.mul %0, %lr : (tensor<130xf32>, tensor<f32>) -> tensor<130xf32>
  %2 = tjit.sub %b, %1 : (tensor<130xf32>, tensor<130xf32>) -> tensor<130xf32>
  return %2 : tensor<130xf32>
}

// Cross-entropy and its gradient with respect to the logits: the rows, and then their mean.
// CHECK-LABEL: func.func @cross_entropy
// CHECK: tjit.kernel domain [64, 10] reduce 1
// CHECK-SAME: -> (tensor<64x1xf32>, tensor<64x10xf32>)
// CHECK: tjit.kernel domain [64] reduce 1
// CHECK-NOT: tjit.kernel
// CHECK: return
// SAME: @cross_entropy: 2 results equal the interpreter's
func.func @cross_entropy(%z: tensor<64x10xf32>, %t: tensor<64x1xi64>, %n: tensor<f32>) -> (tensor<f32>, tensor<64x10xf32>) {
  %zero = tjit.fill {sizes = array<i64>, dtype = f32, value = 0.0 : f64} : () -> tensor<f32>
  %m = tjit.amax %z {dims = array<i64: 1>, keepdim = true} : (tensor<64x10xf32>) -> tensor<64x1xf32>
  %d = tjit.sub %z, %m : (tensor<64x10xf32>, tensor<64x1xf32>) -> tensor<64x10xf32>
  %e = tjit.exp %d : (tensor<64x10xf32>) -> tensor<64x10xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<64x10xf32>) -> tensor<64x1xf32>
  %l = tjit.log %s : (tensor<64x1xf32>) -> tensor<64x1xf32>
  %p = tjit.sub %d, %l : (tensor<64x10xf32>, tensor<64x1xf32>) -> tensor<64x10xf32>
  %i = tjit.iota {size = 10 : i64} : () -> tensor<10xi64>
  %h = tjit.eq %i, %t : (tensor<10xi64>, tensor<64x1xi64>) -> tensor<64x10xi1>
  %w = tjit.where %h, %p, %zero : (tensor<64x10xi1>, tensor<64x10xf32>, tensor<f32>) -> tensor<64x10xf32>
  %c = tjit.sum %w {dims = array<i64: 1>, keepdim = true} : (tensor<64x10xf32>) -> tensor<64x1xf32>
  %a = tjit.sum %c {dims = array<i64: 0, 1>, keepdim = false} : (tensor<64x1xf32>) -> tensor<f32>
  %g = tjit.where %h, %n, %zero : (tensor<64x10xi1>, tensor<f32>, tensor<f32>) -> tensor<64x10xf32>
  %gs = tjit.sum %g {dims = array<i64: 1>, keepdim = true} : (tensor<64x10xf32>) -> tensor<64x1xf32>
  %q = tjit.div %gs, %s : (tensor<64x1xf32>, tensor<64x1xf32>) -> tensor<64x1xf32>
  %r = tjit.mul %e, %q : (tensor<64x10xf32>, tensor<64x1xf32>) -> tensor<64x10xf32>
  %o = tjit.sub %r, %g : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xf32>
  return %a, %o : tensor<f32>, tensor<64x10xf32>
}

// What is kept between passes may stand still in the lanes: the value of a row across memory.
// SAME: @kept_invariant: 2 results equal the interpreter's
func.func @kept_invariant(%t: tensor<3x1xf16>) -> (tensor<3x5xf32>, tensor<3x5xf32>) {
  %z = tjit.fill {sizes = array<i64: 5>, dtype = f32, value = 0.0 : f64} : () -> tensor<5xf32>
  %c = tjit.cast %t {dtype = f32} : (tensor<3x1xf16>) -> tensor<3x1xf32>
  %x = tjit.minimum %z, %c : (tensor<5xf32>, tensor<3x1xf32>) -> tensor<3x5xf32>
  %m = tjit.amax %x {dims = array<i64: 0>, keepdim = true} : (tensor<3x5xf32>) -> tensor<1x5xf32>
  %0 = tjit.sub %x, %m : (tensor<3x5xf32>, tensor<1x5xf32>) -> tensor<3x5xf32>
  %1 = tjit.exp %0 : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %2 = tjit.sum %1 {dims = array<i64: 0>, keepdim = true} : (tensor<3x5xf32>) -> tensor<1x5xf32>
  %l = tjit.log %2 : (tensor<1x5xf32>) -> tensor<1x5xf32>
  %3 = tjit.sub %0, %l : (tensor<3x5xf32>, tensor<1x5xf32>) -> tensor<3x5xf32>
  return %x, %3 : tensor<3x5xf32>, tensor<3x5xf32>
}

// The elements of [3, 2] do not lie on the dimensions of [2, 3]: the sum reads memory, although the domain is the same.
// CHECK-LABEL: func.func @unsplittable
// CHECK: %[[Y:.*]] = tjit.kernel domain [6] ins(%arg0
// CHECK: tjit.kernel domain [2, 3] reduce 1 ins(%[[Y]]
// SAME: @unsplittable: 1 result equals the interpreter's
func.func @unsplittable(%x: tensor<3x2xf32>) -> tensor<2xf32> {
  %0 = tjit.neg %x : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %1 = tjit.reshape %0 {sizes = array<i64: 2, 3>} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

// A broadcast that is returned is copied, and then a slice of it, which an interpreted operation reads, starts somewhere in
// that copy: it is copied as well, although it was met before.
// CHECK-LABEL: func.func @copy_of_a_copy
// CHECK: %[[E:.*]] = tjit.kernel domain [5] ins(%arg0
// CHECK: %[[S:.*]] = tjit.kernel domain [4] ins(%[[E]], %arg1
// CHECK: tjit.argmax %[[S]]
// SAME: @copy_of_a_copy: 2 results equal the interpreter's
func.func @copy_of_a_copy(%s: tensor<f32>, %i: tensor<i64>) -> (tensor<5xf32>, tensor<1xi64>) {
  %0 = tjit.expand %s {sizes = array<i64: 5>} : (tensor<f32>) -> tensor<5xf32>
  %1 = tjit.slice %0, %i {dim = 0 : i64, size = 4 : i64, step = 1 : i64} : (tensor<5xf32>, tensor<i64>) -> tensor<4xf32>
  %2 = tjit.argmax %1 {dim = 0 : i64, keepdim = true} : (tensor<4xf32>) -> tensor<1xi64>
  return %0, %2 : tensor<5xf32>, tensor<1xi64>
}
