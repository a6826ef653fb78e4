//===- GemmTestSupport.h - compiles a matrix product, runs it, and computes it in plain loops -===//
#pragma once

#include "LoadedImage.h"
#include "tjit-compiler/Codegen/Emit.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tjit::codegen::test {

/// Shapes and layouts of a product; makes a MatmulDescription and the operands for it.
struct GemmCase {
  enum Layout { rowMajor, transposed, strided };

  int64_t m, k, n;
  ScalarType dtype = ScalarType::Float;
  Layout lhs = rowMajor, rhs = rowMajor;
  std::vector<int64_t> batch = {};
  bool broadcastLhs = false, broadcastRhs = false; ///< over the batch
  int64_t padding = 0;                             ///< added to every row's length in memory

  MatmulDescription describe(mlir::MLIRContext &context) const;
  std::string name() const;
  int64_t batchCount() const;
  int64_t resultElements() const { return batchCount() * m * n; }
};

/// A product's machine code, executable.
class CompiledGemm {
public:
  /// Fails the program with a message where code cannot be made.
  CompiledGemm(const GemmCase &gemm, const TargetInfo &target, DumpSink *dump = nullptr);

  /// Runs the whole range, in pieces of `piece` indices (0: one piece), in the order last to first:
  /// pieces are independent.
  void run(const void *lhs, const void *rhs, void *result, int64_t piece = 0);

  EmittedKernel kernel;
  size_t codeBytes = 0;
  double emitMs = 0;
  BackendTimes times;

private:
  using Entry = void(const void *const *, int64_t, int64_t, void *);
  std::unique_ptr<LoadedImage> code;
  std::vector<Entry *> entries;
  std::vector<uint8_t> scratch, shared;
};

/// Operand bytes with small, exactly reproducible values; `seed` chooses them.
std::vector<uint8_t> operandBytes(const GemmCase &gemm, bool isRhs, uint64_t seed);

/// Bytes from the operand's first element to behind its last one.
size_t operandExtent(const GemmCase &gemm, bool isRhs);

/// Memory whose last byte is followed by a page that faults.
class GuardedBytes {
public:
  explicit GuardedBytes(const std::vector<uint8_t> &content, size_t size);
  ~GuardedBytes();
  GuardedBytes(const GuardedBytes &) = delete;
  uint8_t *data() const { return first; }

private:
  void *mapping;
  size_t mappedBytes;
  uint8_t *first;
};

/// docs/numerics.md, word by word.
std::vector<uint8_t> referenceProduct(const GemmCase &gemm, const std::vector<uint8_t> &lhs,
                                      const std::vector<uint8_t> &rhs);

/// Whether this machine can run code for `target`.
bool canRun(const TargetInfo &target);

} // namespace tjit::codegen::test
