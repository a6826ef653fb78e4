func.func @f(%x: tensor<3xf32>) -> tensor<4xf32> {
  %0 = tjit.exp %x : (tensor<3xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
