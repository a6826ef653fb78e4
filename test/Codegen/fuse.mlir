// RUN: tjit-opt %s --tjit-fuse --tjit-verify-fused --mlir-print-local-scope | FileCheck %s

// A chain and the row reduction behind it are one kernel; the bias is broadcast by its map.
// CHECK-LABEL: func.func @row_sums
// CHECK: tjit.kernel domain [64, 128] reduce 1 ins(%arg0, %arg1
// CHECK-SAME: maps [affine_map<(d0, d1) -> (d0 * 128 + d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>]
// CHECK-SAME: combiners ["add"]
// CHECK: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT: %[[S:.*]] = tjit.add %[[A]], %[[B]]
// CHECK-NEXT: %[[E:.*]] = tjit.exp %[[S]]
// CHECK-NEXT: tjit.yield %[[E]]
func.func @row_sums(%x: tensor<64x128xf32>, %b: tensor<128xf32>) -> tensor<64xf32> {
  %0 = tjit.add %x, %b : (tensor<64x128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
  %1 = tjit.exp %0 : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = false} : (tensor<64x128xf32>) -> tensor<64xf32>
  return %2 : tensor<64xf32>
}

// Contiguous elementwise kernels have one dimension, whatever the rank is.
// CHECK-LABEL: func.func @collapses
// CHECK: tjit.kernel domain [210]
func.func @collapses(%x: tensor<5x6x7xf32>, %s: tensor<f32>) -> tensor<5x6x7xf32> {
  %0 = tjit.mul %x, %s : (tensor<5x6x7xf32>, tensor<f32>) -> tensor<5x6x7xf32>
  return %0 : tensor<5x6x7xf32>
}

// Lanes come from the dimensions of the recorded reduction: not the operand's last ones here.
// CHECK-LABEL: func.func @column_sums
// CHECK: tjit.kernel domain [128, 64] reduce 1 lanes 1
// CHECK-SAME: affine_map<(d0, d1) -> (d0 + d1 * 128)>, affine_map<(d0, d1) -> (d0)>
func.func @column_sums(%x: tensor<64x128xf32>) -> tensor<128xf32> {
  %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<64x128xf32>) -> tensor<128xf32>
  return %0 : tensor<128xf32>
}

// A row softmax is one kernel of three passes over a row, which is in cache after the first.
// CHECK-LABEL: func.func @softmax
// CHECK: tjit.kernel domain [64, 128] reduce 1 ins(%arg0
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT: %[[M:.*]] = tjit.fold "max" %[[X]] : f32
// CHECK-NEXT: %[[D:.*]] = tjit.sub %[[X]], %[[M]]
// CHECK-NEXT: %[[E:.*]] = tjit.exp %[[D]]
// CHECK-NEXT: %[[S:.*]] = tjit.fold "add" %[[E]] : f32
// CHECK-NEXT: %[[R:.*]] = tjit.div %[[E]], %[[S]]
// CHECK-NEXT: tjit.yield %[[R]]
// CHECK-NOT: tjit.kernel
// CHECK: return
func.func @softmax(%x: tensor<64x128xf32>) -> tensor<64x128xf32> {
  %m = tjit.amax %x {dims = array<i64: 1>, keepdim = true} : (tensor<64x128xf32>) -> tensor<64x1xf32>
  %0 = tjit.sub %x, %m : (tensor<64x128xf32>, tensor<64x1xf32>) -> tensor<64x128xf32>
  %1 = tjit.exp %0 : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = true} : (tensor<64x128xf32>) -> tensor<64x1xf32>
  %3 = tjit.div %1, %2 : (tensor<64x128xf32>, tensor<64x1xf32>) -> tensor<64x128xf32>
  return %3 : tensor<64x128xf32>
}

// A cheap mask is computed again in another kernel instead of being stored: sums of rows and of columns go over memory in
// different orders.
// CHECK-LABEL: func.func @recomputes_masks
// CHECK: tjit.kernel domain [64, 128] reduce 1 ins(%arg0, %arg1 :
// CHECK: tjit.gt
// CHECK: tjit.kernel domain [128, 64] reduce 1 lanes 1 ins(%arg0, %arg1 :
// CHECK: tjit.gt
func.func @recomputes_masks(%x: tensor<64x128xf32>, %s: tensor<f32>) -> (tensor<64xi64>, tensor<128xi64>) {
  %0 = tjit.gt %x, %s : (tensor<64x128xf32>, tensor<f32>) -> tensor<64x128xi1>
  %1 = tjit.sum %0 {dims = array<i64: 1>, keepdim = false} : (tensor<64x128xi1>) -> tensor<64xi64>
  %2 = tjit.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<64x128xi1>) -> tensor<128xi64>
  return %1, %2 : tensor<64xi64>, tensor<128xi64>
}

