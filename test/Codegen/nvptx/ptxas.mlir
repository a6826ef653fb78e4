// What comes out is PTX that NVIDIA's assembler takes, for several architectures, from the recorded program on.
// REQUIRES: ptxas
// RUN: tjit-opt %s --tjit-default-pipeline --tjit-to-nvptx=chip=sm_80 --emit=ptx -o %t.80.ptx
// RUN: ptxas -arch=sm_80 %t.80.ptx -o %t.80.cubin
// RUN: tjit-opt %s --tjit-default-pipeline --tjit-to-nvptx=chip=sm_90 --emit=ptx -o %t.90.ptx
// RUN: ptxas -arch=sm_90 %t.90.ptx -o %t.90.cubin
// RUN: tjit-opt %S/elementwise.mlir --tjit-to-nvptx=chip=sm_80 --emit=ptx -o %t.e.ptx
// RUN: ptxas -arch=sm_80 %t.e.ptx -o %t.e.cubin
// RUN: tjit-opt %S/reduction.mlir --tjit-to-nvptx=chip=sm_80 --emit=ptx -o %t.r.ptx
// RUN: ptxas -arch=sm_80 %t.r.ptx -o %t.r.cubin

func.func @softmax(%x: tensor<64x1000xf32>) -> tensor<64x1000xf32> {
  %m = tjit.amax %x {dims = array<i64: 1>, keepdim = true} : (tensor<64x1000xf32>) -> tensor<64x1xf32>
  %d = tjit.sub %x, %m : (tensor<64x1000xf32>, tensor<64x1xf32>) -> tensor<64x1000xf32>
  %e = tjit.exp %d : (tensor<64x1000xf32>) -> tensor<64x1000xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<64x1000xf32>) -> tensor<64x1xf32>
  %r = tjit.div %e, %s : (tensor<64x1000xf32>, tensor<64x1xf32>) -> tensor<64x1000xf32>
  return %r : tensor<64x1000xf32>
}

func.func @everything(%x: tensor<8x8xf32>, %y: tensor<8x8xf16>, %k: tensor<8x8xi32>, %b: tensor<8x8xi1>)
    -> (tensor<8x8xf32>, tensor<8x8xf16>, tensor<8x8xi32>, tensor<i64>) {
  %0 = tjit.sin %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = tjit.log %0 : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = tjit.tanh %1 : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %3 = tjit.pow %2, %x : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %4 = tjit.exp %y : (tensor<8x8xf16>) -> tensor<8x8xf16>
  %5 = tjit.shift_right %k, %k : (tensor<8x8xi32>, tensor<8x8xi32>) -> tensor<8x8xi32>
  %6 = tjit.cast %b {dtype = i64} : (tensor<8x8xi1>) -> tensor<8x8xi64>
  %7 = tjit.sum %6 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<8x8xi64>) -> tensor<i64>
  return %3, %4, %5, %7 : tensor<8x8xf32>, tensor<8x8xf16>, tensor<8x8xi32>, tensor<i64>
}
