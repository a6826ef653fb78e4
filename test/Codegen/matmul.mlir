// Matrix products through the whole pipeline: views fold into the products' strides, the code gives the interpreter's bits.
// RUN: tjit-run --function=training %s --compare | FileCheck %s --check-prefix=THREE
// RUN: tjit-run --function=training %s --compare --cpu=haswell | FileCheck %s --check-prefix=THREE
// RUN: tjit-run --function=training %s --plan | FileCheck %s --check-prefix=PLAN
// RUN: tjit-run --function=types %s --compare | FileCheck %s --check-prefix=FIVE
// RUN: tjit-run --function=batches %s --compare | FileCheck %s --check-prefix=THREE
// RUN: tjit-run --function=vectors %s --compare | FileCheck %s --check-prefix=THREE

// THREE: 3 results equal the interpreter's
// FIVE: 5 results equal the interpreter's

// Transposed operands are read where they are: three launches, no copy, nothing interpreted.
// PLAN-NOT: copy
// PLAN-NOT: interpret
// PLAN-COUNT-3: launch
func.func @training(%x: tensor<62x100xf32>, %w: tensor<100x40xf32>, %g: tensor<62x40xf32>)
    -> (tensor<62x40xf32>, tensor<100x40xf32>, tensor<62x100xf32>) {
  %y = tjit.matmul %x, %w : (tensor<62x100xf32>, tensor<100x40xf32>) -> tensor<62x40xf32>
  %xt = tjit.permute %x {dims = array<i64: 1, 0>} : (tensor<62x100xf32>) -> tensor<100x62xf32>
  %dw = tjit.matmul %xt, %g : (tensor<100x62xf32>, tensor<62x40xf32>) -> tensor<100x40xf32>
  %wt = tjit.permute %w {dims = array<i64: 1, 0>} : (tensor<100x40xf32>) -> tensor<40x100xf32>
  %dx = tjit.matmul %g, %wt : (tensor<62x40xf32>, tensor<40x100xf32>) -> tensor<62x100xf32>
  return %y, %dw, %dx : tensor<62x40xf32>, tensor<100x40xf32>, tensor<62x100xf32>
}

func.func @types(%a: tensor<7x20xf16>, %b: tensor<20x9xf16>, %c: tensor<7x20xbf16>, %d: tensor<20x9xbf16>,
                 %e: tensor<7x20xf64>, %f: tensor<20x9xf64>, %g: tensor<7x20xui8>, %h: tensor<20x9xui8>,
                 %i: tensor<7x20xi64>, %j: tensor<20x9xi64>)
    -> (tensor<7x9xf16>, tensor<7x9xbf16>, tensor<7x9xf64>, tensor<7x9xui8>, tensor<7x9xi64>) {
  %0 = tjit.matmul %a, %b : (tensor<7x20xf16>, tensor<20x9xf16>) -> tensor<7x9xf16>
  %1 = tjit.matmul %c, %d : (tensor<7x20xbf16>, tensor<20x9xbf16>) -> tensor<7x9xbf16>
  %2 = tjit.matmul %e, %f : (tensor<7x20xf64>, tensor<20x9xf64>) -> tensor<7x9xf64>
  %3 = tjit.matmul %g, %h : (tensor<7x20xui8>, tensor<20x9xui8>) -> tensor<7x9xui8>
  %4 = tjit.matmul %i, %j : (tensor<7x20xi64>, tensor<20x9xi64>) -> tensor<7x9xi64>
  return %0, %1, %2, %3, %4 : tensor<7x9xf16>, tensor<7x9xbf16>, tensor<7x9xf64>, tensor<7x9xui8>, tensor<7x9xi64>
}

// Batches that broadcast on the left, on the right, and on both sides in different dimensions.
func.func @batches(%a: tensor<3x5x6xf32>, %b: tensor<6x8xf32>, %c: tensor<2x1x5x6xf32>, %d: tensor<3x6x8xf32>)
    -> (tensor<3x5x8xf32>, tensor<3x5x8xf32>, tensor<2x3x5x8xf32>) {
  %0 = tjit.matmul %a, %b : (tensor<3x5x6xf32>, tensor<6x8xf32>) -> tensor<3x5x8xf32>
  %1 = tjit.matmul %a, %d : (tensor<3x5x6xf32>, tensor<3x6x8xf32>) -> tensor<3x5x8xf32>
  %2 = tjit.matmul %c, %d : (tensor<2x1x5x6xf32>, tensor<3x6x8xf32>) -> tensor<2x3x5x8xf32>
  return %0, %1, %2 : tensor<3x5x8xf32>, tensor<3x5x8xf32>, tensor<2x3x5x8xf32>
}

func.func @vectors(%a: tensor<9x200xf32>, %v: tensor<200x1xf32>, %row: tensor<1x9xf32>, %scalar: tensor<1x1xf32>)
    -> (tensor<9x1xf32>, tensor<1x200xf32>, tensor<200x1xf32>) {
  %0 = tjit.matmul %a, %v : (tensor<9x200xf32>, tensor<200x1xf32>) -> tensor<9x1xf32>
  %1 = tjit.matmul %row, %a : (tensor<1x9xf32>, tensor<9x200xf32>) -> tensor<1x200xf32>
  %2 = tjit.matmul %v, %scalar : (tensor<200x1xf32>, tensor<1x1xf32>) -> tensor<200x1xf32>
  return %0, %1, %2 : tensor<9x1xf32>, tensor<1x200xf32>, tensor<200x1xf32>
}
