// What follows a product runs on its tiles: one launch, and every bit as when it runs behind it.
// RUN: tjit-run %s --all --compare | FileCheck %s
// RUN: tjit-run %s --all --compare --cpu=haswell | FileCheck %s
// RUN: tjit-run %s --function=linear --plan | FileCheck %s --check-prefix=PLAN
// RUN: tjit-run %s --function=product_kept --plan | FileCheck %s --check-prefix=KEPT

// PLAN: step 0: launch
// PLAN-NOT: step 1
// A bias and an activation.
// CHECK: @linear: 1 result equals the interpreter's
func.func @linear(%x: tensor<64x96xf32>, %w: tensor<96x80xf32>, %b: tensor<80xf32>) -> tensor<64x80xf32> {
  %0 = tjit.matmul %x, %w : (tensor<64x96xf32>, tensor<96x80xf32>) -> tensor<64x80xf32>
  %1 = tjit.add %0, %b : (tensor<64x80xf32>, tensor<80xf32>) -> tensor<64x80xf32>
  %2 = tjit.relu %1 : (tensor<64x80xf32>) -> tensor<64x80xf32>
  return %2 : tensor<64x80xf32>
}

// Tiles at both edges.
// CHECK: @edges: 1 result equals the interpreter's
func.func @edges(%x: tensor<67x33xf32>, %w: tensor<33x77xf32>, %b: tensor<77xf32>) -> tensor<67x77xf32> {
  %0 = tjit.matmul %x, %w : (tensor<67x33xf32>, tensor<33x77xf32>) -> tensor<67x77xf32>
  %1 = tjit.add %0, %b : (tensor<67x77xf32>, tensor<77xf32>) -> tensor<67x77xf32>
  %2 = tjit.relu %1 : (tensor<67x77xf32>) -> tensor<67x77xf32>
  return %2 : tensor<67x77xf32>
}

// Several blocks of k: the sums wait in the result.
// CHECK: @deep: 1 result equals the interpreter's
func.func @deep(%x: tensor<50x3000xf32>, %w: tensor<3000x70xf32>, %b: tensor<70xf32>) -> tensor<50x70xf32> {
  %0 = tjit.matmul %x, %w : (tensor<50x3000xf32>, tensor<3000x70xf32>) -> tensor<50x70xf32>
  %1 = tjit.add %0, %b : (tensor<50x70xf32>, tensor<70xf32>) -> tensor<50x70xf32>
  %2 = tjit.relu %1 : (tensor<50x70xf32>) -> tensor<50x70xf32>
  return %2 : tensor<50x70xf32>
}

// Halves: the product is rounded, then every operation.
// CHECK: @halves: 1 result equals the interpreter's
func.func @halves(%x: tensor<40x70xbf16>, %w: tensor<70x50xbf16>, %b: tensor<50xbf16>) -> tensor<40x50xbf16> {
  %0 = tjit.matmul %x, %w : (tensor<40x70xbf16>, tensor<70x50xbf16>) -> tensor<40x50xbf16>
  %1 = tjit.add %0, %b : (tensor<40x50xbf16>, tensor<50xbf16>) -> tensor<40x50xbf16>
  %2 = tjit.relu %1 : (tensor<40x50xbf16>) -> tensor<40x50xbf16>
  return %2 : tensor<40x50xbf16>
}

// Several blocks of k of halves.
// CHECK: @deep_halves: 1 result equals the interpreter's
func.func @deep_halves(%x: tensor<40x3000xf16>, %w: tensor<3000x50xf16>, %b: tensor<50xf16>) -> tensor<40x50xf16> {
  %0 = tjit.matmul %x, %w : (tensor<40x3000xf16>, tensor<3000x50xf16>) -> tensor<40x50xf16>
  %1 = tjit.add %0, %b : (tensor<40x50xf16>, tensor<50xf16>) -> tensor<40x50xf16>
  %2 = tjit.relu %1 : (tensor<40x50xf16>) -> tensor<40x50xf16>
  return %2 : tensor<40x50xf16>
}

// Doubles.
// CHECK: @doubles: 1 result equals the interpreter's
func.func @doubles(%x: tensor<33x40xf64>, %w: tensor<40x21xf64>, %b: tensor<21xf64>) -> tensor<33x21xf64> {
  %0 = tjit.matmul %x, %w : (tensor<33x40xf64>, tensor<40x21xf64>) -> tensor<33x21xf64>
  %1 = tjit.add %0, %b : (tensor<33x21xf64>, tensor<21xf64>) -> tensor<33x21xf64>
  %2 = tjit.relu %1 : (tensor<33x21xf64>) -> tensor<33x21xf64>
  return %2 : tensor<33x21xf64>
}

// A batch that is rows.
// CHECK: @rows_of_a_batch: 1 result equals the interpreter's
func.func @rows_of_a_batch(%x: tensor<3x5x30xf32>, %w: tensor<30x40xf32>, %b: tensor<40xf32>) -> tensor<3x5x40xf32> {
  %0 = tjit.matmul %x, %w : (tensor<3x5x30xf32>, tensor<30x40xf32>) -> tensor<3x5x40xf32>
  %1 = tjit.add %0, %b : (tensor<3x5x40xf32>, tensor<40xf32>) -> tensor<3x5x40xf32>
  %2 = tjit.relu %1 : (tensor<3x5x40xf32>) -> tensor<3x5x40xf32>
  return %2 : tensor<3x5x40xf32>
}

