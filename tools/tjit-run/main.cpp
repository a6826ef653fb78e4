//===- main.cpp -------------------------------------------------------------------------------===//
// Tjit-run: compile and run a function of a .mlir file.
//
// Parses, checks, compiles as the runtime would, and runs; prints the results, compares them with
// the reference interpreter, or times them. Exit status 1: malformed input (with a located
// diagnostic), a failed compilation, or a difference.
//
//===------------------------------------------------------------------------------------------===//

#include "Runner.h"
#include "Tensors.h"

#include "Codegen/Compiler.h"
#include "Codegen/DumpFolder.h"
#include "IR/Dialect/Trace.h"
#include "tjit/Runtime.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

#include <algorithm>
#include <chrono>

using namespace mlir;
using namespace tjit;
using namespace tjit::run;
namespace cl = llvm::cl;

namespace {

cl::OptionCategory category("tjit-run");
cl::opt<std::string> inputFile(cl::Positional, cl::desc("<file.mlir>"), cl::init("-"),
                               cl::cat(category));
cl::opt<std::string> functionName("function", cl::desc("Function to run (default: the first one)"),
                                  cl::value_desc("name"), cl::cat(category));
cl::opt<bool> allFunctions("all", cl::desc("Run every function of the file"), cl::cat(category));
cl::list<std::string> arguments("arg",
                                cl::desc("Next argument: a number (all elements), a list, or a "
                                         "file of numbers; random where none is given"),
                                cl::value_desc("value"), cl::cat(category));
cl::opt<uint64_t> seed("seed", cl::desc("Seed of the random arguments"), cl::init(0),
                       cl::cat(category));
cl::opt<std::string> writeFolder("write",
                                 cl::desc("Folder that gets the bytes of arguments and results, "
                                          "FUNCTION.in0, FUNCTION.out0 and so on, row-major"),
                                 cl::value_desc("folder"), cl::cat(category));
cl::opt<bool> printResults("print", cl::desc("Print the results"), cl::cat(category));
cl::opt<bool> compareResults("compare", cl::desc("Compare all bits with the reference interpreter"),
                             cl::cat(category));
cl::opt<bool> timeRuns("time", cl::desc("Time the compilation and repeated runs"),
                       cl::cat(category));
cl::opt<bool> printPlan("plan", cl::desc("Print the plan: memory and steps"), cl::cat(category));
cl::opt<std::string> cpu("cpu", cl::desc("Processor to compile for (TJIT_CPU)"), cl::init("native"),
                         cl::cat(category));
cl::opt<std::string> dump("dump", cl::desc("Folder for the stages of the compilation (TJIT_DUMP)"),
                          cl::value_desc("folder"), cl::cat(category));

int fail(const llvm::Twine &message) {
  llvm::errs() << "tjit-run: " << message << "\n";
  return 1;
}

std::optional<std::vector<HostTensor>> makeInputs(func::FuncOp func) {
  std::mt19937_64 generator(seed);
  std::vector<HostTensor> inputs;
  if (arguments.size() > func.getNumArguments()) {
    fail(llvm::Twine(arguments.size()) + " arguments for a function of " +
         llvm::Twine(func.getNumArguments()));
    return std::nullopt;
  }
  for (BlockArgument argument : func.getArguments()) {
    tjit::TensorType type = ir::typeOf(argument.getType());
    unsigned i = argument.getArgNumber();
    std::string error;
    std::optional<HostTensor> tensor = i < arguments.size() ? parseTensor(type, arguments[i], error)
                                                            : randomTensor(type, generator);
    if (!tensor) {
      fail("argument " + llvm::Twine(i) + ": " + error);
      return std::nullopt;
    }
    inputs.push_back(*tensor);
  }
  return inputs;
}

/// Writes the tensors' bytes to FUNCTION.<what>0, FUNCTION.<what>1 and so on.
bool writeTensors(StringRef function, StringRef what, const std::vector<HostTensor> &tensors) {
  if (std::error_code error = llvm::sys::fs::create_directories(writeFolder)) {
    fail(writeFolder + ": " + error.message());
    return false;
  }
  for (size_t i = 0; i < tensors.size(); ++i) {
    llvm::SmallString<128> path(writeFolder);
    llvm::sys::path::append(path, function + "." + what + llvm::Twine(i));
    std::string error;
    std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(path, &error);
    if (!file) {
      fail(error);
      return false;
    }
    file->os().write(reinterpret_cast<const char *>(tensors[i].data()), tensors[i].bytes());
    file->keep();
  }
  return true;
}

/// Medians settle while the processor's clock does: at least this long, at least this often.
void timeExecutable(const Runner &runner, const std::vector<HostTensor> &inputs) {
  constexpr auto kDuration = std::chrono::milliseconds(500);
  constexpr size_t kRuns = 5;
  using Clock = std::chrono::steady_clock;
  std::vector<double> microseconds;
  for (auto start = Clock::now();
       Clock::now() - start < kDuration || microseconds.size() < kRuns;) {
    auto before = Clock::now();
    runner.run(inputs);
    microseconds.push_back(
        std::chrono::duration<double, std::micro>(Clock::now() - before).count());
  }
  std::sort(microseconds.begin(), microseconds.end());
  llvm::outs() << llvm::format("run: median %.2f us, least %.2f us, of %zu runs\n",
                               microseconds[microseconds.size() / 2], microseconds.front(),
                               microseconds.size());
}

void printTimes(StringRef what, const codegen::CompiledFunction &compiled) {
  llvm::outs() << what << ':';
  for (unsigned stage = 0; stage < tjit_num_stages; ++stage)
    if (stage != tjit_stage_import) // there is no trace to import
      llvm::outs() << ' ' << kCompileStageNames[stage]
                   << llvm::format(" %.2f,", compiled.stageMs[stage]);
  llvm::outs() << llvm::format(" in ms; %u kernels\n", compiled.kernelsCompiled);
}

/// Compilations with everything loaded and nothing cached: the median by codegen time.
bool timeCompilations(OwningOpRef<ModuleOp> &module, StringRef name,
                      codegen::CompilerContext &compiler, codegen::CompileOptions options) {
  constexpr size_t kCompilations = 11;
  options.dump = nullptr;
  std::vector<codegen::CompiledFunction> compiled;
  for (size_t i = 0; i < kCompilations; ++i) {
    OwningOpRef<ModuleOp> copy = cast<ModuleOp>(module->getOperation()->clone());
    auto func = copy->lookupSymbol<func::FuncOp>(name);
    codegen::KernelCache cache;
    llvm::Expected<codegen::CompiledFunction> result =
        compiler.compile(func, codegen::planRequestOf(func), options, cache);
    if (!result) {
      fail(llvm::toString(result.takeError()));
      return false;
    }
    compiled.push_back(std::move(*result));
  }
  std::sort(compiled.begin(), compiled.end(), [](auto &a, auto &b) {
    return a.stageMs[tjit_stage_codegen] < b.stageMs[tjit_stage_codegen];
  });
  printTimes("warm compilation", compiled[kCompilations / 2]);
  return true;
}

int runFunction(func::FuncOp func, codegen::CompilerContext &compiler) {
  for (Type type : func.getArgumentTypes())
    if (ir::scalarTypeOf(type) == ScalarType::Undefined || !isa<RankedTensorType>(type))
      return func.emitError("takes an argument that is no tensor"), 1;
  std::optional<std::vector<HostTensor>> inputs = makeInputs(func);
  if (!inputs)
    return 1;

  std::vector<HostTensor> expected;
  if (compareResults) {
    TraceGraph graph;
    if (failed(ir::exportTrace(func, graph)))
      return 1;
    try {
      expected = interpret(graph, *inputs);
    } catch (const std::exception &error) {
      return fail(error.what());
    }
  }

  // Compiling changes the function; this one is compiled again to be timed.
  OwningOpRef<ModuleOp> again =
      timeRuns ? cast<ModuleOp>(func->getParentOp()->clone()) : OwningOpRef<ModuleOp>();
  codegen::KernelCache cache;
  codegen::CompileOptions options;
  llvm::Expected<codegen::TargetInfo> target = codegen::makeTarget(cpu);
  if (!target)
    return fail(llvm::toString(target.takeError()));
  options.target = *target;
  options.printPlan = printPlan;
  std::unique_ptr<codegen::DumpFolder> folder;
  if (!dump.empty()) {
    folder = std::make_unique<codegen::DumpFolder>(dump, func.getName());
    options.dump = folder.get();
  }
  std::vector<Dims> strides;
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    strides.push_back(ir::argumentStrides(func, i));
  std::vector<tjit::TensorType> outputs;
  for (Type type : func.getResultTypes())
    outputs.push_back(ir::typeOf(type));
  codegen::PlanRequest request = codegen::planRequestOf(func);
  // Inputs stay for the next run.
  request.donors.clear();
  llvm::Expected<codegen::CompiledFunction> compiled =
      compiler.compile(func, request, options, cache);
  if (!compiled)
    return fail(llvm::toString(compiled.takeError()));
  if (printPlan)
    llvm::outs() << compiled->plan;
  Runner runner(compiled->bytes, strides, outputs);
  std::vector<HostTensor> results;
  try {
    results = runner.run(*inputs);
  } catch (const std::exception &error) {
    return fail(error.what());
  }
  if (printResults)
    for (const HostTensor &result : results)
      llvm::outs() << print(result) << "\n";
  int status = 0;
  if (!writeFolder.empty() && !(writeTensors(func.getName(), "in", *inputs) &&
                                writeTensors(func.getName(), "out", results)))
    status = 1;
  for (size_t i = 0; i < expected.size(); ++i)
    if (std::optional<std::string> difference = compare(results[i], expected[i]))
      status = fail("result " + llvm::Twine(i) + ": " + *difference);
  if (compareResults && status == 0)
    llvm::outs() << results.size() << (results.size() == 1 ? " result equals" : " results equal")
                 << " the interpreter's\n";
  if (timeRuns) {
    printTimes("first compilation", *compiled);
    if (!timeCompilations(again, func.getName(), compiler, options))
      return 1;
    timeExecutable(runner, *inputs);
  }
  return status;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  // The option parser keeps a reference to the text.
  std::string settings =
      "\nSettings (environment variables, also read by programs):\n" + describeSettings();
  cl::extrahelp help(settings);
  cl::ParseCommandLineOptions(argc, argv, "Compiles and runs a function of a .mlir file\n");

  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(inputFile, &error);
  if (!file)
    return fail(error);
  codegen::CompilerContext compiler;
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  SourceMgrDiagnosticHandler diagnostics(sources, &compiler.mlir());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &compiler.mlir());
  if (!module)
    return 1;
  int status = 0;
  bool found = false;
  for (auto func : module->getOps<func::FuncOp>()) {
    if (func.isExternal() || (!functionName.empty() && func.getName() != functionName))
      continue;
    found = true;
    if (allFunctions)
      llvm::outs() << "@" << func.getName() << ": ";
    // Passes run on whole modules: this function gets one of its own.
    OwningOpRef<ModuleOp> own = ModuleOp::create(func.getLoc());
    own->push_back(func->clone());
    status |= runFunction(*own->getOps<func::FuncOp>().begin(), compiler);
    if (!allFunctions)
      break;
  }
  if (found)
    return status;
  return fail(functionName.empty() ? llvm::Twine("there is no function in the file")
                                   : "there is no function @" + llvm::Twine(functionName));
}
