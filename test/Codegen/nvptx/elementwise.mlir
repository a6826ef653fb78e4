// Kernels that only write elements become gpu functions with one thread per point, and PTX.
// RUN: tjit-opt %s --tjit-to-nvptx=chip=sm_80 | FileCheck %s
// RUN: tjit-opt %s --tjit-to-nvptx=chip=sm_80 --emit=ptx | FileCheck %s --check-prefix=PTX

// The program stays; the kernel's function takes plain pointers to global memory and a count, so its code does not
// depend on the size.
// CHECK-LABEL: func.func @chain
// CHECK: tjit.kernel
// CHECK: gpu.module @kernels [#nvvm.target<{{.*}}chip = "sm_80"{{.*}}>]
// CHECK: gpu.func @chain_kernel0(%[[A:.*]]: !llvm.ptr<1>, %[[B:.*]]: !llvm.ptr<1>, %[[OUT:.*]]: !llvm.ptr<1>, %[[COUNT:.*]]: i64) kernel
// CHECK-SAME: known_block_size = array<i32: 128, 1, 1>
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[COUNT]] step %{{.*}} : i64
// CHECK: llvm.getelementptr %[[A]][%[[I]]]
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: llvm.getelementptr %[[OUT]][%[[I]]]

// No fused multiply-add for a multiplication and an addition: both round, and ptxas may not contract them.
// PTX-LABEL: .visible .entry chain_kernel0(
// PTX: .maxntid 128
// PTX: ld.global.{{[a-z0-9]*}} [[X:%[rf][0-9]+]]
// PTX: mul.rn.f32 [[P:%[rf][0-9]+]],
// PTX: add.rn.f32 {{%[rf][0-9]+}}, [[P]],
// PTX: st.global
func.func @chain(%x: tensor<100xf32>, %y: tensor<f32>) -> tensor<100xf32> {
  %0 = tjit.kernel domain [100] ins(%x, %y : tensor<100xf32>, tensor<f32>)
    maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (0)>, affine_map<(d0) -> (d0)>]
    combiners ["none"] -> tensor<100xf32> {
  ^bb0(%a: f32, %b: f32):
    %1 = tjit.mul %a, %b : (f32, f32) -> f32
    %2 = tjit.add %1, %a : (f32, f32) -> f32
    tjit.yield %2 : f32
  }
  return %0 : tensor<100xf32>
}

// A transposed operand is read with its stride; a bfloat16 is widened and rounded on its bits.
// PTX-LABEL: .visible .entry transposed_kernel0(
// PTX: ld.global.{{[bu]}}16
// PTX: shl.b32 {{%r[0-9]+}}, {{%r[0-9]+}}, 16
// PTX: 32767
// PTX: st.global.{{[bu]}}16
func.func @transposed(%x: tensor<40x30xbf16>) -> tensor<30x40xbf16> {
  %0 = tjit.kernel domain [30, 40] ins(%x : tensor<40x30xbf16>)
    maps [affine_map<(d0, d1) -> (d1 * 30 + d0)>, affine_map<(d0, d1) -> (d0 * 40 + d1)>]
    combiners ["none"] -> tensor<30x40xbf16> {
  ^bb0(%a: bf16):
    %1 = tjit.add %a, %a : (bf16, bf16) -> bf16
    tjit.yield %1 : bf16
  }
  return %0 : tensor<30x40xbf16>
}

// An elementary function is the same template as on x86, its rare part a function of its own.
// PTX-LABEL: .visible .entry sine_kernel0(
// PTX: fma.rn.f32
// PTX: call.uni {{.*}}tjit_{{[a-z_]*}}sin{{[a-z_]*}}_f32x1
// PTX-NOT: sin.approx
// PTX-NOT: __nv_
func.func @sine(%x: tensor<100xf32>) -> tensor<100xf32> {
  %0 = tjit.kernel domain [100] ins(%x : tensor<100xf32>)
    maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] combiners ["none"] -> tensor<100xf32> {
  ^bb0(%a: f32):
    %1 = tjit.sin %a : (f32) -> f32
    tjit.yield %1 : f32
  }
  return %0 : tensor<100xf32>
}
