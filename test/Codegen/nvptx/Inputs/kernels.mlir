// Kernels with stages, folds of many lengths, mixed dtypes and strided operands, for on_gpu.py.

func.func @softmax_3x1_f32(%arg0: tensor<3x1xf32>) -> tensor<3x1xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<3x1xf32>, tensor<3x1xf32>) -> tensor<3x1xf32>
  %e = tjit.exp %d : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %r = tjit.div %e, %s : (tensor<3x1xf32>, tensor<3x1xf32>) -> tensor<3x1xf32>
  return %r : tensor<3x1xf32>
}

func.func @softmax_3x31_f32(%arg0: tensor<3x31xf32>) -> tensor<3x31xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<3x31xf32>) -> tensor<3x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<3x31xf32>, tensor<3x1xf32>) -> tensor<3x31xf32>
  %e = tjit.exp %d : (tensor<3x31xf32>) -> tensor<3x31xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<3x31xf32>) -> tensor<3x1xf32>
  %r = tjit.div %e, %s : (tensor<3x31xf32>, tensor<3x1xf32>) -> tensor<3x31xf32>
  return %r : tensor<3x31xf32>
}

func.func @softmax_5x63_f32(%arg0: tensor<5x63xf32>) -> tensor<5x63xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<5x63xf32>) -> tensor<5x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<5x63xf32>, tensor<5x1xf32>) -> tensor<5x63xf32>
  %e = tjit.exp %d : (tensor<5x63xf32>) -> tensor<5x63xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<5x63xf32>) -> tensor<5x1xf32>
  %r = tjit.div %e, %s : (tensor<5x63xf32>, tensor<5x1xf32>) -> tensor<5x63xf32>
  return %r : tensor<5x63xf32>
}

func.func @softmax_2x64_f32(%arg0: tensor<2x64xf32>) -> tensor<2x64xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<2x64xf32>) -> tensor<2x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<2x64xf32>, tensor<2x1xf32>) -> tensor<2x64xf32>
  %e = tjit.exp %d : (tensor<2x64xf32>) -> tensor<2x64xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<2x64xf32>) -> tensor<2x1xf32>
  %r = tjit.div %e, %s : (tensor<2x64xf32>, tensor<2x1xf32>) -> tensor<2x64xf32>
  return %r : tensor<2x64xf32>
}

func.func @softmax_7x65_f32(%arg0: tensor<7x65xf32>) -> tensor<7x65xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<7x65xf32>) -> tensor<7x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<7x65xf32>, tensor<7x1xf32>) -> tensor<7x65xf32>
  %e = tjit.exp %d : (tensor<7x65xf32>) -> tensor<7x65xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<7x65xf32>) -> tensor<7x1xf32>
  %r = tjit.div %e, %s : (tensor<7x65xf32>, tensor<7x1xf32>) -> tensor<7x65xf32>
  return %r : tensor<7x65xf32>
}

func.func @softmax_4x127_f32(%arg0: tensor<4x127xf32>) -> tensor<4x127xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<4x127xf32>) -> tensor<4x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<4x127xf32>, tensor<4x1xf32>) -> tensor<4x127xf32>
  %e = tjit.exp %d : (tensor<4x127xf32>) -> tensor<4x127xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<4x127xf32>) -> tensor<4x1xf32>
  %r = tjit.div %e, %s : (tensor<4x127xf32>, tensor<4x1xf32>) -> tensor<4x127xf32>
  return %r : tensor<4x127xf32>
}

func.func @softmax_300x1000_f32(%arg0: tensor<300x1000xf32>) -> tensor<300x1000xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<300x1000xf32>) -> tensor<300x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<300x1000xf32>, tensor<300x1xf32>) -> tensor<300x1000xf32>
  %e = tjit.exp %d : (tensor<300x1000xf32>) -> tensor<300x1000xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<300x1000xf32>) -> tensor<300x1xf32>
  %r = tjit.div %e, %s : (tensor<300x1000xf32>, tensor<300x1xf32>) -> tensor<300x1000xf32>
  return %r : tensor<300x1000xf32>
}

