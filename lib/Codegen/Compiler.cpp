//===- Compiler.cpp ---------------------------------------------------------------------------===//
// From a function of the dialect to the bytes of an executable.
//
// See Compiler.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Compiler.h"

#include "Codegen/Access.h"
#include "Codegen/MatmulOperands.h"
#include "IR/Dialect/OpBridge.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

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

/// All that two functions have in common that differ in their sizes only, before any pass.
std::string traceStructure(func::FuncOp func) {
  std::vector<uint64_t> words;
  llvm::DenseMap<Value, uint64_t> numbers;
  auto number = [&](Value value) {
    numbers.try_emplace(value, numbers.size());
    auto type = dyn_cast<RankedTensorType>(value.getType());
    words.push_back(type ? uint64_t(type.getRank()) : ~uint64_t(0));
    words.push_back(static_cast<uint64_t>(ir::scalarTypeOf(getElementTypeOrSelf(value.getType()))));
  };
  for (BlockArgument argument : func.getArguments())
    number(argument);
  for (Operation &op : func.getBody().front()) {
    words.push_back(llvm::xxh3_64bits(op.getName().getStringRef()));
    for (Value operand : op.getOperands())
      words.push_back(numbers.lookup(operand));
    for (Value result : op.getResults())
      number(result);
  }
  auto hash = llvm::xxh3_128bits(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(words.data()),
                                                words.size() * sizeof(uint64_t)));
  return llvm::utohexstr(hash.high64) + "." + llvm::utohexstr(hash.low64);
}

/// Emits what the cache does not hold and looks up what it does.
class KernelEmitter {
public:
  /// `structure`: traceStructure of the function.
  KernelEmitter(MLIRContext &context, const CompileOptions &options, KernelCache &cache,
                CodeTextWriter &texts, std::string structure)
      : options(options), cache(cache), texts(texts), structure(std::move(structure)),
        module(newModule(&context)) {}

  /// Finds the products whose kernels run on their tiles, before any operation is added.
  void pairEpilogues(func::FuncOp func) {
    if (options.unfused)
      return;
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
    pairPrologues(func);
  }

  /// The last step of pairEpilogues: finds the kernels that make an operand of a product while it
  /// packs.
  void pairPrologues(func::FuncOp func) {
    llvm::DenseMap<Operation *, Operation *> kernelBehind;
    for (auto &[op, product] : products)
      kernelBehind[op->getOperand(product.product).getDefiningOp()] = op;
    for (auto matmul : func.getBody().front().getOps<ir::MatmulOp>()) {
      Operation *op = kernelBehind.lookup(matmul);
      if (!op)
        op = matmul;
      std::optional<MatmulDescription> description;
      if (auto product = products.find(op); product != products.end())
        description = product->second;
      else
        description = describeMatmul(matmul);
      for (unsigned side = 0; description && side < 2; ++side) {
        ir::KernelOp kernel = prologueKernel(matmul, side);
        if (!kernel || products.contains(kernel.getOperation()))
          continue;
        MatmulDescription with = *description;
        with.prologues[side] = kernel;
        if (!canEmitMatmul(with, options.target))
          continue;
        description = with;
        paired.insert(kernel);
        products.insert_or_assign(op, with);
      }
    }
  }

  LogicalResult add(Operation *op) {
    if (paired.contains(op))
      return success();
    if (auto product = products.find(op); product != products.end())
      return addMatmul(op, product->second);
    if (auto kernel = dyn_cast<ir::KernelOp>(op))
      return add(
          op, kernelKey(kernel, options.target), [&] { return structureOf(kernel); },
          [&](StringRef symbol, ModuleOp to) {
            return emitKernelX86(kernel, symbol, to, options.target);
          });
    if (auto scatter = dyn_cast<ir::ScatterAddOp>(op)) {
      std::optional<ScatterDescription> description = describeScatter(scatter);
      if (!description)
        return success(); // interpreted
      return add(op, scatterKey(*description, options.target), nullptr,
                 [&](StringRef symbol, ModuleOp to) {
                   return emitScatterX86(*description, symbol, to, options.target);
                 });
    }
    auto matmul = dyn_cast<ir::MatmulOp>(op);
    if (!matmul || elementsOf(matmul.getResult()) == 0)
      return success();
    std::optional<MatmulDescription> description = describeMatmul(matmul);
    if (!description || !canEmitMatmul(*description, options.target))
      return success(); // interpreted
    return addMatmul(op, *description);
  }

