// Kernels that do not need each other are one launch; every bit stays.
// RUN: tjit-opt %s --tjit-fuse --tjit-share-launches --tjit-verify-fused | FileCheck %s
// RUN: tjit-opt %s --tjit-fuse --tjit-share-launches --remarks-filter=fusion -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: tjit-run %s --function=momentum --plan | FileCheck %s --check-prefix=PLAN
// RUN: tjit-run %s --function=sums --plan | FileCheck %s --check-prefix=SUMS
// RUN: tjit-run %s --all --compare | FileCheck %s --check-prefix=BITS
// RUN: tjit-run %s --all --compare --cpu=haswell | FileCheck %s --check-prefix=BITS

// The step of an optimizer, SGD with momentum, for the parameters of the demo: weights and biases whose gradients are there. A kernel
// for each shape, one launch of all.
// CHECK-LABEL: func.func @momentum
// CHECK: tjit.kernel domain [200704] {{.*}}tjit.launch = 0
// CHECK: tjit.kernel domain [256] {{.*}}tjit.launch = 0
// CHECK: tjit.kernel domain [2560] {{.*}}tjit.launch = 0
// CHECK: tjit.kernel domain [10] {{.*}}tjit.launch = 0
// CHECK-NOT: tjit.kernel
// REMARK: remark: {{.*}}launch{{.*}}one launch of 4: a kernel over 200704, a kernel over 256, a kernel over 2560, a kernel over 10
// PLAN: step 0: launch
// PLAN-NEXT: step 1: same launch
// PLAN-NEXT: step 2: same launch
// PLAN-NEXT: step 3: same launch
// PLAN-NOT: step 4
// BITS: @momentum: 8 results equal the interpreter's
func.func @momentum(%w1: tensor<784x256xf32>, %g1: tensor<784x256xf32>, %m1: tensor<784x256xf32>,
                    %b1: tensor<256xf32>, %h1: tensor<256xf32>, %n1: tensor<256xf32>,
                    %w2: tensor<256x10xf32>, %g2: tensor<256x10xf32>, %m2: tensor<256x10xf32>,
                    %b2: tensor<10xf32>, %h2: tensor<10xf32>, %n2: tensor<10xf32>,
                    %lr: tensor<f32>, %momentum: tensor<f32>)
    -> (tensor<784x256xf32> {tjit.donor = 0 : i64}, tensor<784x256xf32> {tjit.donor = 2 : i64},
        tensor<256xf32> {tjit.donor = 3 : i64}, tensor<256xf32> {tjit.donor = 5 : i64},
        tensor<256x10xf32> {tjit.donor = 6 : i64}, tensor<256x10xf32> {tjit.donor = 8 : i64},
        tensor<10xf32> {tjit.donor = 9 : i64}, tensor<10xf32> {tjit.donor = 11 : i64}) {
  %0 = tjit.mul %m1, %momentum : (tensor<784x256xf32>, tensor<f32>) -> tensor<784x256xf32>
  %1 = tjit.add %0, %g1 : (tensor<784x256xf32>, tensor<784x256xf32>) -> tensor<784x256xf32>
  %2 = tjit.mul %1, %lr : (tensor<784x256xf32>, tensor<f32>) -> tensor<784x256xf32>
  %3 = tjit.sub %w1, %2 : (tensor<784x256xf32>, tensor<784x256xf32>) -> tensor<784x256xf32>
  %4 = tjit.mul %n1, %momentum : (tensor<256xf32>, tensor<f32>) -> tensor<256xf32>
  %5 = tjit.add %4, %h1 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xf32>
  %6 = tjit.mul %5, %lr : (tensor<256xf32>, tensor<f32>) -> tensor<256xf32>
  %7 = tjit.sub %b1, %6 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xf32>
  %8 = tjit.mul %m2, %momentum : (tensor<256x10xf32>, tensor<f32>) -> tensor<256x10xf32>
  %9 = tjit.add %8, %g2 : (tensor<256x10xf32>, tensor<256x10xf32>) -> tensor<256x10xf32>
  %10 = tjit.mul %9, %lr : (tensor<256x10xf32>, tensor<f32>) -> tensor<256x10xf32>
  %11 = tjit.sub %w2, %10 : (tensor<256x10xf32>, tensor<256x10xf32>) -> tensor<256x10xf32>
  %12 = tjit.mul %n2, %momentum : (tensor<10xf32>, tensor<f32>) -> tensor<10xf32>
  %13 = tjit.add %12, %h2 : (tensor<10xf32>, tensor<10xf32>) -> tensor<10xf32>
  %14 = tjit.mul %13, %lr : (tensor<10xf32>, tensor<f32>) -> tensor<10xf32>
  %15 = tjit.sub %b2, %14 : (tensor<10xf32>, tensor<10xf32>) -> tensor<10xf32>
  return %3, %1, %7, %5, %11, %9, %15, %13 : tensor<784x256xf32>, tensor<784x256xf32>, tensor<256xf32>, tensor<256xf32>,
    tensor<256x10xf32>, tensor<256x10xf32>, tensor<10xf32>, tensor<10xf32>
}

