//===- Compiler.cpp ---------------------------------------------------------------------------===//
// From a function of the dialect to the bytes of an executable.
//
// See Compiler.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Compiler.h"

#include "Codegen/Access.h"
#include "Codegen/MatmulOperands.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassInstrumentation.h"

#include <chrono>

using namespace mlir;

namespace tjit::codegen {

namespace {

class Stopwatch {
public:
  /// Milliseconds since the last call.
  double lap() {
    auto now = std::chrono::steady_clock::now();
    double ms = std::chrono::duration<double, std::milli>(now - last).count();
    last = now;
    return ms;
  }

private:
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

std::string print(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  op->print(os, OpPrintingFlags().enableDebugInfo(false));
  os << '\n';
  return text;
}

/// Writes the function after each pass, as "<pass>.mlir", and adds up the time of each.
class WatchPasses : public PassInstrumentation {
public:
  WatchPasses(DumpSink *&sink, StageTimes *&times) : sink(sink), times(times) {}
  void runBeforePass(Pass *, Operation *) override { watch.lap(); }
  void runAfterPass(Pass *pass, Operation *op) override {
    if (pass->getArgument().empty()) // an adaptor, around the passes
      return;
    // What follows simplification belongs to fusion: preparing it and checking it.
    if (times)
      (*times)[pass->getArgument() == "tjit-simplify" ? tjit_stage_simplify : tjit_stage_fuse] +=
          watch.lap();
    if (sink)
      sink->write((pass->getArgument() + ".mlir").str(), print(op));
  }

private:
  DumpSink *&sink;
  StageTimes *&times;
  Stopwatch watch;
};

/// Appends each remark to `lines`, where that is not null.
class RemarkLines : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkLines(std::string *&lines) : lines(lines) {}
  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    if (!lines)
      return;
    *lines += remark.getRemarkName().str() + ": ";
    for (const auto &part : remark.getArgs())
      *lines += part.val;
    *lines += "\n";
  }

private:
  std::string *&lines;
};

/// Emits what the cache does not hold and looks up what it does.
class KernelEmitter {
public:
  KernelEmitter(MLIRContext &context, const CompileOptions &options, KernelCache &cache)
      : options(options), cache(cache),
        module(ModuleOp::create(UnknownLoc::get(&context), StringRef("tjit_kernels"))) {}

  /// Finds the products whose kernels run on their tiles, before any operation is added.
  void pairEpilogues(func::FuncOp func) {
    for (auto kernel : func.getBody().front().getOps<ir::KernelOp>()) {
      std::optional<unsigned> input = epilogueProduct(kernel);
      if (!input)
        continue;
      auto matmul = kernel.getInputs()[*input].getDefiningOp<ir::MatmulOp>();
      std::optional<MatmulDescription> description = describeMatmul(matmul);
      if (!description)
        continue;
      description->epilogue = kernel;
      description->product = *input;
      if (canEmitMatmul(*description, options.target)) {
        products.emplace(kernel.getOperation(), *description);
        paired.insert(matmul);
      }
    }
  }

  LogicalResult add(Operation *op) {
    if (paired.contains(op))
      return success();
    if (auto product = products.find(op); product != products.end())
      return add(op, matmulKey(product->second, options.target), [&](StringRef symbol) {
        return emitMatmulX86(product->second, symbol, *module, options.target);
      });
    if (auto kernel = dyn_cast<ir::KernelOp>(op))
      return add(op, kernelKey(kernel, options.target), [&](StringRef symbol) {
        return emitKernelX86(kernel, symbol, *module, options.target);
      });
    if (auto scatter = dyn_cast<ir::ScatterAddOp>(op)) {
      std::optional<ScatterDescription> description = describeScatter(scatter);
      if (!description)
        return success(); // interpreted
      return add(op, scatterKey(*description, options.target), [&](StringRef symbol) {
        return emitScatterX86(*description, symbol, *module, options.target);
      });
    }
    auto matmul = dyn_cast<ir::MatmulOp>(op);
    if (!matmul || elementsOf(matmul.getResult()) == 0)
      return success();
    std::optional<MatmulDescription> description = describeMatmul(matmul);
    if (!description || !canEmitMatmul(*description, options.target))
      return success(); // interpreted
    return add(op, matmulKey(*description, options.target), [&](StringRef symbol) {
      return emitMatmulX86(*description, symbol, *module, options.target);
    });
  }

  bool hasNewKernels() const { return !fresh.empty(); }
  unsigned newKernels() const { return fresh.size(); }
  ModuleOp newModule() { return *module; }

  /// Adds the code of the new kernels to the cache.
  void finish(Image image) {
    auto bytes = std::make_shared<const std::vector<uint8_t>>(std::move(image.bytes));
    for (auto &[key, kernel] : fresh) {
      kernel->image = bytes;
      for (const KernelLaunch &launch : kernel->kernel.launches)
        kernel->entries.push_back(image.entries.lookup(launch.symbol));
      cache.insert(key, kernel);
    }
  }

  /// One block of every image in use, and where each operation's launches begin in it.
  std::vector<uint8_t> link(llvm::DenseMap<Operation *, PlannedCode> &code) {
    std::vector<uint8_t> image;
    llvm::DenseMap<const void *, uint64_t> bases;
    for (auto &[op, kernel] : kernels) {
      auto [base, isNew] = bases.try_emplace(kernel->image.get(), 0);
      if (isNew) {
        image.resize(llvm::alignTo(image.size(), kImageAlignment));
        base->second = image.size();
        image.insert(image.end(), kernel->image->begin(), kernel->image->end());
      }
      PlannedCode planned{&kernel->kernel, {}, -1};
      for (uint64_t entry : kernel->entries)
        planned.entries.push_back(base->second + entry);
      if (auto product = products.find(op); product != products.end())
        planned.product = op->getOperand(product->second.product).getDefiningOp();
      else if (auto k = dyn_cast<ir::KernelOp>(op); k && isSizePolymorphic(k))
        planned.sizePolymorphicRange = k.getDomain()[0];
      code[op] = planned;
    }
    return image;
  }