  bool hasNewKernels() const { return !fresh.empty(); }
  unsigned newKernels() const { return fresh.size(); }
  ModuleOp codeOfNewKernels() { return *module; }

  /// Adds the code of the new kernels to the cache.
  void finish(Image image) {
    auto bytes = std::make_shared<const std::vector<uint8_t>>(std::move(image.bytes));
    for (CachedKernel *kernel : fresh) {
      kernel->image = bytes;
      for (const KernelLaunch &launch : kernel->kernel.launches)
        kernel->entries.push_back(image.entries.lookup(launch.symbol));
    }
  }

  /// After finish: what was found in this compilation is known to later ones.
  void remember() {
    for (auto &[kernel, from] : sharing)
      kernel->image = from->image, kernel->entries = from->entries;
    for (auto &[key, kernel] : known)
      cache.insert(key, kernel);
    for (auto &[key, codes] : knownCodes)
      cache.insertKnown(key, codes);
  }

  /// One block of every image in use, and where each operation's launches begin in it. The
  /// parameters of kernels follow the code.
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
      if (auto product = products.find(op); product != products.end()) {
        if (product->second.epilogue)
          planned.product = op->getOperand(product->second.product).getDefiningOp();
        llvm::copy(product->second.prologues, planned.prologues);
      } else if (auto k = dyn_cast<ir::KernelOp>(op); k && isSizePolymorphic(k)) {
        planned.sizePolymorphicRange = k.getDomain()[0];
      }
      code[op] = planned;
    }
    image.resize(llvm::alignTo(image.size(), kImageAlignment));
    for (auto &[op, kernel] : kernels) {
      code[op].parametersAt = image.size();
      auto *words = reinterpret_cast<const uint8_t *>(kernel->kernel.parameters.data());
      image.insert(image.end(), words, words + kernel->kernel.parameters.size() * sizeof(int64_t));
    }
    return image;
  }

  unsigned reused = 0, written = 0;

