// The last vector of a row of 65 has one lane. Its store must not reach the row behind it: a 16-bit store became one of
// 32 bits in LLVM.
// RUN: tjit-run %s --compare | FileCheck %s
// CHECK: 2 results equal the interpreter's
func.func @f(%x: tensor<16x65xbf16>) -> (tensor<65xbf16>, tensor<16x65xbf16>) {
  %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<16x65xbf16>) -> tensor<65xbf16>
  %1 = tjit.flip %x {dims = array<i64: 1>} : (tensor<16x65xbf16>) -> tensor<16x65xbf16>
  %2 = tjit.neg %1 : (tensor<16x65xbf16>) -> tensor<16x65xbf16>
  return %0, %2 : tensor<65xbf16>, tensor<16x65xbf16>
}
