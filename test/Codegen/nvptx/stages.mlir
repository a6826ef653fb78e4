// A row softmax: a warp runs over its row three times. The folds of the first two passes go to all of its threads.
// RUN: tjit-opt %s --tjit-to-nvptx=chip=sm_80 | FileCheck %s
// RUN: tjit-opt %s --tjit-to-nvptx=chip=sm_80 --emit=ptx | FileCheck %s --check-prefix=PTX

// CHECK: gpu.func @softmax_kernel0
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.maximumf
// CHECK: nvvm.shfl.sync down
// CHECK: nvvm.shfl.sync idx
// CHECK: scf.for
// CHECK: arith.addf
// CHECK: nvvm.shfl.sync down
// CHECK: nvvm.shfl.sync idx
// CHECK: scf.for
// CHECK: arith.divf
// CHECK: llvm.store
// PTX-LABEL: .visible .entry softmax_kernel0(
// PTX: shfl.sync.idx.b32
// PTX: shfl.sync.idx.b32
// PTX: div.rn.f32
// PTX: st.global
func.func @softmax(%x: tensor<50x640xf32>) -> tensor<50x640xf32> {
  %0 = tjit.kernel domain [50, 640] reduce 1 ins(%x : tensor<50x640xf32>)
    maps [affine_map<(d0, d1) -> (d0 * 640 + d1)>, affine_map<(d0, d1) -> (d0 * 640 + d1)>] -> tensor<50x640xf32> {
  ^bb0(%a: f32):
    %1 = tjit.fold "max" %a : f32
    %2 = tjit.sub %a, %1 : (f32, f32) -> f32
    %3 = tjit.exp %2 : (f32) -> f32
    %4 = tjit.fold "add" %3 : f32
    %5 = tjit.div %3, %4 : (f32, f32) -> f32
    tjit.yield %5 : f32
  }
  return %0 : tensor<50x640xf32>
}

// One lane: a thread per column, whose column sum and what depends on it are written once.
// CHECK: gpu.func @column_step_kernel0
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf
// CHECK: arith.mulf
// CHECK: llvm.store
func.func @column_step(%x: tensor<50x640xf32>, %s: tensor<f32>) -> tensor<640xf32> {
  %0 = tjit.kernel domain [640, 50] reduce 1 lanes 1 ins(%x, %s : tensor<50x640xf32>, tensor<f32>)
    maps [affine_map<(d0, d1) -> (d0 + d1 * 640)>, affine_map<(d0, d1) -> (0)>, affine_map<(d0, d1) -> (d0)>] -> tensor<640xf32> {
  ^bb0(%a: f32, %b: f32):
    %1 = tjit.fold "add" %a : f32
    %2 = tjit.mul %1, %b : (f32, f32) -> f32
    tjit.yield %2 : f32
  }
  return %0 : tensor<640xf32>
}
