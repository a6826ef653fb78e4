//===- Emit.h - from kernels to position-independent machine code -----------------------------===//
//
// The interfaces between the driver (plans, caches) and what makes code: the emitter of
// tjit.kernel, the emitter of matrix products, and the back end that turns a module of scf/vector
// functions into an image.
//
//   tjit.kernel --emitKernelX86--\
//   tjit.matmul --emitMatmulX86---+--> one module of func/scf/vector/arith --compileModule--> Image
//
// All kernels of a trace that the kernel cache does not hold go into one module, so that LLVM runs
// once.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/TensorType.h"
#include "tjit-compiler/Codegen/Extent.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tjit::ir {
class KernelOp;
} // namespace tjit::ir

namespace tjit::codegen {

/// The machine that code is made for. Part of every kernel's cache key.
struct TargetInfo {
  std::string cpu;      ///< name for LLVM's scheduling models
  std::string features; ///< "+avx2,+fma,...": from cpuid for "native", never from the name alone
  unsigned vectorBytes = 16; ///< 16, 32 or 64
  bool hasFma = false;
  bool hasRounding = false;                       ///< SSE4.1: to integral values
  bool hasHalf = false;                           ///< F16C: conversions of float16
  uint64_t l1Bytes = 32 << 10, l2Bytes = 1 << 20; ///< data caches of one core
  unsigned numThreads = 1; ///< workers that share a parallel launch; decides grain, never bits
};
/// `cpu`: "native", or a name LLVM knows ("haswell", "skylake-avx512"). Fails for an unknown name,
/// listing what helps.
llvm::Expected<TargetInfo> makeTarget(llvm::StringRef cpu, unsigned numThreads = 1);

/// One parallel loop of a kernel: `symbol(args, b, e, scratch)` for pieces [b, e) that cover [0,
/// range). Pieces hold at least `grain` indices (the last one may be shorter), may run at the same
/// time, and give the same bits however they are cut. A grain is worth a task: a range below it is
/// a part of one, which launches that run together make use of. `scratch` points to `scratchBytes`
/// bytes, 64-byte aligned, that belong to the running piece.
struct KernelLaunch {
  std::string symbol;
  int64_t range = 1, grain = 1;
  uint64_t scratchBytes = 0;
};

/// The numbers of a launch, and where they come from.
struct LaunchExtents {
  std::string symbol;
  Extent range = 1, grain = 1, scratchBytes = 0;
};

/// What the plan must know of an emitted kernel. The launches run one after the other with the same
/// args: addresses of the inputs, then of the results, then of `temporaryBytes` bytes of memory
/// that all of them share where that is not 0 (partial sums of a full reduction that several tasks
/// compute, packed panels). Results that continue a dest hold the dest's elements when the first
/// launch starts: dests themselves are not in args.
struct EmittedKernel {
  llvm::SmallVector<KernelLaunch, 1> launches;
  uint64_t temporaryBytes = 0;
  /// False: sums that are not complete pass through the memory of results, so nothing that is read
  /// at the same points may lie there.
  bool storesOnce = true;
  /// What the code reads where it serves many shapes: the last one of args is the address of these
  /// numbers, if there are any. `refused`: it would, but would be much slower than code for one
  /// shape.
  std::vector<int64_t> parameters;
  bool refused = false;
  /// The same numbers with where they come from: those of `parameters`, then range, grain and
  /// scratchBytes of each launch, then temporaryBytes. Empty where that was not kept.
  std::vector<Extent> origins;

