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

def TjitDecompose : Pass<"tjit-decompose", "::mlir::func::FuncOp"> {
  let summary = "Write operations that have no loops of their own with those that have";
  let description = [{
    `argmax` and `argmin` become the smallest index at which the extremum stands, or NaN; `concat` becomes writes that
    cover new memory. So they fuse with what surrounds them, and emitters know nothing of them. After `tjit-simplify`,
    whose folds are about the operations that a program records; the bits are those of docs/numerics.md.

    ```mlir
    func.func @f(%x: tensor<3xf32>, %y: tensor<5xf32>) -> tensor<8xf32> {
      %0 = tjit.concat %x, %y {dim = 0 : i64} : (tensor<3xf32>, tensor<5xf32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    ```
    becomes
    ```mlir
    func.func @f(%x: tensor<3xf32>, %y: tensor<5xf32>) -> tensor<8xf32> {
      %0 = tjit.empty : tensor<8xf32>
      %1 = tjit.fill {dtype = i64, sizes = array<i64>, value = 0.0 : f64} : () -> tensor<i64>
      %2 = tjit.write_view %0, %x, %1 {sizes = array<i64: 3>, strides = array<i64: 1>}
           : (tensor<8xf32>, tensor<3xf32>, tensor<i64>) -> tensor<8xf32>
      %3 = tjit.fill {dtype = i64, sizes = array<i64>, value = 3.0 : f64} : () -> tensor<i64>
      %4 = tjit.write_view %2, %y, %3 {sizes = array<i64: 5>, strides = array<i64: 1>}
           : (tensor<8xf32>, tensor<5xf32>, tensor<i64>) -> tensor<8xf32>
      return %4 : tensor<8xf32>
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

    In a function with the attribute `tjit.unfused` every operation that is not cheap enough to be computed where it is
    used has a kernel of its own: few different ones, so that a long trace needs little new code.

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

def TjitShareLaunches : Pass<"tjit-share-launches", "::mlir::func::FuncOp"> {
  let summary = "Let kernels and contractions that do not need each other run at the same time";
  let description = [{
    A launch is shared out among the workers once, whatever it is made of: all updates of an optimizer's step are one. An
    operation joins the last launch before it, behind all that it reads, where what it leaves for later operations is
    small and nothing that it, or another one of the launch, may write in place is read by somebody else then. Members
    of a launch become neighbours with the same `tjit.launch`; their code stays their own (docs/adr/0015).

    A remark of category `fusion` says what each shared launch is made of.

    ```mlir
    func.func @f(%w: tensor<784x256xf32>, %b: tensor<256xf32>) -> (tensor<784x256xf32>, tensor<256xf32>) {
      %0 = tjit.kernel domain [200704] ins(%w : tensor<784x256xf32>) ...
      %1 = tjit.kernel domain [256] ins(%b : tensor<256xf32>) ...
      return %0, %1 : tensor<784x256xf32>, tensor<256xf32>
    }
    ```
    becomes
    ```mlir
    func.func @f(%w: tensor<784x256xf32>, %b: tensor<256xf32>) -> (tensor<784x256xf32>, tensor<256xf32>) {
      %0 = tjit.kernel domain [200704] ins(%w : tensor<784x256xf32>) ... {tjit.launch = 0 : i64} ...
      %1 = tjit.kernel domain [256] ins(%b : tensor<256xf32>) ... {tjit.launch = 0 : i64} ...
      return %0, %1 : tensor<784x256xf32>, tensor<256xf32>
    }
    ```
  }];
  let options = [
    Option<"leftLimit", "left-limit", "int64_t", "1048576",
           "Bytes that a member of a shared launch may leave for later operations of the program">,
    Option<"maxMembers", "max-members", "unsigned", "64", "Operations of one launch">,
    Option<"searchDepth", "search-depth", "unsigned", "64",
           "How many of the last launches an operation may join: keeps the pass linear in the length of a trace">,
  ];
}

def TjitVerifyFused : Pass<"tjit-verify-fused", "::mlir::func::FuncOp"> {
  let summary = "Check what tjit-fuse promises the planner";
  let description = [{
    After fusion: no elementwise operation, reduction or creation that an emitter has code for stands outside a kernel;
    a view is used by contractions, interpreted operations and the return only, and is a strided read of memory with
    no offset; an operand of a kernel is memory and not a view; operations of one launch are neighbours, and none reads what
    another one makes. Changes nothing; fails at the first violation.
  }];
}

def TjitToNvptx : Pass<"tjit-to-nvptx", "::mlir::ModuleOp"> {
  let summary = "Emit each tjit.kernel as a function of a gpu.module";
  let description = [{
    Adds a `gpu.module @kernels` with one `gpu.func @<function>_kernel<n>` for each kernel, in order; the program stays. A
    function takes the operands' addresses in global memory (inputs, then results; those that continue a dest hold its
    elements) and a count: of points, or of results of a reduction. Its loops stride over the grid, so any number of
    blocks is right; a block has 128 threads. Elementwise kernels have a thread per point. Reductions with 64 lanes have
    a warp per result whose threads hold two lanes each; with one lane, a thread per result: the order of
    docs/numerics.md. `--emit=ptx` of tjit-opt prints the PTX.

    ```mlir
    func.func @f(%x: tensor<100xf32>) -> tensor<100xf32> {
      %0 = tjit.kernel domain [100] ins(%x : tensor<100xf32>)
        maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] combiners ["none"] -> tensor<100xf32> {
      ^bb0(%a: f32):
        %1 = tjit.neg %a : (f32) -> f32
        tjit.yield %1 : f32
      }
      return %0 : tensor<100xf32>
    }
    ```
    adds
    ```mlir
    gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
      gpu.func @f_kernel0(%x: !llvm.ptr<1>, %out: !llvm.ptr<1>, %count: i64) kernel {
        ...
        scf.for %i = %thread to %count step %threads : i64 {
          %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
          %v = llvm.load %p : !llvm.ptr<1> -> f32
          %w = arith.negf %v : f32
          %q = llvm.getelementptr %out[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
          llvm.store %w, %q : f32, !llvm.ptr<1>
        }
        gpu.return
      }
    }
    ```
  }];
  let options = [Option<"chip", "chip", "std::string", "\"sm_80\"", "GPU architecture: sm_70, sm_80, sm_90">];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::NVVM::NVVMDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

#endif // TJIT_CODEGEN_PASSES_TD