// Siblings of one domain share a kernel.
// CHECK-LABEL: func.func @siblings
// CHECK: tjit.kernel domain [100]
// CHECK-SAME: -> (tensor<100xf32>, tensor<10x10xf32>)
// CHECK-NOT: tjit.kernel
func.func @siblings(%x: tensor<100xf32>, %y: tensor<10x10xf32>) -> (tensor<100xf32>, tensor<10x10xf32>) {
  %0 = tjit.exp %x : (tensor<100xf32>) -> tensor<100xf32>
  %1 = tjit.sin %y : (tensor<10x10xf32>) -> tensor<10x10xf32>
  return %0, %1 : tensor<100xf32>, tensor<10x10xf32>
}

// Views are maps: a permutation through a reshape refines the domain.
// CHECK-LABEL: func.func @views
// CHECK: tjit.kernel domain [6, 4] ins(%arg0
// CHECK-SAME: maps [affine_map<(d0, d1) -> (d0 + d1 * 6)>, affine_map<(d0, d1) -> (d0 * 4 + d1)>]
func.func @views(%x: tensor<4x6xf32>) -> tensor<24xf32> {
  %0 = tjit.permute %x {dims = array<i64: 1, 0>} : (tensor<4x6xf32>) -> tensor<6x4xf32>
  %1 = tjit.reshape %0 {sizes = array<i64: 24>} : (tensor<6x4xf32>) -> tensor<24xf32>
  %2 = tjit.sin %1 : (tensor<24xf32>) -> tensor<24xf32>
  return %2 : tensor<24xf32>
}

// CHECK-LABEL: func.func @flips
// CHECK: maps [affine_map<(d0) -> (-d0 + 6)>, affine_map<(d0) -> (d0)>]
func.func @flips(%x: tensor<7xf32>) -> tensor<7xf32> {
  %0 = tjit.flip %x {dims = array<i64: 0>} : (tensor<7xf32>) -> tensor<7xf32>
  %1 = tjit.exp %0 : (tensor<7xf32>) -> tensor<7xf32>
  return %1 : tensor<7xf32>
}