  void take(const Parameters &read) {
    parameters = read.values();
    refused = read.areRefused();
  }
  /// Takes over what was read, and that launches have these ranges, grains and scratchBytes.
  void take(const Parameters &read, llvm::ArrayRef<LaunchExtents> extents, Extent temporary = 0);
  /// Replaces the numbers of `origins`.
  void set(llvm::ArrayRef<int64_t> numbers);
};

/// Emits `func.func @launch(!llvm.ptr args, i64 begin, i64 end, !llvm.ptr scratch)` for each launch
/// into `module`; their symbols begin with `symbol`. What the caller relies on:
/// - A result may be in the same memory as an input that is read through the same map: within one
/// vector of indices every
///   load comes before every store, and no load looks ahead of it.
/// - Operand addresses are aligned to their element only.
/// - A kernel over one dimension without reductions depends on its size in `range` alone (begin and
/// end count elements):
///   the driver reuses its code for every size. A domain of rank 0 is one point.
/// - Domains with a dimension of size 0 arrive only when it is a reduced one (the result is the
/// identity).
/// - A map's symbol s0 is the value of the 0-dim i64 input that `offsets` names, read when the
/// launch starts.
/// - What the body yields for a result has its element type: sums of integers are cast to i64 in
/// the body. Combined
///   16-bit floats accumulate in float32 and are rounded when they are stored (docs/numerics.md).
/// - Every operation in the body is elementwise, tjit.fill (a scalar constant), or tjit.index.
/// `varying` (VaryingNumbers of EmitMaps.h) are the numbers that the code reads from parameters: it
/// then serves every kernel for which the same code would be written.
/// Fails with an error at the kernel's location where it has no code for an operation or dtype (see
/// canEmit).
mlir::FailureOr<EmittedKernel> emitKernelX86(ir::KernelOp kernel, llvm::StringRef symbol,
                                             mlir::ModuleOp module, const TargetInfo &target,
                                             llvm::ArrayRef<uint64_t> varying = {});

/// Whether kernels may hold this operation with its element types: the fuser asks for elementwise
/// operations and reductions (sum, prod, amax, amin) on tensors and leaves what has no code to the
/// interpreter. Integer division, whose zero divisors are errors, is never fused, and neither is
/// what needs fused multiply-adds of float64 inside of a function with kNoFmaAttribute.
bool canEmit(mlir::Operation *op);

/// On a function: it is compiled for a machine without fused multiply-adds.
inline constexpr const char *kNoFmaAttribute = "tjit.no_fma";

/// A matrix product after its operands' views have been folded into strides (elements). The result
/// is dense, row-major [batch..., m, n]. Strides may be 0 (broadcast batches) but are not negative.
struct MatmulDescription {
  ScalarType dtype = ScalarType::Float;
  Extent m = 0, n = 0, k = 0;
  llvm::SmallVector<Extent, 2> batch, lhsBatchStrides, rhsBatchStrides;
  Extent lhsRowStride = 0, lhsColStride = 0; ///< of [m, k]
  Extent rhsRowStride = 0, rhsColStride = 0; ///< of [k, n]
  /// A tjit.kernel without reductions over [batch..., m, n] whose input `product` is the product,
  /// read element for element: it runs while the tile is in registers, its results replace the
  /// product's. Null: the product itself is the result. Its other inputs follow lhs and rhs in
  /// args; none of its results may be in the memory of one of them.
  mlir::Operation *epilogue = nullptr;
  unsigned product = 0;
  llvm::SmallVector<uint64_t> epilogueVarying; ///< VaryingNumbers of the epilogue
  /// A tjit.kernel with one dense result, which is the left (0) or right (1) operand in memory that
  /// is not there: it runs while the operand is packed. Its inputs stand in args behind the
  /// epilogue's, those of the left operand first; what stands in the operand's own place is not
  /// read. Null: the operand is memory.
  mlir::Operation *prologues[2] = {nullptr, nullptr};
  llvm::SmallVector<uint64_t> prologueVarying[2];
  mlir::Location location;

  explicit MatmulDescription(mlir::Location location) : location(location) {}
};

/// Args: lhs, rhs, (the epilogue's other inputs), (the prologues' inputs), results. Same promises
/// as emitKernelX86; accumulation order as in docs/numerics.md. m, n, k and the batch may be 0 (k =
/// 0: the result is 0). Fails where there is no code (canEmitMatmul).
mlir::FailureOr<EmittedKernel> emitMatmulX86(const MatmulDescription &matmul,
                                             llvm::StringRef symbol, mlir::ModuleOp module,
                                             const TargetInfo &target);
/// Whether emitMatmulX86 has code: for every dtype but bool; floating types need hardware fma. Of a
/// prologue also whether running it there pays.
bool canEmitMatmul(const MatmulDescription &matmul, const TargetInfo &target);

/// Machine code and constants in one block: position-independent, relocations applied, nothing
/// undefined, nothing writable. Entry points are offsets; the block is placed at a multiple of
/// `kImageAlignment`.
struct Image {
  std::vector<uint8_t> bytes;
  llvm::StringMap<uint64_t> entries;
};
inline constexpr uint64_t kImageAlignment = 64;

/// Where stages are written (TJIT_DUMP); a null sink costs nothing.
class DumpSink {
public:
  virtual ~DumpSink() = default;
  /// Replaces the file of that name ("llvm.ll") in the trace's folder.
  virtual void write(llvm::StringRef fileName, llvm::StringRef text) = 0;
};

/// Times of the back end in milliseconds, for the compile result.
struct BackendTimes {
  double lowerMs = 0, translateMs = 0, codegenMs = 0, flattenMs = 0;
};

/// Lowers `module` to the LLVM dialect in place, translates it, generates code (no opt pipeline,
/// codegen O1) and flattens the object. Writes "lowered.mlir", "llvm.ll" and "kernel.s" to `dump`.
/// Errors name what was refused (an undefined symbol, writable data). Thread-safe for modules of
/// different contexts.
llvm::Expected<Image> compileModule(mlir::ModuleOp module, const TargetInfo &target,
                                    DumpSink *dump = nullptr, BackendTimes *times = nullptr);

/// Dialects and translations that the emitters and the back end need, for a new context's registry.
void registerBackend(mlir::DialectRegistry &registry);

} // namespace tjit::codegen
