// What makes an operand of a product runs while the operand is packed: one launch, and every bit as when it runs before it.
// RUN: tjit-run %s --all --compare | FileCheck %s
// RUN: tjit-run %s --all --compare --cpu=haswell | FileCheck %s
// RUN: tjit-run %s --function=left --plan | FileCheck %s --check-prefix=ONE
// RUN: tjit-run %s --function=right --plan | FileCheck %s --check-prefix=ONE
// RUN: tjit-run %s --function=both_and_behind --plan | FileCheck %s --check-prefix=ONE
// RUN: tjit-run %s --function=bytes --plan | FileCheck %s --check-prefix=ONE
// RUN: tjit-run %s --function=batches --plan | FileCheck %s --check-prefix=ONE
// RUN: tjit-run %s --function=transposed --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-run %s --function=read_twice --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-run %s --function=returned --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-run %s --function=dots --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-run %s --function=rows_of_a_batch --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-run %s --function=small --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-run %s --function=layers --plan | FileCheck %s --check-prefix=TWO
// RUN: tjit-opt %s --tjit-fuse --remarks-filter=fusion -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// ONE: step 0: launch
// ONE-NOT: step 1
// TWO: step 1: launch
// TWO-NOT: step 2

// An activation in front, more than a cache holds.
// REMARK: remark: {{.*}}prologue{{.*}}what makes the product's left operand may run while it is packed
// CHECK: @left: 1 result equals the interpreter's
func.func @left(%x: tensor<4096x512xf32>, %w: tensor<512x24xf32>) -> tensor<4096x24xf32> {
  %0 = tjit.relu %x : (tensor<4096x512xf32>) -> tensor<4096x512xf32>
  %1 = tjit.matmul %0, %w : (tensor<4096x512xf32>, tensor<512x24xf32>) -> tensor<4096x24xf32>
  return %1 : tensor<4096x24xf32>
}

// The right operand of enough rows is packed in any case; edges, a value for each column and one for each row.
// REMARK: remark: {{.*}}prologue{{.*}}what makes the product's right operand may run while it is packed
// CHECK: @right: 1 result equals the interpreter's
func.func @right(%x: tensor<200x515xf32>, %w: tensor<515x301xf32>, %c: tensor<301xf32>, %r: tensor<515x1xf32>) -> tensor<200x301xf32> {
  %0 = tjit.mul %w, %c : (tensor<515x301xf32>, tensor<301xf32>) -> tensor<515x301xf32>
  %1 = tjit.sub %0, %r : (tensor<515x301xf32>, tensor<515x1xf32>) -> tensor<515x301xf32>
  %2 = tjit.matmul %x, %1 : (tensor<200x515xf32>, tensor<515x301xf32>) -> tensor<200x301xf32>
  return %2 : tensor<200x301xf32>
}

// Both operands, and a bias behind; a mask of rows, a scale of columns.
// CHECK: @both_and_behind: 1 result equals the interpreter's
func.func @both_and_behind(%x: tensor<4097x700xf32>, %m: tensor<4097x1xf32>, %s: tensor<700xf32>, %w: tensor<700x300xf32>, %f: tensor<f32>, %b: tensor<300xf32>) -> tensor<4097x300xf32> {
  %0 = tjit.mul %x, %m : (tensor<4097x700xf32>, tensor<4097x1xf32>) -> tensor<4097x700xf32>
  %1 = tjit.mul %0, %s : (tensor<4097x700xf32>, tensor<700xf32>) -> tensor<4097x700xf32>
  %2 = tjit.mul %w, %f : (tensor<700x300xf32>, tensor<f32>) -> tensor<700x300xf32>
  %3 = tjit.matmul %1, %2 : (tensor<4097x700xf32>, tensor<700x300xf32>) -> tensor<4097x300xf32>
  %4 = tjit.add %3, %b : (tensor<4097x300xf32>, tensor<300xf32>) -> tensor<4097x300xf32>
  %5 = tjit.relu %4 : (tensor<4097x300xf32>) -> tensor<4097x300xf32>
  return %5 : tensor<4097x300xf32>
}

