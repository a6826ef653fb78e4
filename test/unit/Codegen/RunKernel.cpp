//===- RunKernel.cpp --------------------------------------------------------------------------===//
// Emits, compiles and runs one kernel in a test.
#include "RunKernel.h"

#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

using namespace mlir;

namespace tjit::codegen {
namespace {

template <typename Items, typename Fn> std::string join(const Items &items, Fn fn) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i)
    text += (i ? ", " : "") + fn(items[i], i);
  return text;
}

std::string toMlir(const KernelText &k) {
  auto same = [](const std::string &s, size_t) { return s; };
  auto number = [](int64_t n, size_t) { return std::to_string(n); };
  std::vector<std::string> operands = k.inputs;
  operands.insert(operands.end(), k.dests.begin(), k.dests.end());
  std::vector<std::string> combiners = k.combiners;
  combiners.resize(k.results.size(), "none");
  std::vector<int64_t> offsets = k.offsets;
  offsets.resize(operands.size(), -1);
  auto array = [&](const std::vector<int64_t> &v) {
    return "array<i64" + std::string(v.empty() ? "" : ": ") + join(v, number) + ">";
  };
  std::string s =
      "func.func @f(" +
      join(operands, [](const std::string &type,
                        size_t i) { return "%x" + std::to_string(i) + ": " + type; }) +
      ") {\n  %r:" + std::to_string(k.results.size()) + " = \"tjit.kernel\"(" +
      join(operands, [](const std::string &, size_t i) { return "%x" + std::to_string(i); }) +
      ") <{domain = " + array(k.domain) + ", reductions = " + std::to_string(k.reductions) +
      " : i64, lanes = " + std::to_string(k.lanes) + " : i64, maps = [" +
      join(k.maps, [](const std::string &m, size_t) { return "affine_map<" + m + ">"; }) +
      "], offsets = " + array(offsets) + ", combiners = [" +
      join(combiners, [](const std::string &c, size_t) { return "\"" + c + "\""; }) +
      "], operandSegmentSizes = array<i32: " + std::to_string(k.inputs.size()) + ", " +
      std::to_string(k.dests.size()) + ">}> ({\n  ^bb0(" +
      join(k.inputs,
           [](const std::string &type, size_t i) {
             std::string element = type.substr(type.find_last_of("x<") + 1);
             if (type.find('x') == std::string::npos)
               element = type.substr(type.find('<') + 1);
             return "%a" + std::to_string(i) + ": " + element.substr(0, element.find('>'));
           }) +
      "):\n" + k.body + "\n  }) : (" + join(operands, same) + ") -> (" + join(k.results, same) +
      ")\n  return\n}\n";
  return s;
}

MLIRContext &testContext() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    registerBackend(registry);
    registry.insert<ir::TjitDialect>();
    auto *created = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    created->loadAllAvailableDialects();
    return created;
  }();
  return *context;
}

} // namespace

RunKernel::RunKernel(const KernelText &text, llvm::StringRef cpu, unsigned numThreads) {
  MLIRContext &context = testContext();
  std::string source = toMlir(text);
  auto parsed = parseSourceString<ModuleOp>(source, &context);
  if (!parsed) {
    ADD_FAILURE() << "not parsed:\n" << source;
    return;
  }
  auto target = makeTarget(cpu, numThreads);
  if (!target) {
    ADD_FAILURE() << llvm::toString(target.takeError());
    return;
  }
  ir::KernelOp kernel;
  parsed->walk([&](ir::KernelOp op) { kernel = op; });
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  auto result = emitKernelX86(kernel, "k", *module, *target);
  if (failed(result)) {
    ADD_FAILURE() << "not emitted:\n" << source;
    return;
  }
  emitted = *result;
  std::string code;
  llvm::raw_string_ostream(code) << *module;
  auto compiled = compileModule(*module, *target);
  if (!compiled) {
    ADD_FAILURE() << llvm::toString(compiled.takeError()) << "\n" << code;
    return;
  }
  image = *compiled;
  loaded = std::make_unique<LoadedImage>(image);
  if (getenv("TJIT_TEST_PRINT"))
    llvm::errs() << source << code;
  ok = true;
}

RunKernel::~RunKernel() = default;

void RunKernel::operator()(std::vector<void *> args, int64_t pieces) {
  if (!ok)
    return;
  std::vector<char> temporary(emitted.temporaryBytes + 64, 0x7f);
  args.push_back(
      reinterpret_cast<void *>((reinterpret_cast<uintptr_t>(temporary.data()) + 63) & ~63ull));
  for (const KernelLaunch &launch : emitted.launches) {
    auto *entry = loaded->entry<void(void *const *, int64_t, int64_t, void *)>(launch.symbol);
    ASSERT_NE(entry, nullptr) << launch.symbol;
    std::vector<char> scratch(launch.scratchBytes + 64);
    auto aligned = (reinterpret_cast<uintptr_t>(scratch.data()) + 63) / 64 * 64;
    int64_t step = std::max<int64_t>(1, (launch.range + pieces - 1) / pieces);
    for (int64_t begin = (launch.range - 1) / step * step; begin >= 0; begin -= step)
      entry(args.data(), begin, std::min(begin + step, launch.range),
            reinterpret_cast<void *>(aligned));
  }
}

std::vector<std::string> runnableCpus() {
  std::vector<std::string> cpus{"native"};
  if (makeTarget("native")->vectorBytes >= 32)
    cpus.push_back("haswell");
  cpus.push_back("x86-64");
  return cpus;
}

std::string nameOf(const std::string &cpu) {
  std::string name = cpu;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

} // namespace tjit::codegen
