// RUN: tjit-opt %s --tjit-fuse --verify-diagnostics --split-input-file

// expected-error @below {{a recorded program has one block}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<4xf32>
}
