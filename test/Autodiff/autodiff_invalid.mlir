// RUN: tjit-opt %s --tjit-autodiff --split-input-file --verify-diagnostics

// A fused kernel is what code generation makes later; differentiation comes first, and says so at the kernel.

func.func @through_a_kernel(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @below {{'tjit.kernel' op has no derivative, and a gradient is wanted through it; cut it off with tjit.detach}}
  %0 = tjit.kernel domain [3] ins(%x : tensor<3xf32>)
    maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] combiners ["none"] -> tensor<3xf32> {
  ^bb0(%a: f32):
    %2 = tjit.exp %a : (f32) -> f32
    tjit.yield %2 : f32
  }
  %1 = tjit.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<3xf32>) -> tensor<f32>
  // expected-note @below {{the gradient is taken here}}
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}

// -----

// Behind a detach the same kernel is a constant.

func.func @a_detached_kernel(%x: tensor<3xf32>) -> tensor<3xf32> {
  %d = tjit.detach %x : tensor<3xf32>
  %0 = tjit.kernel domain [3] ins(%d : tensor<3xf32>)
    maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] combiners ["none"] -> tensor<3xf32> {
  ^bb0(%a: f32):
    %2 = tjit.exp %a : (f32) -> f32
    tjit.yield %2 : f32
  }
  %m = tjit.mul %0, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = tjit.sum %m {dims = array<i64: 0>, keepdim = false} : (tensor<3xf32>) -> tensor<f32>
  %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}
