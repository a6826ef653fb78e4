// Reductions keep the order of docs/numerics.md: 64 lanes are a warp whose threads hold two sums each.
// RUN: tjit-opt %s --tjit-to-nvptx=chip=sm_80 | FileCheck %s
// RUN: tjit-opt %s --tjit-to-nvptx=chip=sm_80 --emit=ptx | FileCheck %s --check-prefix=PTX

// 1000 elements are 15 rows of 64 and one of 40: a chain of 15, then the threads that the short row reaches (all for the
// lower half, 8 for the upper), then the halves, then the warp.
// CHECK: gpu.func @row_sums_kernel0
// CHECK-DAG: %[[WHOLE:.*]] = arith.constant 15 : i64
// CHECK-DAG: %[[REST:.*]] = arith.constant 8 : i64
// CHECK: scf.for
// CHECK: %[[SUMS:.*]]:2 = scf.for %{{.*}} = %{{.*}} to %[[WHOLE]]
// CHECK: arith.cmpi slt, %{{.*}}, %[[REST]]
// CHECK: scf.if
// CHECK: nvvm.shfl.sync down
// CHECK: nvvm.shfl.sync down
// CHECK: nvvm.shfl.sync down
// CHECK: nvvm.shfl.sync down
// CHECK: nvvm.shfl.sync down
// CHECK-NOT: nvvm.shfl.sync

// PTX-LABEL: .visible .entry row_sums_kernel0(
// PTX: add.rn.f32
// PTX: shfl.sync.down.b32 {{.*}}, 16, 31, -1
// PTX: shfl.sync.down.b32 {{.*}}, 8, 31, -1
// PTX: shfl.sync.down.b32 {{.*}}, 4, 31, -1
// PTX: shfl.sync.down.b32 {{.*}}, 2, 31, -1
// PTX: shfl.sync.down.b32 {{.*}}, 1, 31, -1
// PTX: st.global
func.func @row_sums(%x: tensor<50x1000xf32>) -> tensor<50xf32> {
  %0 = tjit.kernel domain [50, 1000] reduce 1 ins(%x : tensor<50x1000xf32>)
    maps [affine_map<(d0, d1) -> (d0 * 1000 + d1)>, affine_map<(d0, d1) -> (d0)>]
    combiners ["add"] -> tensor<50xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return %0 : tensor<50xf32>
}

// One lane: a thread per column, with a chain of 64 rows inside of another one.
// CHECK: gpu.func @column_sums_kernel0
// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf
// CHECK: arith.addf
// PTX-LABEL: .visible .entry column_sums_kernel0(
// PTX-NOT: shfl
func.func @column_sums(%x: tensor<1000x50xf32>) -> tensor<50xf32> {
  %0 = tjit.kernel domain [50, 1000] reduce 1 lanes 1 ins(%x : tensor<1000x50xf32>)
    maps [affine_map<(d0, d1) -> (d1 * 50 + d0)>, affine_map<(d0, d1) -> (d0)>]
    combiners ["add"] -> tensor<50xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return %0 : tensor<50xf32>
}

// A maximum knows NaN: sm_80 has an instruction for it. A float64 is shuffled in two halves.
// PTX-LABEL: .visible .entry largest_kernel0(
// PTX: max.NaN.f32
// PTX-LABEL: .visible .entry doubles_kernel0(
// PTX: add.rn.f64
// PTX-COUNT-10: shfl.sync.down.b32
func.func @largest(%x: tensor<50x64xf32>) -> tensor<50xf32> {
  %0 = tjit.kernel domain [50, 64] reduce 1 ins(%x : tensor<50x64xf32>)
    maps [affine_map<(d0, d1) -> (d0 * 64 + d1)>, affine_map<(d0, d1) -> (d0)>]
    combiners ["max"] -> tensor<50xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return %0 : tensor<50xf32>
}
func.func @doubles(%x: tensor<50x64xf64>) -> tensor<50xf64> {
  %0 = tjit.kernel domain [50, 64] reduce 1 ins(%x : tensor<50x64xf64>)
    maps [affine_map<(d0, d1) -> (d0 * 64 + d1)>, affine_map<(d0, d1) -> (d0)>]
    combiners ["add"] -> tensor<50xf64> {
  ^bb0(%a: f64):
    tjit.yield %a : f64
  }
  return %0 : tensor<50xf64>
}