// A batch of products; a value for each of their rows, a scalar.
// CHECK: @batch: 1 result equals the interpreter's
func.func @batch(%x: tensor<3x20x30xf32>, %w: tensor<3x30x40xf32>, %r: tensor<3x20x1xf32>, %s: tensor<f32>) -> tensor<3x20x40xf32> {
  %0 = tjit.matmul %x, %w : (tensor<3x20x30xf32>, tensor<3x30x40xf32>) -> tensor<3x20x40xf32>
  %1 = tjit.mul %0, %r : (tensor<3x20x40xf32>, tensor<3x20x1xf32>) -> tensor<3x20x40xf32>
  %2 = tjit.sub %1, %s : (tensor<3x20x40xf32>, tensor<f32>) -> tensor<3x20x40xf32>
  return %2 : tensor<3x20x40xf32>
}

// A long body: a loop over the rows of the tile. A residual; both values are results.
// CHECK: @gelu: 2 results equal the interpreter's
func.func @gelu(%x: tensor<70x48xf32>, %w: tensor<48x90xf32>, %y: tensor<70x90xf32>, %b: tensor<90xf32>) -> (tensor<70x90xf32>, tensor<70x90xf32>) {
  %0 = tjit.matmul %x, %w : (tensor<70x48xf32>, tensor<48x90xf32>) -> tensor<70x90xf32>
  %1 = tjit.add %0, %b : (tensor<70x90xf32>, tensor<90xf32>) -> tensor<70x90xf32>
  %2 = tjit.tanh %1 : (tensor<70x90xf32>) -> tensor<70x90xf32>
  %3 = tjit.mul %2, %1 : (tensor<70x90xf32>, tensor<70x90xf32>) -> tensor<70x90xf32>
  %4 = tjit.add %3, %y : (tensor<70x90xf32>, tensor<70x90xf32>) -> tensor<70x90xf32>
  return %1, %4 : tensor<70x90xf32>, tensor<70x90xf32>
}

// A mask as the result: no place for the sums of several blocks of k, so the kernel runs behind the product.
// CHECK: @mask: 1 result equals the interpreter's
func.func @mask(%x: tensor<20x2500xf32>, %w: tensor<2500x40xf32>, %s: tensor<f32>) -> tensor<20x40xi1> {
  %0 = tjit.matmul %x, %w : (tensor<20x2500xf32>, tensor<2500x40xf32>) -> tensor<20x40xf32>
  %1 = tjit.gt %0, %s : (tensor<20x40xf32>, tensor<f32>) -> tensor<20x40xi1>
  return %1 : tensor<20x40xi1>
}

// Integers, products with a vector, and transposed readers have kernels of their own.
// CHECK: @others: 3 results equal the interpreter's
func.func @others(%x: tensor<20x30xi32>, %w: tensor<30x40xi32>, %v: tensor<30x1xf32>, %y: tensor<20x30xf32>) -> (tensor<20x40xi32>, tensor<20x1xf32>, tensor<20x20xf32>) {
  %0 = tjit.matmul %x, %w : (tensor<20x30xi32>, tensor<30x40xi32>) -> tensor<20x40xi32>
  %1 = tjit.neg %0 : (tensor<20x40xi32>) -> tensor<20x40xi32>
  %2 = tjit.matmul %y, %v : (tensor<20x30xf32>, tensor<30x1xf32>) -> tensor<20x1xf32>
  %3 = tjit.relu %2 : (tensor<20x1xf32>) -> tensor<20x1xf32>
  %4 = tjit.permute %y {dims = array<i64: 1, 0>} : (tensor<20x30xf32>) -> tensor<30x20xf32>
  %5 = tjit.matmul %y, %4 : (tensor<20x30xf32>, tensor<30x20xf32>) -> tensor<20x20xf32>
  %6 = tjit.permute %5 {dims = array<i64: 1, 0>} : (tensor<20x20xf32>) -> tensor<20x20xf32>
  %7 = tjit.exp %6 : (tensor<20x20xf32>) -> tensor<20x20xf32>
  return %1, %3, %7 : tensor<20x40xi32>, tensor<20x1xf32>, tensor<20x20xf32>
}

// A product that something else reads is stored.
// CHECK: @product_kept: 2 results equal the interpreter's
func.func @product_kept(%x: tensor<70x48xf32>, %w: tensor<48x90xf32>) -> (tensor<70x90xf32>, tensor<70x90xf32>) {
  %0 = tjit.matmul %x, %w : (tensor<70x48xf32>, tensor<48x90xf32>) -> tensor<70x90xf32>
  %1 = tjit.relu %0 : (tensor<70x90xf32>) -> tensor<70x90xf32>
  return %0, %1 : tensor<70x90xf32>, tensor<70x90xf32>
}

// KEPT: step 0: launch
// KEPT: step 1: launch