func.func @softmax_2x5000_f32(%arg0: tensor<2x5000xf32>) -> tensor<2x5000xf32> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<2x5000xf32>) -> tensor<2x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<2x5000xf32>, tensor<2x1xf32>) -> tensor<2x5000xf32>
  %e = tjit.exp %d : (tensor<2x5000xf32>) -> tensor<2x5000xf32>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<2x5000xf32>) -> tensor<2x1xf32>
  %r = tjit.div %e, %s : (tensor<2x5000xf32>, tensor<2x1xf32>) -> tensor<2x5000xf32>
  return %r : tensor<2x5000xf32>
}

func.func @softmax_9x300_f64(%arg0: tensor<9x300xf64>) -> tensor<9x300xf64> {
  %m = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<9x300xf64>) -> tensor<9x1xf64>
  %d = tjit.sub %arg0, %m : (tensor<9x300xf64>, tensor<9x1xf64>) -> tensor<9x300xf64>
  %e = tjit.exp %d : (tensor<9x300xf64>) -> tensor<9x300xf64>
  %s = tjit.sum %e {dims = array<i64: 1>, keepdim = true} : (tensor<9x300xf64>) -> tensor<9x1xf64>
  %r = tjit.div %e, %s : (tensor<9x300xf64>, tensor<9x1xf64>) -> tensor<9x300xf64>
  return %r : tensor<9x300xf64>
}

func.func @sum_70x333_f32_1(%arg0: tensor<70x333xf32>) -> tensor<70xf32> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<70x333xf32>) -> tensor<70xf32>
  return %r : tensor<70xf32>
}

func.func @sum_333x70_f32_0(%arg0: tensor<333x70xf32>) -> tensor<70xf32> {
  %r = tjit.sum %arg0 {dims = array<i64: 0>, keepdim = false} : (tensor<333x70xf32>) -> tensor<70xf32>
  return %r : tensor<70xf32>
}

func.func @sum_3x20000_f32_1(%arg0: tensor<3x20000xf32>) -> tensor<3xf32> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<3x20000xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

func.func @sum_70x333_f64_1(%arg0: tensor<70x333xf64>) -> tensor<70xf64> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<70x333xf64>) -> tensor<70xf64>
  return %r : tensor<70xf64>
}

func.func @sum_333x70_f64_0(%arg0: tensor<333x70xf64>) -> tensor<70xf64> {
  %r = tjit.sum %arg0 {dims = array<i64: 0>, keepdim = false} : (tensor<333x70xf64>) -> tensor<70xf64>
  return %r : tensor<70xf64>
}

func.func @sum_3x20000_f64_1(%arg0: tensor<3x20000xf64>) -> tensor<3xf64> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<3x20000xf64>) -> tensor<3xf64>
  return %r : tensor<3xf64>
}

func.func @sum_70x333_f16_1(%arg0: tensor<70x333xf16>) -> tensor<70xf16> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<70x333xf16>) -> tensor<70xf16>
  return %r : tensor<70xf16>
}

func.func @sum_333x70_f16_0(%arg0: tensor<333x70xf16>) -> tensor<70xf16> {
  %r = tjit.sum %arg0 {dims = array<i64: 0>, keepdim = false} : (tensor<333x70xf16>) -> tensor<70xf16>
  return %r : tensor<70xf16>
}

func.func @sum_3x20000_f16_1(%arg0: tensor<3x20000xf16>) -> tensor<3xf16> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<3x20000xf16>) -> tensor<3xf16>
  return %r : tensor<3xf16>
}

func.func @sum_70x333_bf16_1(%arg0: tensor<70x333xbf16>) -> tensor<70xbf16> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<70x333xbf16>) -> tensor<70xbf16>
  return %r : tensor<70xbf16>
}