// A dynamic offset is the symbol of a map; a second one needs a copy.
// CHECK-LABEL: func.func @offsets
// CHECK: %[[C:.*]] = tjit.kernel domain [8] ins(%arg0, %arg1
// CHECK-SAME: maps [affine_map<(d0)[s0] -> (d0 + s0 * 4)>
// CHECK-SAME: offsets [1, -1]
// CHECK: tjit.kernel domain [2, 2] ins(%[[C]], %arg2
// CHECK-SAME: offsets [1, -1]
func.func @offsets(%x: tensor<8x4xf32>, %i: tensor<i64>, %j: tensor<i64>) -> tensor<2x2xf32> {
  %0 = tjit.slice %x, %i {dim = 0 : i64, size = 2 : i64, step = 1 : i64} : (tensor<8x4xf32>, tensor<i64>) -> tensor<2x4xf32>
  %1 = tjit.slice %0, %j {dim = 1 : i64, size = 2 : i64, step = 1 : i64} : (tensor<2x4xf32>, tensor<i64>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// An argument's strides are in its map.
// CHECK-LABEL: func.func @strided_argument
// CHECK: affine_map<(d0, d1) -> (d0 + d1 * 64)>
func.func @strided_argument(%x: tensor<64x32xf32> {tjit.strides = array<i64: 1, 64>}) -> tensor<64x32xf32> {
  %0 = tjit.exp %x : (tensor<64x32xf32>) -> tensor<64x32xf32>
  return %0 : tensor<64x32xf32>
}

// The write stores through a strided map into its base; the value that it writes is fused into it.
// CHECK-LABEL: func.func @write
// CHECK: tjit.kernel domain [4] ins(%arg1, %arg2 : tensor<4xf32>, tensor<i64>) dests(%arg0 : tensor<8x4xf32>)
// CHECK-SAME: offsets [-1, -1, 1]
// CHECK: tjit.exp
func.func @write(%x: tensor<8x4xf32>, %v: tensor<4xf32>, %o: tensor<i64>) -> tensor<8x4xf32> {
  %0 = tjit.exp %v : (tensor<4xf32>) -> tensor<4xf32>
  %1 = tjit.write_view %x, %0, %o {sizes = array<i64: 4>, strides = array<i64: 1>} : (tensor<8x4xf32>, tensor<4xf32>, tensor<i64>) -> tensor<8x4xf32>
  return %1 : tensor<8x4xf32>
}

// A one-hot comparison needs neither the indices nor the mask in memory.
// CHECK-LABEL: func.func @one_hot
// CHECK: tjit.kernel domain [64, 10] ins(%arg0
// CHECK: tjit.index affine_map<(d0, d1) -> (d1)>
// CHECK-NEXT: tjit.eq
// CHECK-NEXT: tjit.cast
func.func @one_hot(%t: tensor<64xi64>) -> tensor<64x10xf32> {
  %0 = tjit.iota {size = 10 : i64} : () -> tensor<10xi64>
  %1 = tjit.reshape %t {sizes = array<i64: 64, 1>} : (tensor<64xi64>) -> tensor<64x1xi64>
  %2 = tjit.eq %0, %1 : (tensor<10xi64>, tensor<64x1xi64>) -> tensor<64x10xi1>
  %3 = tjit.cast %2 {dtype = f32} : (tensor<64x10xi1>) -> tensor<64x10xf32>
  return %3 : tensor<64x10xf32>
}

// Contractions read transposed operands where they are; what follows is a kernel.
// CHECK-LABEL: func.func @linear
// CHECK: %[[T:.*]] = tjit.permute %arg1
// CHECK: %[[P:.*]] = tjit.matmul %arg0, %[[T]]
// CHECK: tjit.kernel domain [64, 256] ins(%[[P]], %arg2
func.func @linear(%x: tensor<64x784xf32>, %w: tensor<256x784xf32>, %b: tensor<256xf32>) -> tensor<64x256xf32> {
  %0 = tjit.permute %w {dims = array<i64: 1, 0>} : (tensor<256x784xf32>) -> tensor<784x256xf32>
  %1 = tjit.matmul %x, %0 : (tensor<64x784xf32>, tensor<784x256xf32>) -> tensor<64x256xf32>
  %2 = tjit.add %1, %b : (tensor<64x256xf32>, tensor<256xf32>) -> tensor<64x256xf32>
  %3 = tjit.relu %2 : (tensor<64x256xf32>) -> tensor<64x256xf32>
  return %3 : tensor<64x256xf32>
}

// Sums of integers are int64: the body casts.
// CHECK-LABEL: func.func @sum_of_bools
// CHECK: tjit.cast %{{.*}} {dtype = i64} : (i1) -> i64
// CHECK-NEXT: tjit.yield %{{.*}} : i64
func.func @sum_of_bools(%x: tensor<9xi1>) -> tensor<i64> {
  %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<9xi1>) -> tensor<i64>
  return %0 : tensor<i64>
}

// Integer division can fail, so it is not computed where its value might not be wanted.
// CHECK-LABEL: func.func @integer_division
// CHECK: tjit.floor_divide
// CHECK-NOT: tjit.kernel
func.func @integer_division(%x: tensor<9xi32>, %y: tensor<9xi32>) -> tensor<9xi32> {
  %0 = tjit.floor_divide %x, %y : (tensor<9xi32>, tensor<9xi32>) -> tensor<9xi32>
  return %0 : tensor<9xi32>
}

// Nothing is computed for a tensor without elements.
// CHECK-LABEL: func.func @empty
// CHECK: tjit.exp %arg0 : (tensor<0x3xf32>)
func.func @empty(%x: tensor<0x3xf32>) -> tensor<0x3xf32> {
  %0 = tjit.exp %x : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %0 : tensor<0x3xf32>
}

// Unfused: a kernel for each operation, but for what is cheap to compute where it is used.
// CHECK-LABEL: func.func @unfused
// CHECK: tjit.kernel domain [8192]
// CHECK: tjit.exp
// CHECK: tjit.kernel domain [8192]
// CHECK: tjit.tanh
// CHECK: tjit.kernel domain [64, 128] reduce 1
// CHECK-NOT: tjit.kernel
// CHECK: return
func.func @unfused(%x: tensor<64x128xf32>) -> tensor<64xf32> attributes {tjit.unfused} {
  %0 = tjit.exp %x : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %1 = tjit.tanh %0 : (tensor<64x128xf32>) -> tensor<64x128xf32>
  %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = false} : (tensor<64x128xf32>) -> tensor<64xf32>
  return %2 : tensor<64xf32>
}
