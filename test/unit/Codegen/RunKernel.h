//===- RunKernel.h ----------------------------------------------------------------------------===//
// Emits, compiles and runs one kernel in a test.
#pragma once

#include "LoadedImage.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>
#include <string>
#include <vector>

namespace tjit::codegen {

/// A kernel in pieces of MLIR's syntax.
struct KernelText {
  std::vector<std::string> inputs = {};  ///< types: "tensor<8xf32>"
  std::vector<std::string> results = {}; ///< types
  std::vector<int64_t> domain = {};
  int64_t reductions = 0, lanes = 64;
  std::vector<std::string> maps = {};      ///< "(d0) -> (d0)", of inputs, then dests, then results
  std::vector<std::string> combiners = {}; ///< default: all "none"
  std::string body = {};                   ///< on %a0, %a1, ...; its last line is the tjit.yield
  std::vector<int64_t> offsets = {};       ///< default: all -1
  std::vector<std::string> dests = {};     ///< types
};

class RunKernel {
public:
  /// Fails the running test where something goes wrong; then `ok` is false.
  explicit RunKernel(const KernelText &text, llvm::StringRef cpu = "native",
                     unsigned numThreads = 1);
  ~RunKernel();
  /// Runs all launches on `args` (inputs, then results), each cut into about `pieces` parts, the
  /// last part first.
  void operator()(std::vector<void *> args, int64_t pieces = 1);

  bool ok = false;
  EmittedKernel emitted;
  Image image;

private:
  std::unique_ptr<LoadedImage> loaded;
};

/// The CPUs that tests of code run on: those of the list that this machine can run.
std::vector<std::string> runnableCpus();
/// `cpu` as a part of a test's name.
std::string nameOf(const std::string &cpu);

} // namespace tjit::codegen