  unsigned reused = 0;

private:
  const CompileOptions &options;
  KernelCache &cache;
  OwningOpRef<ModuleOp> module;
  std::unordered_map<std::string, std::shared_ptr<CachedKernel>> fresh;
  std::vector<std::pair<Operation *, std::shared_ptr<const CachedKernel>>> kernels;
  std::unordered_map<Operation *, MatmulDescription> products; ///< by the kernel behind them
  llvm::DenseSet<Operation *> paired;                          ///< those products

  LogicalResult add(Operation *op, std::string key,
                    llvm::function_ref<FailureOr<EmittedKernel>(StringRef)> emit) {
    std::shared_ptr<const CachedKernel> known = cache.find(key);
    if (!known)
      if (auto it = fresh.find(key); it != fresh.end())
        known = it->second;
    if (known) {
      ++reused;
      kernels.push_back({op, known});
      return success();
    }
    FailureOr<EmittedKernel> emitted = emit("k" + std::to_string(fresh.size()));
    if (failed(emitted))
      return failure();
    auto kernel = std::make_shared<CachedKernel>();
    kernel->kernel = std::move(*emitted);
    fresh.emplace(std::move(key), kernel);
    kernels.push_back({op, kernel});
    return success();
  }
};

} // namespace

void registerCompilerDialects(DialectRegistry &registry) {
  registry.insert<ir::TjitDialect, func::FuncDialect, arith::ArithDialect>();
  registerBackend(registry);
}

CompilerContext::CompilerContext() : context(MLIRContext::Threading::DISABLED) {
  DialectRegistry registry;
  registerCompilerDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  passes = std::make_unique<PassManager>(&context);
  // Every stage verifies what it promises in tools and tests; a compilation trusts the passes.
  passes->enableVerifier(false);
  buildDefaultPipeline(*passes);
  passes->addInstrumentation(std::make_unique<WatchPasses>(dump, times));
}

llvm::Expected<CompiledFunction> CompilerContext::compile(func::FuncOp func,
                                                          const PlanRequest &request,
                                                          const CompileOptions &options,
                                                          KernelCache &cache) {
  ++compilations;
  std::string diagnostics;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return;
    llvm::raw_string_ostream os(diagnostics);
    os << (diagnostics.empty() ? "" : "\n") << diagnostic.getLocation() << ": " << diagnostic;
  });
  auto fail = [&](StringRef stage) {
    return llvm::createStringError(stage + ": " +
                                   (diagnostics.empty() ? std::string("failed") : diagnostics));
  };

  CompiledFunction result;
  auto cancelled = [&] { return options.cancelled && options.cancelled(); };
  auto stop = [] { return llvm::createStringError("cancelled"); };
  if (options.wantsRemarks && !context.getRemarkEngine()) {
    // From now on the context's passes make remarks; who does not ask for them loses nothing else.
    remark::RemarkCategories all; // of what was done; nothing makes remarks of other kinds
    all.passed = ".*";
    if (failed(remark::enableOptimizationRemarks(
            context, std::make_unique<RemarkLines>(remarks),
            std::make_unique<remark::RemarkEmittingPolicyAll>(), all)))
      return llvm::createStringError("no remarks can be made");
  }
  remarks = options.wantsRemarks ? &result.remarks : nullptr;
  dump = options.dump;
  times = &result.stageMs;
  if (dump)
    dump->write("tjit.mlir", print(func));
  if (!options.target.hasFma)
    func->setAttr(kNoFmaAttribute, UnitAttr::get(&context));
  bool passed = succeeded(passes->run(func->getParentOfType<ModuleOp>()));
  dump = nullptr;
  times = nullptr;
  remarks = nullptr;
  if (!passed)
    return fail("tjit passes");

  Stopwatch watch;
  KernelEmitter emitter(context, options, cache);
  emitter.pairEpilogues(func);
  for (Operation &op : func.getBody().front()) {
    if (cancelled())
      return stop();
    if (failed(emitter.add(&op)))
      return fail("emission");
  }
  result.stageMs[tjit_stage_emit] = watch.lap();
  if (options.dump && emitter.hasNewKernels())
    options.dump->write("emitted.mlir", print(emitter.newModule()));
  if (emitter.hasNewKernels()) {
    if (cancelled())
      return stop();
    BackendTimes backend;
    llvm::Expected<Image> image =
        compileModule(emitter.newModule(), options.target, options.dump, &backend);
    if (!image)
      return image.takeError();
    emitter.finish(std::move(*image));
    result.stageMs[tjit_stage_lower] = backend.lowerMs;
    result.stageMs[tjit_stage_translate] = backend.translateMs;
    result.stageMs[tjit_stage_codegen] = backend.codegenMs;
    result.stageMs[tjit_stage_image] = backend.flattenMs;
  }

  watch.lap();
  llvm::DenseMap<Operation *, PlannedCode> code;
  std::vector<uint8_t> image = emitter.link(code);
  Plan plan(func, request, code);
  if (options.dump)
    options.dump->write("plan.txt", plan.print());
  if (options.printPlan)
    result.plan = plan.print();
  result.bytes = plan.serialize(image);
  result.stageMs[tjit_stage_plan] = watch.lap();
  result.kernelsCompiled = emitter.newKernels();
  result.kernelsReused = emitter.reused;
  return result;
}

} // namespace tjit::codegen