private:
  const CompileOptions &options;
  KernelCache &cache;
  CodeTextWriter &texts;
  const std::string structure;
  OwningOpRef<ModuleOp> module;
  std::unordered_map<std::string, std::shared_ptr<CachedKernel>> known; ///< not in the cache yet
  std::unordered_map<std::string, KnownCodes> knownCodes;               ///< the same
  std::vector<CachedKernel *> fresh; ///< of these, those whose code is in `module`
  /// Kernels that have the code of another one, which may be a fresh one.
  std::vector<std::pair<CachedKernel *, std::shared_ptr<const CachedKernel>>> sharing;
  std::vector<std::pair<Operation *, std::shared_ptr<const CachedKernel>>> kernels;
  std::unordered_map<Operation *, MatmulDescription> products; ///< by the kernel behind them,
                                                               ///< or those with prologues
  llvm::DenseSet<Operation *> paired;    ///< products and prologues that others have the code of
  llvm::StringMap<unsigned> occurrences; ///< of each structure of a kernel in the function

  using EmitFn = llvm::function_ref<FailureOr<EmittedKernel>(StringRef, ModuleOp)>;

  static OwningOpRef<ModuleOp> newModule(MLIRContext *context) {
    return ModuleOp::create(UnknownLoc::get(context), StringRef("tjit_kernels"));
  }

  LogicalResult addMatmul(Operation *op, const MatmulDescription &matmul) {
    return add(
        op, matmulKey(matmul, options.target), [&] { return structureOf(matmul); },
        [&](StringRef symbol, ModuleOp to) {
          return emitMatmulX86(matmul, symbol, to, options.target);
        },
        &matmul);
  }

  /// The code of a product that reads its sizes. False: it has code for one shape only.
  bool addVarying(const std::shared_ptr<CachedKernel> &kernel, MatmulDescription matmul,
                  StringRef symbol, ArrayRef<uint64_t> varying) {
    setVarying(matmul, varying);
    std::optional<ProductDecisions> product = decideProduct(matmul, options.target);
    if (!product || refusesToVary(*product))
      return false;
    kernel->kernel = launchesOf(*product, symbol, options.target);
    SmallVector<Extent> extents;
    const std::string key = keyOf(*product, options.target, extents);
    SmallVector<int64_t> numbers;
    SmallVector<uint64_t> origins;
    for (Extent extent : extents) {
      numbers.push_back(extent.now());
      origins.push_back(extent.origin);
    }
    if (std::optional<Match> same = findKnown(key, numbers)) {
      kernel->kernel.parameters = std::move(same->numbers);
      reuse(kernel, same->kernel);
      return true;
    }
    OwningOpRef<ModuleOp> own = newModule(module->getContext());
    Parameters parameters;
    ++written;
    ExtentWatch watch;
    emitProduct(*product, kernel->kernel, parameters, matmul.location, *own, options.target);
    kernel->kernel.take(parameters);
    know(key, kernel, ExtentFormulas(origins, parameters.all(), watch), watch);
    share(kernel, *own);
    return true;
  }

  /// The same of a kernel.
  FailureOr<bool> addVarying(const std::shared_ptr<CachedKernel> &kernel, ir::KernelOp op,
                             const Structure &structure, StringRef symbol,
                             ArrayRef<uint64_t> varying) {
    const std::string key = varyingKey(op, structure, varying, options.target);
    if (std::optional<Match> same = findKnown(key, structure.numbers)) {
      if (!same->kernel)
        return false;
      kernel->kernel = same->kernel->kernel;
      kernel->kernel.set(same->numbers);
      reuse(kernel, same->kernel);
      return true;
    }
    OwningOpRef<ModuleOp> own = newModule(module->getContext());
    ++written;
    ExtentWatch watch;
    FailureOr<EmittedKernel> emitted = emitKernelX86(op, symbol, *own, options.target, varying);
    if (failed(emitted))
      return failure();
    know(key, emitted->refused ? nullptr : kernel, ExtentFormulas(varying, emitted->origins, watch),
         watch);
    if (emitted->refused)
      return false;
    kernel->kernel = std::move(*emitted);
    share(kernel, *own);
    return true;
  }

  /// Known code that serves some numbers.
  struct Match {
    std::shared_ptr<const CachedKernel> kernel;
    std::vector<int64_t> numbers; ///< what its formulas give
  };
  std::optional<Match> findKnown(const std::string &key, ArrayRef<int64_t> numbers) {
    auto search = [&](const KnownCodes &codes) -> std::optional<Match> {
      for (const auto &code : codes)
        if (auto results = code->formulas.evaluate(numbers))
          return Match{code->kernel, std::move(*results)};
      return std::nullopt;
    };
    if (auto own = knownCodes.find(key); own != knownCodes.end())
      if (std::optional<Match> match = search(own->second))
        return match;
    return search(cache.findKnown(key));
  }
  /// Remembers what was written under `watch`, if it is the same for other numbers.
  void know(const std::string &key, const std::shared_ptr<const CachedKernel> &kernel,
            ExtentFormulas formulas, const ExtentWatch &watch) {
    if (!watch.looked && !key.empty())
      knownCodes[key].push_back(
          std::make_shared<const KnownCode>(KnownCode{kernel, std::move(formulas)}));
  }
  void reuse(const std::shared_ptr<CachedKernel> &kernel,
             const std::shared_ptr<const CachedKernel> &from) {
    ++reused;
    sharing.push_back({kernel.get(), from});
  }

  std::shared_ptr<const CachedKernel> find(const std::string &key) {
    if (auto it = known.find(key); it != known.end())
      return it->second;
    return cache.find(key);
  }

  /// `describe`: null where code serves one shape only. `product`: what the operation is, if it is
  /// one; `emit` is for one shape.
  LogicalResult add(Operation *op, std::string key, llvm::function_ref<Structure()> describe,
                    EmitFn emit, const MatmulDescription *product = nullptr) {
    SmallVector<uint64_t> varying;
    Structure own;
    if (describe) {
      own = describe();
      std::string family = structure + " " + own.text;
      family += std::to_string(occurrences[own.text]++);
      varying = cache.families.observe(family, own.numbers);
    }
    if (std::shared_ptr<const CachedKernel> same = find(key)) {
      ++reused;
      kernels.push_back({op, same});
      return success();
    }
    auto kernel = std::make_shared<CachedKernel>();
    kernels.push_back({op, kernel});
    known.emplace(std::move(key), kernel);
    const std::string symbol = "k" + std::to_string(fresh.size());
    if (!varying.empty()) {
      FailureOr<bool> added =
          product ? addVarying(kernel, *product, symbol, varying)
                  : addVarying(kernel, cast<ir::KernelOp>(op), own, symbol, varying);
      if (failed(added))
        return failure();
      if (*added)
        return success();
    }
    ++written;
    FailureOr<EmittedKernel> emitted = emit(symbol, *module);
    if (failed(emitted))
      return failure();
    kernel->kernel = std::move(*emitted);
    fresh.push_back(kernel.get());
    return success();
  }

  /// A kernel whose code, in `own`, reads its sizes: that of another shape is the same.
  void share(std::shared_ptr<CachedKernel> kernel, ModuleOp own) {
    std::string text = "code ";
    {
      llvm::raw_string_ostream os(text);
      printTarget(os, options.target);
    }
    for (const KernelLaunch &launch : kernel->kernel.launches)
      texts.append(own.lookupSymbol<func::FuncOp>(launch.symbol), text);
    if (std::shared_ptr<const CachedKernel> same = find(text)) {
      reuse(kernel, same);
      return;
    }
    for (auto function : llvm::make_early_inc_range(own.getOps<func::FuncOp>())) {
      if (module->lookupSymbol(function.getSymName())) // the rare part of an elementary function
        continue;
      function->remove();
      module->push_back(function);
    }
    fresh.push_back(kernel.get());
    known.emplace(std::move(text), std::move(kernel));
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
  std::string structure = traceStructure(func);
  if (options.unfused) {
    func->setAttr(kUnfusedAttribute, UnitAttr::get(&context));
    structure += " unfused"; // its kernels are others
  }
  if (!options.target.hasFma)
    func->setAttr(kNoFmaAttribute, UnitAttr::get(&context));
  bool passed = succeeded(passes->run(func->getParentOfType<ModuleOp>()));
  dump = nullptr;
  times = nullptr;
  remarks = nullptr;
  if (!passed)
    return fail("tjit passes");

  Stopwatch watch;
  KernelEmitter emitter(context, options, cache, texts, std::move(structure));
  emitter.pairEpilogues(func);
  for (Operation &op : func.getBody().front()) {
    if (cancelled())
      return stop();
    if (failed(emitter.add(&op)))
      return fail("emission");
  }
  result.stageMs[tjit_stage_emit] = watch.lap();
  if (options.dump && emitter.hasNewKernels())
    options.dump->write("emitted.mlir", print(emitter.codeOfNewKernels()));
  if (emitter.hasNewKernels()) {
    if (cancelled())
      return stop();
    BackendTimes backend;
    llvm::Expected<Image> image =
        compileModule(emitter.codeOfNewKernels(), options.target, options.dump, &backend);
    if (!image)
      return image.takeError();
    emitter.finish(std::move(*image));
    result.stageMs[tjit_stage_lower] = backend.lowerMs;
    result.stageMs[tjit_stage_translate] = backend.translateMs;
    result.stageMs[tjit_stage_codegen] = backend.codegenMs;
    result.stageMs[tjit_stage_image] = backend.flattenMs;
  }

  emitter.remember();

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
  result.kernelsWritten = emitter.written;
  return result;
}

} // namespace tjit::codegen
