// RUN: tjit-opt %s --tjit-verify-fused --verify-diagnostics --split-input-file

func.func @outside(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'tjit.exp' op stands outside a kernel}}
  %0 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @offset(%x: tensor<8xf32>, %i: tensor<i64>) -> tensor<4xf32> {
  // expected-error @below {{is not a strided read of memory}}
  %0 = tjit.slice %x, %i {dim = 0 : i64, size = 4 : i64, step = 1 : i64} : (tensor<8xf32>, tensor<i64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @view(%x: tensor<2x4xf32>) -> tensor<8xf32> {
  %0 = tjit.reshape %x {sizes = array<i64: 8>} : (tensor<2x4xf32>) -> tensor<8xf32>
  // expected-error @below {{reads the result of a view}}
  %1 = tjit.kernel domain [8] ins(%0 : tensor<8xf32>) maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] -> tensor<8xf32> {
  ^bb0(%a: f32):
    %2 = tjit.exp %a : (f32) -> f32
    tjit.yield %2 : f32
  }
  return %1 : tensor<8xf32>
}

// -----

func.func @needs_another_member(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = tjit.kernel domain [8] ins(%x : tensor<8xf32>) maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] {tjit.launch = 0 : i64} -> tensor<8xf32> {
  ^bb0(%a: f32):
    %2 = tjit.exp %a : (f32) -> f32
    tjit.yield %2 : f32
  }
  // expected-error @below {{reads what another member of its launch makes}}
  %1 = tjit.kernel domain [8] ins(%0 : tensor<8xf32>) maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] {tjit.launch = 0 : i64} -> tensor<8xf32> {
  ^bb0(%a: f32):
    %2 = tjit.exp %a : (f32) -> f32
    tjit.yield %2 : f32
  }
  return %1 : tensor<8xf32>
}

// -----

func.func @in_two_places(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %0 = tjit.kernel domain [8] ins(%x : tensor<8xf32>) maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] {tjit.launch = 0 : i64} -> tensor<8xf32> {
  ^bb0(%a: f32):
    %3 = tjit.exp %a : (f32) -> f32
    tjit.yield %3 : f32
  }
  %1 = tjit.kernel domain [8] ins(%x : tensor<8xf32>) maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] -> tensor<8xf32> {
  ^bb0(%a: f32):
    %3 = tjit.sin %a : (f32) -> f32
    tjit.yield %3 : f32
  }
  // expected-error @below {{is of launch 0, which ended before}}
  %2 = tjit.kernel domain [8] ins(%x : tensor<8xf32>) maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] {tjit.launch = 0 : i64} -> tensor<8xf32> {
  ^bb0(%a: f32):
    %3 = tjit.cos %a : (f32) -> f32
    tjit.yield %3 : f32
  }
  return %0, %1, %2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// -----

func.func @transposed_result(%x: tensor<2x4xf32>) -> tensor<4x2xf32> {
  %0 = tjit.permute %x {dims = array<i64: 1, 0>} : (tensor<2x4xf32>) -> tensor<4x2xf32>
  // expected-error@+1 {{hands out what is not row-major: result 0}}
  return %0 : tensor<4x2xf32>
}
