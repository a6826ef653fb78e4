// RUN: tjit-opt %s --tjit-fuse --remarks-filter=fusion -o /dev/null 2>&1 | FileCheck %s

// CHECK: remark: {{.*}}fused{{.*}}kernel of mul sin add
func.func @chain(%a: tensor<8xf32>, %b: tensor<8xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = tjit.mul %a, %b : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = tjit.sin %c : (tensor<8xf32>) -> tensor<8xf32>
  %2 = tjit.add %0, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}