func.func @sum_333x70_bf16_0(%arg0: tensor<333x70xbf16>) -> tensor<70xbf16> {
  %r = tjit.sum %arg0 {dims = array<i64: 0>, keepdim = false} : (tensor<333x70xbf16>) -> tensor<70xbf16>
  return %r : tensor<70xbf16>
}

func.func @sum_3x20000_bf16_1(%arg0: tensor<3x20000xbf16>) -> tensor<3xbf16> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<3x20000xbf16>) -> tensor<3xbf16>
  return %r : tensor<3xbf16>
}

func.func @sum_70x333_i64_1(%arg0: tensor<70x333xi64>) -> tensor<70xi64> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<70x333xi64>) -> tensor<70xi64>
  return %r : tensor<70xi64>
}

func.func @sum_333x70_i64_0(%arg0: tensor<333x70xi64>) -> tensor<70xi64> {
  %r = tjit.sum %arg0 {dims = array<i64: 0>, keepdim = false} : (tensor<333x70xi64>) -> tensor<70xi64>
  return %r : tensor<70xi64>
}

func.func @sum_3x20000_i64_1(%arg0: tensor<3x20000xi64>) -> tensor<3xi64> {
  %r = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<3x20000xi64>) -> tensor<3xi64>
  return %r : tensor<3xi64>
}

func.func @amax_50x130_f32_1(%arg0: tensor<50x130xf32>) -> tensor<50xf32> {
  %r = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf32>) -> tensor<50xf32>
  return %r : tensor<50xf32>
}

func.func @amax_50x130_f64_1(%arg0: tensor<50x130xf64>) -> tensor<50xf64> {
  %r = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf64>) -> tensor<50xf64>
  return %r : tensor<50xf64>
}

func.func @amax_50x130_f16_1(%arg0: tensor<50x130xf16>) -> tensor<50xf16> {
  %r = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf16>) -> tensor<50xf16>
  return %r : tensor<50xf16>
}

func.func @amax_50x130_i32_1(%arg0: tensor<50x130xi32>) -> tensor<50xi32> {
  %r = tjit.amax %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xi32>) -> tensor<50xi32>
  return %r : tensor<50xi32>
}

func.func @amin_50x130_f32_1(%arg0: tensor<50x130xf32>) -> tensor<50xf32> {
  %r = tjit.amin %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf32>) -> tensor<50xf32>
  return %r : tensor<50xf32>
}

func.func @amin_50x130_f64_1(%arg0: tensor<50x130xf64>) -> tensor<50xf64> {
  %r = tjit.amin %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf64>) -> tensor<50xf64>
  return %r : tensor<50xf64>
}

func.func @amin_50x130_f16_1(%arg0: tensor<50x130xf16>) -> tensor<50xf16> {
  %r = tjit.amin %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf16>) -> tensor<50xf16>
  return %r : tensor<50xf16>
}

func.func @amin_50x130_i32_1(%arg0: tensor<50x130xi32>) -> tensor<50xi32> {
  %r = tjit.amin %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xi32>) -> tensor<50xi32>
  return %r : tensor<50xi32>
}

func.func @prod_50x130_f32_1(%arg0: tensor<50x130xf32>) -> tensor<50xf32> {
  %r = tjit.prod %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf32>) -> tensor<50xf32>
  return %r : tensor<50xf32>
}

func.func @prod_50x130_f64_1(%arg0: tensor<50x130xf64>) -> tensor<50xf64> {
  %r = tjit.prod %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf64>) -> tensor<50xf64>
  return %r : tensor<50xf64>
}

func.func @prod_50x130_f16_1(%arg0: tensor<50x130xf16>) -> tensor<50xf16> {
  %r = tjit.prod %arg0 {dims = array<i64: 1>, keepdim = false} : (tensor<50x130xf16>) -> tensor<50xf16>
  return %r : tensor<50xf16>
}