// The second update reads what may be written over by the first one: the memory of %w.
// CHECK-LABEL: func.func @reads_what_is_updated
// CHECK-NOT: tjit.launch
// BITS: @reads_what_is_updated: 2 results equal the interpreter's
func.func @reads_what_is_updated(%w: tensor<500x128xf32>, %g: tensor<500x128xf32>, %v: tensor<128xf32>)
    -> (tensor<500x128xf32> {tjit.donor = 0 : i64}, tensor<128xf32>) {
  %0 = tjit.sub %w, %g : (tensor<500x128xf32>, tensor<500x128xf32>) -> tensor<500x128xf32>
  %1 = tjit.fill {dtype = i64, sizes = array<i64>, value = 128.0 : f64} : () -> tensor<i64>
  %2 = tjit.as_strided %w, %1 {sizes = array<i64: 128>, strides = array<i64: 3>} : (tensor<500x128xf32>, tensor<i64>) -> tensor<128xf32>
  %3 = tjit.mul %2, %v : (tensor<128xf32>, tensor<128xf32>) -> tensor<128xf32>
  return %0, %3 : tensor<500x128xf32>, tensor<128xf32>
}

// Writes to overlapping parts of one tensor happen in their order.
// CHECK-LABEL: func.func @overlapping_writes
// CHECK-NOT: tjit.launch
// BITS: @overlapping_writes: 1 result equals the interpreter's
func.func @overlapping_writes(%x: tensor<900x100xf32>, %a: tensor<400x100xf32>, %b: tensor<70xf32>, %o: tensor<i64>, %p: tensor<i64>) -> tensor<900x100xf32> {
  %0 = tjit.write_view %x, %a, %o {sizes = array<i64: 400, 100>, strides = array<i64: 200, 1>}
    : (tensor<900x100xf32>, tensor<400x100xf32>, tensor<i64>) -> tensor<900x100xf32>
  %1 = tjit.write_view %0, %b, %p {sizes = array<i64: 70>, strides = array<i64: 50>}
    : (tensor<900x100xf32>, tensor<70xf32>, tensor<i64>) -> tensor<900x100xf32>
  return %1 : tensor<900x100xf32>
}

// Each of two writes has the base as it was: the one that is in place may not run beside the copy of the other one.
// CHECK-LABEL: func.func @writes_to_one_base
// CHECK-NOT: tjit.launch
// BITS: @writes_to_one_base: 2 results equal the interpreter's
func.func @writes_to_one_base(%x: tensor<900x100xf32>, %a: tensor<40000xf32>, %b: tensor<70xf32>, %o: tensor<i64>) -> (tensor<900x100xf32>, tensor<900x100xf32>) {
  %0 = tjit.exp %x : (tensor<900x100xf32>) -> tensor<900x100xf32>
  %1 = tjit.write_view %0, %a, %o {sizes = array<i64: 40000>, strides = array<i64: 2>}
    : (tensor<900x100xf32>, tensor<40000xf32>, tensor<i64>) -> tensor<900x100xf32>
  %2 = tjit.write_view %0, %b, %o {sizes = array<i64: 70>, strides = array<i64: 50>}
    : (tensor<900x100xf32>, tensor<70xf32>, tensor<i64>) -> tensor<900x100xf32>
  return %1, %2 : tensor<900x100xf32>, tensor<900x100xf32>
}

// What the second kernel leaves for the product is more than a cache should keep: it stays where it is.
// CHECK-LABEL: func.func @large_intermediate
// CHECK-NOT: tjit.launch
// BITS: @large_intermediate: 2 results
func.func @large_intermediate(%x: tensor<100x70xf32>, %y: tensor<1024x1024xf32>, %z: tensor<1024x1024xf32>) -> (tensor<100x70xf32>, tensor<1024x1024xf32>) {
  %0 = tjit.exp %x : (tensor<100x70xf32>) -> tensor<100x70xf32>
  %1 = tjit.exp %y : (tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  %2 = tjit.matmul %1, %z : (tensor<1024x1024xf32>, tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  return %0, %2 : tensor<100x70xf32>, tensor<1024x1024xf32>
}

// A gather waits for the check of its indices.
// CHECK-LABEL: func.func @gather
// CHECK: tjit.kernel domain [100000]
// CHECK-NOT: tjit.launch
// CHECK: tjit.check_indices
// CHECK: tjit.kernel
// BITS: @gather: 2 results equal the interpreter's
func.func @gather(%x: tensor<100000xf32>, %t: tensor<50x40xf32>, %i: tensor<30x40xi64>) -> (tensor<100000xf32>, tensor<30x40xf32>) {
  %0 = tjit.exp %x : (tensor<100000xf32>) -> tensor<100000xf32>
  %1 = tjit.gather %t, %i {dim = 0 : i64} : (tensor<50x40xf32>, tensor<30x40xi64>) -> tensor<30x40xf32>
  return %0, %1 : tensor<100000xf32>, tensor<30x40xf32>
}

// Sums of one tensor in two ways, and an update: their launches run together, those that combine partial sums behind them.
// CHECK-LABEL: func.func @sums
// CHECK-COUNT-2: tjit.launch = 0
// REMARK: remark: {{.*}}launch{{.*}}one launch of 2: a kernel over 150000, a kernel over 70000
// SUMS: step 0: launch
// SUMS-NEXT: step 1: same launch
// BITS: @sums: 2 results equal the interpreter's
func.func @sums(%x: tensor<300x500xf32>, %y: tensor<70000xf32>) -> (tensor<f32>, tensor<70000xf32>) {
  %0 = tjit.sum %x {dims = array<i64: 0, 1>, keepdim = false} : (tensor<300x500xf32>) -> tensor<f32>
  %1 = tjit.exp %y : (tensor<70000xf32>) -> tensor<70000xf32>
  return %0, %1 : tensor<f32>, tensor<70000xf32>
}