// Bytes that become numbers between 0 and 1.
// CHECK: @bytes: 1 result equals the interpreter's
func.func @bytes(%x: tensor<4096x784xui8>, %w: tensor<784x20xf32>, %f: tensor<f32>) -> tensor<4096x20xf32> {
  %0 = tjit.cast %x {dtype = f32} : (tensor<4096x784xui8>) -> tensor<4096x784xf32>
  %1 = tjit.div %0, %f : (tensor<4096x784xf32>, tensor<f32>) -> tensor<4096x784xf32>
  %2 = tjit.matmul %1, %w : (tensor<4096x784xf32>, tensor<784x20xf32>) -> tensor<4096x20xf32>
  return %2 : tensor<4096x20xf32>
}

// A batch of products.
// CHECK: @batches: 1 result equals the interpreter's
func.func @batches(%x: tensor<5x700x600xf32>, %w: tensor<5x600x24xf32>) -> tensor<5x700x24xf32> {
  %0 = tjit.relu %x : (tensor<5x700x600xf32>) -> tensor<5x700x600xf32>
  %1 = tjit.matmul %0, %w : (tensor<5x700x600xf32>, tensor<5x600x24xf32>) -> tensor<5x700x24xf32>
  return %1 : tensor<5x700x24xf32>
}

// A batch that is rows of one product, and a value for each matrix: no stride leads along the rows. It is made first.
// CHECK: @rows_of_a_batch: 1 result equals the interpreter's
func.func @rows_of_a_batch(%x: tensor<3x700x600xf32>, %s: tensor<3x1x1xf32>, %w: tensor<600x24xf32>) -> tensor<3x700x24xf32> {
  %0 = tjit.mul %x, %s : (tensor<3x700x600xf32>, tensor<3x1x1xf32>) -> tensor<3x700x600xf32>
  %1 = tjit.matmul %0, %w : (tensor<3x700x600xf32>, tensor<600x24xf32>) -> tensor<3x700x24xf32>
  return %1 : tensor<3x700x24xf32>
}

// 16-bit floats are packed as float32: every operation rounds.
// CHECK: @halves: 1 result equals the interpreter's
func.func @halves(%x: tensor<70x130xbf16>, %w: tensor<130x90xbf16>) -> tensor<70x90xbf16> {
  %0 = tjit.mul %x, %x : (tensor<70x130xbf16>, tensor<70x130xbf16>) -> tensor<70x130xbf16>
  %1 = tjit.exp %0 : (tensor<70x130xbf16>) -> tensor<70x130xbf16>
  %2 = tjit.add %w, %w : (tensor<130x90xbf16>, tensor<130x90xbf16>) -> tensor<130x90xbf16>
  %3 = tjit.matmul %1, %2 : (tensor<70x130xbf16>, tensor<130x90xbf16>) -> tensor<70x90xbf16>
  return %3 : tensor<70x90xbf16>
}

// 16-bit floats are packed as float32: every operation rounds.
// CHECK: @float16: 1 result equals the interpreter's
func.func @float16(%x: tensor<70x130xf16>, %w: tensor<130x90xf16>) -> tensor<70x90xf16> {
  %0 = tjit.mul %x, %x : (tensor<70x130xf16>, tensor<70x130xf16>) -> tensor<70x130xf16>
  %1 = tjit.exp %0 : (tensor<70x130xf16>) -> tensor<70x130xf16>
  %2 = tjit.add %w, %w : (tensor<130x90xf16>, tensor<130x90xf16>) -> tensor<130x90xf16>
  %3 = tjit.matmul %1, %2 : (tensor<70x130xf16>, tensor<130x90xf16>) -> tensor<70x90xf16>
  return %3 : tensor<70x90xf16>
}

// Several blocks of k.
// CHECK: @deep_halves: 1 result equals the interpreter's
func.func @deep_halves(%x: tensor<50x3000xbf16>, %w: tensor<3000x70xbf16>) -> tensor<50x70xbf16> {
  %0 = tjit.relu %x : (tensor<50x3000xbf16>) -> tensor<50x3000xbf16>
  %1 = tjit.neg %w : (tensor<3000x70xbf16>) -> tensor<3000x70xbf16>
  %2 = tjit.matmul %0, %1 : (tensor<50x3000xbf16>, tensor<3000x70xbf16>) -> tensor<50x70xbf16>
  return %2 : tensor<50x70xbf16>
}

// Several blocks of k, whose last one is shorter than a vector divides.
// CHECK: @deep: 1 result equals the interpreter's
func.func @deep(%x: tensor<2000x3001xf32>, %w: tensor<3001x10xf32>) -> tensor<2000x10xf32> {
  %0 = tjit.relu %x : (tensor<2000x3001xf32>) -> tensor<2000x3001xf32>
  %1 = tjit.matmul %0, %w : (tensor<2000x3001xf32>, tensor<3001x10xf32>) -> tensor<2000x10xf32>
  return %1 : tensor<2000x10xf32>
}