func.func @layer_norm(%arg0: tensor<40x777xf32>, %arg1: tensor<777xf32>, %arg2: tensor<777xf32>) -> tensor<40x777xf32> {
  %n = tjit.fill {dtype = f32, sizes = array<i64>, value = 7.770000e+02 : f64} : () -> tensor<f32>
  %eps = tjit.fill {dtype = f32, sizes = array<i64>, value = 1.000000e-05 : f64} : () -> tensor<f32>
  %s = tjit.sum %arg0 {dims = array<i64: 1>, keepdim = true} : (tensor<40x777xf32>) -> tensor<40x1xf32>
  %m = tjit.div %s, %n : (tensor<40x1xf32>, tensor<f32>) -> tensor<40x1xf32>
  %d = tjit.sub %arg0, %m : (tensor<40x777xf32>, tensor<40x1xf32>) -> tensor<40x777xf32>
  %q = tjit.mul %d, %d : (tensor<40x777xf32>, tensor<40x777xf32>) -> tensor<40x777xf32>
  %v = tjit.sum %q {dims = array<i64: 1>, keepdim = true} : (tensor<40x777xf32>) -> tensor<40x1xf32>
  %w = tjit.div %v, %n : (tensor<40x1xf32>, tensor<f32>) -> tensor<40x1xf32>
  %e = tjit.add %w, %eps : (tensor<40x1xf32>, tensor<f32>) -> tensor<40x1xf32>
  %i = tjit.rsqrt %e : (tensor<40x1xf32>) -> tensor<40x1xf32>
  %y = tjit.mul %d, %i : (tensor<40x777xf32>, tensor<40x1xf32>) -> tensor<40x777xf32>
  %f = tjit.mul %y, %arg1 : (tensor<40x777xf32>, tensor<777xf32>) -> tensor<40x777xf32>
  %r = tjit.add %f, %arg2 : (tensor<40x777xf32>, tensor<777xf32>) -> tensor<40x777xf32>
  return %r : tensor<40x777xf32>
}

func.func @transposed_chain(%arg0: tensor<45x123xf32>, %arg1: tensor<123x45xf32>, %arg2: tensor<45xf32>) -> tensor<123x45xf32> {
  %t = tjit.permute %arg0 {dims = array<i64: 1, 0>} : (tensor<45x123xf32>) -> tensor<123x45xf32>
  %0 = tjit.mul %t, %arg1 : (tensor<123x45xf32>, tensor<123x45xf32>) -> tensor<123x45xf32>
  %1 = tjit.tanh %0 : (tensor<123x45xf32>) -> tensor<123x45xf32>
  %2 = tjit.add %1, %arg2 : (tensor<123x45xf32>, tensor<45xf32>) -> tensor<123x45xf32>
  %3 = tjit.erf %2 : (tensor<123x45xf32>) -> tensor<123x45xf32>
  return %3 : tensor<123x45xf32>
}

