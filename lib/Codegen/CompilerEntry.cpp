//===- CompilerEntry.cpp ----------------------------------------------------------------------===//
// Tjit_compiler_entry, the C interface of libtjit_compiler.
//
// Decodes the trace, borrows a context, compiles on a thread of its own, and turns whatever goes
// wrong into an error string. LLVM ends the process on what it calls fatal errors; here such an
// error parks the compiling thread for good and the caller gets the message: the signature is then
// left to the interpreter.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/CompilerInterface.h"

#include "Codegen/CompileThread.h"
#include "Codegen/Compiler.h"
#include "Codegen/DumpFolder.h"
#include "IR/Dialect/Trace.h"
#include "IR/TraceKey.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>

using namespace mlir;

namespace tjit::codegen {
namespace {

/// Contexts that no thread uses, and the kernels that any of them has compiled. Lives as long as
/// the library.
class CompilerPool {
public:
  std::unique_ptr<CompilerContext> take() {
    {
      std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto context = std::move(idle.back());
        idle.pop_back();
        return context;
      }
    }
    return std::make_unique<CompilerContext>();
  }
  void give(std::unique_ptr<CompilerContext> context) {
    // Types and attributes are never freed by a context, so it is replaced before they add up.
    constexpr unsigned kCompilationsOfAContext = 2000;
    if (context->compilations >= kCompilationsOfAContext)
      return;
    std::lock_guard lock(mutex);
    idle.push_back(std::move(context));
  }
  KernelCache kernels;

private:
  std::mutex mutex;
  std::vector<std::unique_ptr<CompilerContext>> idle;
};

CompilerPool &pool() {
  // Never destroyed: a parked thread may still refer to it when the process ends.
  static auto *instance = new CompilerPool;
  return *instance;
}

char *copyString(llvm::StringRef text) {
  auto *copy = static_cast<char *>(std::malloc(text.size() + 1));
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = 0;
  return copy;
}

/// What the compiling thread works on. Shared with it, so that it stays valid when the thread is
/// abandoned.
struct Job {
  TraceGraph graph;
  CompileOptions options;
  std::unique_ptr<DumpFolder> dump;
  CompiledFunction function;
  std::string error;

