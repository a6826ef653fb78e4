// RUN: tjit-opt %s --tjit-fuse --remarks-filter=fusion -o /dev/null 2>&1 | FileCheck %s

// CHECK: remark: {{.*}}fused{{.*}}kernel of mul sin add
func.func @chain(%a: tensor<8xf32>, %b: tensor<8xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = tjit.mul %a, %b : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = tjit.sin %c : (tensor<8xf32>) -> tensor<8xf32>
  %2 = tjit.add %0, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// CHECK: remark: {{.*}}fused{{.*}}kernel of amax sub exp sum div; 3 passes over each of 64 rows of 128
func.func @softmax(%x: tensor<64x128xf32>) -> tensor<64x128xf32> {
  %m = tjit.amax %x {dims = array<i64: 1>, keepdim = true} : (tensor<64x128xf32>) -> tensor<64x1xf32>
  %0 = tjit.sub %x, %m : (tensor<64x128xf32>, tensor<64x1xf32>) -> tensor<64x128xf32>
  %1 = tjit.exp %0 : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = true} : (tensor<64x128xf32>) -> tensor<64x1xf32>
  %3 = tjit.div %1, %2 : (tensor<64x128xf32>, tensor<64x1xf32>) -> tensor<64x128xf32>
  return %3 : tensor<64x128xf32>
}

// CHECK: remark: {{.*}}fused{{.*}}kernel of add relu
// CHECK: remark: {{.*}}epilogue{{.*}}what follows the product may run on its tiles
func.func @linear(%x: tensor<64x784xf32>, %w: tensor<784x256xf32>, %b: tensor<256xf32>) -> tensor<64x256xf32> {
  %0 = tjit.matmul %x, %w : (tensor<64x784xf32>, tensor<784x256xf32>) -> tensor<64x256xf32>
  %1 = tjit.add %0, %b : (tensor<64x256xf32>, tensor<256xf32>) -> tensor<64x256xf32>
  %2 = tjit.relu %1 : (tensor<64x256xf32>) -> tensor<64x256xf32>
  return %2 : tensor<64x256xf32>
}

// CHECK: remark: {{.*}}recomputed{{.*}}computed where it is used: gt is cheaper than storing and loading it
func.func @mask(%x: tensor<64x128xf32>, %s: tensor<f32>) -> (tensor<64xi64>, tensor<128xi64>) {
  %0 = tjit.gt %x, %s : (tensor<64x128xf32>, tensor<f32>) -> tensor<64x128xi1>
  %1 = tjit.sum %0 {dims = array<i64: 1>, keepdim = false} : (tensor<64x128xi1>) -> tensor<64xi64>
  %2 = tjit.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<64x128xi1>) -> tensor<128xi64>
  return %1, %2 : tensor<64xi64>, tensor<128xi64>
}