// Doubles.
// CHECK: @doubles: 1 result equals the interpreter's
func.func @doubles(%x: tensor<2000x400xf64>, %w: tensor<400x21xf64>) -> tensor<2000x21xf64> {
  %0 = tjit.neg %x : (tensor<2000x400xf64>) -> tensor<2000x400xf64>
  %1 = tjit.matmul %0, %w : (tensor<2000x400xf64>, tensor<400x21xf64>) -> tensor<2000x21xf64>
  return %1 : tensor<2000x21xf64>
}

// What is made lies the other way: it is made first.
// CHECK: @transposed: 1 result equals the interpreter's
func.func @transposed(%x: tensor<512x4096xf32>, %w: tensor<512x24xf32>) -> tensor<4096x24xf32> {
  %0 = tjit.relu %x : (tensor<512x4096xf32>) -> tensor<512x4096xf32>
  %1 = tjit.permute %0 {dims = array<i64: 1, 0>} : (tensor<512x4096xf32>) -> tensor<4096x512xf32>
  %2 = tjit.matmul %1, %w : (tensor<4096x512xf32>, tensor<512x24xf32>) -> tensor<4096x24xf32>
  return %2 : tensor<4096x24xf32>
}

// Two products read it, as a gradient does.
// CHECK: @read_twice: 1 result equals the interpreter's
func.func @read_twice(%x: tensor<600x600xf32>, %w: tensor<600x600xf32>) -> tensor<600x600xf32> {
  %0 = tjit.relu %x : (tensor<600x600xf32>) -> tensor<600x600xf32>
  %1 = tjit.matmul %0, %0 : (tensor<600x600xf32>, tensor<600x600xf32>) -> tensor<600x600xf32>
  return %1 : tensor<600x600xf32>
}

// It is a result itself.
// CHECK: @returned: 2 results equal the interpreter's
func.func @returned(%x: tensor<4096x512xf32>, %w: tensor<512x24xf32>) -> (tensor<4096x512xf32>, tensor<4096x24xf32>) {
  %0 = tjit.relu %x : (tensor<4096x512xf32>) -> tensor<4096x512xf32>
  %1 = tjit.matmul %0, %w : (tensor<4096x512xf32>, tensor<512x24xf32>) -> tensor<4096x24xf32>
  return %0, %1 : tensor<4096x512xf32>, tensor<4096x24xf32>
}

// Products with a vector pack nothing.
// CHECK: @dots: 1 result equals the interpreter's
func.func @dots(%x: tensor<4096x512xf32>, %w: tensor<512x1xf32>) -> tensor<4096x1xf32> {
  %0 = tjit.relu %x : (tensor<4096x512xf32>) -> tensor<4096x512xf32>
  %1 = tjit.matmul %0, %w : (tensor<4096x512xf32>, tensor<512x1xf32>) -> tensor<4096x1xf32>
  return %1 : tensor<4096x1xf32>
}

// A cache holds what is made, and the product reads it where it is.
// CHECK: @small: 1 result equals the interpreter's
func.func @small(%x: tensor<64x128xf32>, %w: tensor<128x10xf32>) -> tensor<64x10xf32> {
  %0 = tjit.relu %x : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %1 = tjit.matmul %0, %w : (tensor<64x128xf32>, tensor<128x10xf32>) -> tensor<64x10xf32>
  return %1 : tensor<64x10xf32>
}

// What stands between two products stays with the first one.
// CHECK: @layers: 1 result equals the interpreter's
func.func @layers(%x: tensor<2000x300xf32>, %w: tensor<300x512xf32>, %b: tensor<512xf32>, %v: tensor<512x24xf32>) -> tensor<2000x24xf32> {
  %0 = tjit.matmul %x, %w : (tensor<2000x300xf32>, tensor<300x512xf32>) -> tensor<2000x512xf32>
  %1 = tjit.add %0, %b : (tensor<2000x512xf32>, tensor<512xf32>) -> tensor<2000x512xf32>
  %2 = tjit.relu %1 : (tensor<2000x512xf32>) -> tensor<2000x512xf32>
  %3 = tjit.matmul %2, %v : (tensor<2000x512xf32>, tensor<512x24xf32>) -> tensor<2000x24xf32>
  return %3 : tensor<2000x24xf32>
}