  void run() {
    auto context = pool().take();
    auto start = std::chrono::steady_clock::now();
    OwningOpRef<ModuleOp> module = ir::importTrace(graph, &context->mlir());
    const double importMs =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (!module) {
      error = "the trace cannot be imported";
      return;
    }
    auto func = *module->getOps<func::FuncOp>().begin();
    llvm::Expected<CompiledFunction> compiled =
        context->compile(func, planRequestOf(func), options, pool().kernels);
    if (compiled) {
      function = std::move(*compiled);
      function.stageMs[tjit_stage_import] = importMs;
    } else {
      error = llvm::toString(compiled.takeError());
    }
    module = nullptr;
    pool().give(std::move(context));
  }
};

int fail(tjit_compile_result *result, llvm::StringRef error) {
  result->error = copyString(error);
  return 1;
}

int compile(const tjit_compile_request *request, tjit_compile_result *result) {
  *result = {};
  auto job = std::make_shared<Job>();
  if (!decodeTrace({request->key, request->keyWords}, job->graph))
    return fail(result, "the trace key is malformed");
  llvm::Expected<TargetInfo> target =
      makeTarget(request->cpu ? request->cpu : "native", request->numThreads);
  if (!target)
    return fail(result, llvm::toString(target.takeError()));
  job->options.target = std::move(*target);
  job->options.wantsRemarks = request->wantsRemarks != 0;
  job->options.unfused = request->unfused != 0;
  if (request->cancelled)
    job->options.cancelled = [ask = request->cancelled, context = request->cancelContext] {
      return ask(context) != 0;
    };
  if (request->dumpDir && *request->dumpDir) {
    job->dump =
        std::make_unique<DumpFolder>(request->dumpDir, request->dumpName ? request->dumpName : "");
    job->options.dump = job->dump.get();
    job->dump->write("trace.txt", printTrace(job->graph));
  }

  if (std::optional<std::string> fatal = runOnCompileThread([job] { job->run(); }))
    return fail(result, "LLVM: " + *fatal);
  if (!job->error.empty())
    return fail(result, job->error);

  const CompiledFunction &function = job->function;
  result->size = function.bytes.size();
  result->bytes = static_cast<uint8_t *>(std::malloc(result->size));
  std::memcpy(result->bytes, function.bytes.data(), result->size);
  if (request->wantsRemarks)
    result->remarks = copyString(function.remarks);
  std::copy(function.stageMs.begin(), function.stageMs.end(), result->stageMs);
  result->kernelsCompiled = function.kernelsCompiled;
  result->kernelsReused = function.kernelsReused;
  return 0;
}

void release(tjit_compile_result *result) {
  std::free(result->bytes);
  std::free(result->error);
  std::free(result->remarks);
  *result = {};
}

void clearKernelCache() { pool().kernels.clear(); }

char *describeAddress(const char *file, uint64_t offset) {
  // Made anew: it is asked for errors only, and would keep the files it has read.
  llvm::symbolize::LLVMSymbolizer symbolizer;
  llvm::Expected<llvm::DIInliningInfo> frames = symbolizer.symbolizeInlinedCode(
      std::string(file), {offset, llvm::object::SectionedAddress::UndefSection});
  if (!frames) {
    llvm::consumeError(frames.takeError());
    return nullptr;
  }
  // From the innermost on: operators and the like are inline functions of tjit's own headers.
  const uint32_t count = frames->getNumberOfFrames();
  if (count == 0)
    return nullptr;
  uint32_t frame = 0;
  auto isOwn = [](llvm::StringRef path) {
    return path.ends_with(".h") &&
           llvm::sys::path::filename(llvm::sys::path::parent_path(path)) == "tjit";
  };
  while (frame + 1 < count && isOwn(frames->getFrame(frame).FileName))
    ++frame;
  const llvm::DILineInfo *line = &frames->getFrame(frame);
  const bool hasFile = line->FileName != llvm::DILineInfo::BadString && line->Line;
  const bool hasFunction = line->FunctionName != llvm::DILineInfo::BadString;
  if (!hasFile && !hasFunction)
    return nullptr;
  std::string text =
      hasFile ? (llvm::sys::path::filename(line->FileName) + ":" + llvm::Twine(line->Line)).str()
              : llvm::sys::path::filename(file).str() + "+0x" + llvm::utohexstr(offset, true);
  if (hasFunction)
    text += " (in " + line->FunctionName + ")";
  return strdup(text.c_str());
}

/// The libraries that Codegen is linked with, each by a function of its interface.
const void *const kModules[] = {
    reinterpret_cast<const void *>(&LLVMInitializeX86Target),
    reinterpret_cast<const void *>(
        static_cast<LogicalResult (*)(Operation *, bool)>(&mlir::verify))};
const tjit_compiler_functions kFunctions{kCompilerAbi,        compile,         release,
                                         clearKernelCache,    describeAddress, kModules,
                                         std::size(kModules), operationsHash};

/// Compiles something small: exp(x + y). LLVM and MLIR make some of their globals where they first
/// need them, among them the tables by which loads and constants become operands of instructions.
/// One that is made later is destroyed before the runtime's exit handler has waited for a
/// compilation (test/Runtime/late_globals.test).
void makeGlobals() {
  TraceGraph graph;
  const TensorType type{ScalarType::Float, {1}};
  graph.inputs = {{type, {1}, 2}, {type, {1}, 2}};
  graph.nodes = {{OpKind::add, type, {0, 1}, {}}, {OpKind::exp, type, {2}, {}}};
  graph.outputs = {{3, -1}};
  const std::vector<uint64_t> key = encodeTrace(graph);
  tjit_compile_request request{};
  request.key = key.data(), request.keyWords = key.size();
  request.numThreads = 1;
  tjit_compile_result result;
  compile(&request, &result);
  release(&result);
  // Asked where a function calls another, which this one does not, and where code is refused.
  llvm::LibFunc function;
  llvm::TargetLibraryInfoImpl(llvm::Triple(llvm::sys::getDefaultTargetTriple()))
      .getLibFunc("exp", function);
  [[maybe_unused]] const std::error_code code = llvm::inconvertibleErrorCode();
}

} // namespace
} // namespace tjit::codegen

extern "C" __attribute__((visibility("default"))) const tjit_compiler_functions *
tjit_compiler_entry() {
  static std::once_flag once;
  std::call_once(once, tjit::codegen::makeGlobals);
  return &tjit::codegen::kFunctions;
}