func.func @cast_f32_f64(%arg0: tensor<31x33xf32>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xf32>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_f32_f16(%arg0: tensor<31x33xf32>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xf32>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_f32_bf16(%arg0: tensor<31x33xf32>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xf32>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_f32_i1(%arg0: tensor<31x33xf32>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xf32>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_f32_i8(%arg0: tensor<31x33xf32>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xf32>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_f32_ui8(%arg0: tensor<31x33xf32>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xf32>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_f32_i16(%arg0: tensor<31x33xf32>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xf32>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_f32_i32(%arg0: tensor<31x33xf32>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xf32>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_f32_i64(%arg0: tensor<31x33xf32>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xf32>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_f64_f32(%arg0: tensor<31x33xf64>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xf64>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_f64_f16(%arg0: tensor<31x33xf64>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xf64>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_f64_bf16(%arg0: tensor<31x33xf64>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xf64>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_f64_i1(%arg0: tensor<31x33xf64>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xf64>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_f64_i8(%arg0: tensor<31x33xf64>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xf64>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_f64_ui8(%arg0: tensor<31x33xf64>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xf64>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_f64_i16(%arg0: tensor<31x33xf64>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xf64>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_f64_i32(%arg0: tensor<31x33xf64>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xf64>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_f64_i64(%arg0: tensor<31x33xf64>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xf64>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_f16_f32(%arg0: tensor<31x33xf16>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xf16>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_f16_f64(%arg0: tensor<31x33xf16>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xf16>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_f16_bf16(%arg0: tensor<31x33xf16>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xf16>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_f16_i1(%arg0: tensor<31x33xf16>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xf16>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_f16_i8(%arg0: tensor<31x33xf16>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xf16>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_f16_ui8(%arg0: tensor<31x33xf16>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xf16>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_f16_i16(%arg0: tensor<31x33xf16>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xf16>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_f16_i32(%arg0: tensor<31x33xf16>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xf16>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_f16_i64(%arg0: tensor<31x33xf16>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xf16>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_bf16_f32(%arg0: tensor<31x33xbf16>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xbf16>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_bf16_f64(%arg0: tensor<31x33xbf16>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xbf16>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_bf16_f16(%arg0: tensor<31x33xbf16>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xbf16>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_bf16_i1(%arg0: tensor<31x33xbf16>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xbf16>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_bf16_i8(%arg0: tensor<31x33xbf16>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xbf16>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_bf16_ui8(%arg0: tensor<31x33xbf16>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xbf16>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_bf16_i16(%arg0: tensor<31x33xbf16>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xbf16>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_bf16_i32(%arg0: tensor<31x33xbf16>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xbf16>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_bf16_i64(%arg0: tensor<31x33xbf16>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xbf16>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_i1_f32(%arg0: tensor<31x33xi1>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xi1>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_i1_f64(%arg0: tensor<31x33xi1>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xi1>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_i1_f16(%arg0: tensor<31x33xi1>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xi1>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_i1_bf16(%arg0: tensor<31x33xi1>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xi1>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_i1_i8(%arg0: tensor<31x33xi1>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xi1>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_i1_ui8(%arg0: tensor<31x33xi1>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xi1>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_i1_i16(%arg0: tensor<31x33xi1>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xi1>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_i1_i32(%arg0: tensor<31x33xi1>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xi1>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_i1_i64(%arg0: tensor<31x33xi1>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xi1>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_i8_f32(%arg0: tensor<31x33xi8>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xi8>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_i8_f64(%arg0: tensor<31x33xi8>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xi8>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_i8_f16(%arg0: tensor<31x33xi8>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xi8>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_i8_bf16(%arg0: tensor<31x33xi8>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xi8>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_i8_i1(%arg0: tensor<31x33xi8>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xi8>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_i8_ui8(%arg0: tensor<31x33xi8>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xi8>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_i8_i16(%arg0: tensor<31x33xi8>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xi8>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_i8_i32(%arg0: tensor<31x33xi8>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xi8>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_i8_i64(%arg0: tensor<31x33xi8>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xi8>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_ui8_f32(%arg0: tensor<31x33xui8>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xui8>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_ui8_f64(%arg0: tensor<31x33xui8>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xui8>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_ui8_f16(%arg0: tensor<31x33xui8>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xui8>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_ui8_bf16(%arg0: tensor<31x33xui8>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xui8>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_ui8_i1(%arg0: tensor<31x33xui8>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xui8>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_ui8_i8(%arg0: tensor<31x33xui8>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xui8>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_ui8_i16(%arg0: tensor<31x33xui8>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xui8>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_ui8_i32(%arg0: tensor<31x33xui8>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xui8>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_ui8_i64(%arg0: tensor<31x33xui8>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xui8>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_i16_f32(%arg0: tensor<31x33xi16>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xi16>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_i16_f64(%arg0: tensor<31x33xi16>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xi16>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_i16_f16(%arg0: tensor<31x33xi16>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xi16>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_i16_bf16(%arg0: tensor<31x33xi16>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xi16>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_i16_i1(%arg0: tensor<31x33xi16>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xi16>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_i16_i8(%arg0: tensor<31x33xi16>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xi16>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_i16_ui8(%arg0: tensor<31x33xi16>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xi16>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_i16_i32(%arg0: tensor<31x33xi16>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xi16>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}

func.func @cast_i16_i64(%arg0: tensor<31x33xi16>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xi16>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_i32_f32(%arg0: tensor<31x33xi32>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xi32>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_i32_f64(%arg0: tensor<31x33xi32>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xi32>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_i32_f16(%arg0: tensor<31x33xi32>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xi32>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_i32_bf16(%arg0: tensor<31x33xi32>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xi32>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_i32_i1(%arg0: tensor<31x33xi32>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xi32>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_i32_i8(%arg0: tensor<31x33xi32>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xi32>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_i32_ui8(%arg0: tensor<31x33xi32>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xi32>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_i32_i16(%arg0: tensor<31x33xi32>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xi32>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_i32_i64(%arg0: tensor<31x33xi32>) -> tensor<31x33xi64> {
  %0 = tjit.cast %arg0 {dtype = i64} : (tensor<31x33xi32>) -> tensor<31x33xi64>
  return %0 : tensor<31x33xi64>
}

func.func @cast_i64_f32(%arg0: tensor<31x33xi64>) -> tensor<31x33xf32> {
  %0 = tjit.cast %arg0 {dtype = f32} : (tensor<31x33xi64>) -> tensor<31x33xf32>
  return %0 : tensor<31x33xf32>
}

func.func @cast_i64_f64(%arg0: tensor<31x33xi64>) -> tensor<31x33xf64> {
  %0 = tjit.cast %arg0 {dtype = f64} : (tensor<31x33xi64>) -> tensor<31x33xf64>
  return %0 : tensor<31x33xf64>
}

func.func @cast_i64_f16(%arg0: tensor<31x33xi64>) -> tensor<31x33xf16> {
  %0 = tjit.cast %arg0 {dtype = f16} : (tensor<31x33xi64>) -> tensor<31x33xf16>
  return %0 : tensor<31x33xf16>
}

func.func @cast_i64_bf16(%arg0: tensor<31x33xi64>) -> tensor<31x33xbf16> {
  %0 = tjit.cast %arg0 {dtype = bf16} : (tensor<31x33xi64>) -> tensor<31x33xbf16>
  return %0 : tensor<31x33xbf16>
}

func.func @cast_i64_i1(%arg0: tensor<31x33xi64>) -> tensor<31x33xi1> {
  %0 = tjit.cast %arg0 {dtype = i1} : (tensor<31x33xi64>) -> tensor<31x33xi1>
  return %0 : tensor<31x33xi1>
}

func.func @cast_i64_i8(%arg0: tensor<31x33xi64>) -> tensor<31x33xi8> {
  %0 = tjit.cast %arg0 {dtype = i8} : (tensor<31x33xi64>) -> tensor<31x33xi8>
  return %0 : tensor<31x33xi8>
}

func.func @cast_i64_ui8(%arg0: tensor<31x33xi64>) -> tensor<31x33xui8> {
  %0 = tjit.cast %arg0 {dtype = ui8} : (tensor<31x33xi64>) -> tensor<31x33xui8>
  return %0 : tensor<31x33xui8>
}

func.func @cast_i64_i16(%arg0: tensor<31x33xi64>) -> tensor<31x33xi16> {
  %0 = tjit.cast %arg0 {dtype = i16} : (tensor<31x33xi64>) -> tensor<31x33xi16>
  return %0 : tensor<31x33xi16>
}

func.func @cast_i64_i32(%arg0: tensor<31x33xi64>) -> tensor<31x33xi32> {
  %0 = tjit.cast %arg0 {dtype = i32} : (tensor<31x33xi64>) -> tensor<31x33xi32>
  return %0 : tensor<31x33xi32>
}
