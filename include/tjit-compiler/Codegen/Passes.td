//===- Passes.td - the passes between the recorded program and emission ----------------*- tablegen -*-===//
//
// One pass, one file in lib/Codegen named after it. The pipelines that string them together are in Pipelines.cpp.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_CODEGEN_PASSES_TD
#define TJIT_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def TjitSimplify : Pass<"tjit-simplify", "::mlir::func::FuncOp"> {
  let summary = "Fold, canonicalize and merge equal operations of recorded programs";
  let description = [{
    Folds constants, brings operations into canonical form, merges operations that compute the same, and drops what nothing
    uses. One pass of its own and not `canonicalize, cse`: it knows that a recorded program is one block of pure operations,
    and collects the patterns of one dialect only, which keeps a compilation short.

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = tjit.neg %x : (tensor<4xf32>) -> tensor<4xf32>
      %1 = tjit.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
      %2 = tjit.exp %1 : (tensor<4xf32>) -> tensor<4xf32>
      %3 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
      %4 = tjit.add %2, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %4 : tensor<4xf32>
    }
    ```
    becomes
    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
      %1 = tjit.add %0, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %1 : tensor<4xf32>
    }
    ```
  }];
}

def TjitFuse : Pass<"tjit-fuse", "::mlir::func::FuncOp"> {
  let summary = "Gather elementwise operations and the reductions behind them into tjit.kernel";
  let description = [{
    Everything that an emitter has code for becomes part of a `tjit.kernel`: elementwise operations, reductions,
    creation, and views as index maps. Contractions stay operations, the views before them fold into operand strides;
    other operations stay for the interpreter and read strided operands.

    Operations of one domain, in row-major order of the same elements, share a kernel where no value that they need is
    made after it. What is cheap to recompute is, rather than stored and loaded. A kernel's domain is then collapsed:
    neighbouring dimensions that every map runs through as one become one, so that contiguous elementwise kernels have
    one dimension and do not depend on sizes. `docs/codegen.md` has the algorithm.

    A remark of category `fusion` says for each kernel what is in it, and for each copy why it is made.

    ```mlir
    func.func @f(%x: tensor<64x128xf32>, %b: tensor<128xf32>) -> tensor<64xf32> {
      %0 = tjit.add %x, %b : (tensor<64x128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
      %1 = tjit.exp %0 : (tensor<64x128xf32>) -> tensor<64x128xf32>
      %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = false} : (tensor<64x128xf32>) -> tensor<64xf32>
      return %2 : tensor<64xf32>
    }
    ```
    becomes
    ```mlir
    func.func @f(%x: tensor<64x128xf32>, %b: tensor<128xf32>) -> tensor<64xf32> {
      %0 = tjit.kernel domain [64, 128] reduce 1 ins(%x, %b : tensor<64x128xf32>, tensor<128xf32>)
        maps [affine_map<(d0, d1) -> (d0 * 128 + d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>]
        combiners ["add"] -> tensor<64xf32> {
      ^bb0(%a: f32, %c: f32):
        %1 = tjit.add %a, %c : (f32, f32) -> f32
        %2 = tjit.exp %1 : (f32) -> f32
        tjit.yield %2 : f32
      }
      return %0 : tensor<64xf32>
    }
    ```
  }];
  let options = [
    Option<"horizontalLimit", "horizontal-limit", "int64_t", "32768",
           "Operations that share no value are put into one kernel when their domain has at most this many points">,
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def TjitVerifyFused : Pass<"tjit-verify-fused", "::mlir::func::FuncOp"> {
  let summary = "Check what tjit-fuse promises the planner";
  let description = [{
    After fusion: no elementwise operation, reduction or creation that an emitter has code for stands outside a kernel;
    a view is used by contractions, interpreted operations and the return only, and is a strided read of memory with
    no offset; an operand of a kernel is memory and not a view. Changes nothing; fails at the first violation.
  }];
}

#endif // TJIT_CODEGEN_PASSES_TD
