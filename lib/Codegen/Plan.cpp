//===- Plan.cpp -------------------------------------------------------------------------------===//
// Memory and steps of a fused function.
//
// See Plan.h. Values that must lie in the same memory (a write and its base, a view and its root,
// an output and what it is made of) are one Storage. A storage is an argument, an output, or a part
// of the workspace that is reused once its last reader has run. Operations of one launch run at the
// same time: they have one position, from which lifetimes count.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Plan.h"

#include "Codegen/Access.h"
#include "Codegen/Launches.h"
#include "IR/Dialect/Trace.h"
#include "IR/TensorType.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace tjit::codegen {

namespace {

constexpr uint64_t kAlignment = 64;

uint64_t elementBytes(Value value) {
  return elementSize(ir::scalarTypeOf(getElementTypeOrSelf(value.getType())));
}
uint64_t bytesOf(Value value) { return elementsOf(value) * elementBytes(value); }

/// Memory that one or more values live in, one after the other.
struct Storage {
  exe::SlotKind kind = exe::SlotKind::workspace;
  uint32_t index = 0; ///< input, scalar, output
  uint64_t bytes = 0;
  uint64_t imageOffset = 0;          ///< constant
  int firstStep = -1, lastStep = -1; ///< positions of launches: first write, last use
  uint32_t slot = 0;
  int32_t donor = -1;
};

bool noRoot(Value) { return false; }

/// Whether the kernel reads `value` only at the points where it writes result `result`, one for
/// one.
bool readsPointwise(ir::KernelOp kernel, Value value, unsigned result) {
  unsigned numInputs = kernel.getInputs().size();
  unsigned resultMap = numInputs + kernel.getDests().size() + result;
  unsigned firstDest = kernel.getNumResults() - kernel.getDests().size();
  if (cast<StringAttr>(kernel.getCombiners()[result]).getValue() != "none")
    return !llvm::is_contained(kernel.getInputs(), value);
  // Another result stored through a different map could overwrite what a later point reads; the
  // same map cannot.
  for (unsigned i = 0; i < numInputs; ++i) {
    if (memoryRoot(kernel.getInputs()[i]) != memoryRoot(value))
      continue;
    if (kernel.getInputs()[i] != value)
      return false; // through a view
    int64_t offset = kernel.getOffsets()[i];
    int64_t resultOffset =
        result >= firstDest ? kernel.getOffsets()[numInputs + result - firstDest] : -1;
    bool sameOffset =
        (offset < 0) == (resultOffset < 0) &&
        (offset < 0 || kernel.getInputs()[offset] == kernel.getInputs()[resultOffset]);
    bool sameSize = elementBytes(value) == elementBytes(kernel.getResult(result));
    if (kernel.getMaps()[i] != kernel.getMaps()[resultMap] || !sameOffset || !sameSize)
      return false;
  }
  return true;
}

/// Offsets for blocks whose lifetimes are known, first fit by lowest address.
class WorkspaceAllocator {
public:
  uint64_t allocate(uint64_t bytes, int first, int last) {
    bytes = llvm::alignTo(std::max<uint64_t>(bytes, 1), kAlignment);
    // Live blocks sorted by offset; the first gap that is large enough.
    llvm::erase_if(live, [&](const Block &block) { return block.last < first; });
    uint64_t offset = 0;
    size_t at = 0;
    for (; at < live.size() && live[at].offset < offset + bytes; ++at)
      offset = std::max(offset, live[at].offset + live[at].bytes);
    live.insert(live.begin() + at, {offset, bytes, last});
    total = std::max(total, offset + bytes);
    return offset;
  }
  uint64_t total = 0;

private:
  struct Block {
    uint64_t offset, bytes;
    int last;
  };
  std::vector<Block> live;
};

} // namespace

namespace {

class Planner {
public:
  Planner(Plan &plan, func::FuncOp func, const PlanRequest &request,
          const llvm::DenseMap<Operation *, PlannedCode> &code)
      : plan(plan), func(func), request(request), code(code) {}

  void run() {
    llvm::DenseSet<Operation *> inKernels; // null among them
    for (auto &[op, planned] : code)
      for (Operation *inside : {planned.product, planned.prologues[0], planned.prologues[1]})
        inKernels.insert(inside);
    for (Operation &op : func.getBody().front())
      if (!isView(&op) && !inKernels.contains(&op))
        operations.push_back(&op);
    for (Operation *op : operations) {
      std::optional<int64_t> number = launchOf(op);
      if (launches.empty() || !number || launchOf(launches.back().front()) != number)
        launches.emplace_back();
      launches.back().push_back(op);
    }
    for (auto [i, launch] : llvm::enumerate(launches))
      for (Operation *op : launch)
        for (Value operand : operandsOf(op))
          lastUse[memoryRoot(operand)] = i;
    addArguments();
    shareStorages();
    chooseOutputs();
    placeWorkspace();
    chooseDonors();
    addSlots();
    for (ArrayRef<Operation *> launch : launches)
      addSteps(launch);
    fillHeader();
  }

private:
  Plan &plan;
  func::FuncOp func;
  const PlanRequest &request;
  const llvm::DenseMap<Operation *, PlannedCode> &code;

  std::vector<Operation *> operations;               ///< without views; the last one is the return
  std::vector<SmallVector<Operation *, 1>> launches; ///< the same, together what runs together
  llvm::DenseMap<Value, int> lastUse;                ///< launches
  std::vector<Storage> storages;
  llvm::DenseMap<Value, unsigned> storageOf;
  llvm::DenseMap<Operation *, unsigned> temporaryOf, parametersOf;
  std::vector<unsigned> outputs; ///< storage of each output
  std::vector<std::pair<unsigned, Value>>
      outputCopies; ///< outputs that are copies of another storage

  Operation *productOf(Operation *op) {
    auto it = code.find(op);
    return it == code.end() ? nullptr : it->second.product;
  }

  /// What an operation's step reads, in the order of its arguments.
  SmallVector<Value> operandsOf(Operation *op) {
    auto it = code.find(op);
    if (it == code.end())
      return SmallVector<Value>(op->getOperands());
    Operation *product = it->second.product;
    SmallVector<Value> operands(product ? product->getOperands() : op->getOperands());
    if (product)
      for (Value operand : op->getOperands())
        if (operand != product->getResult(0))
          operands.push_back(operand);
    for (auto [side, prologue] : llvm::enumerate(it->second.prologues))
      if (prologue) {
        // Some memory in place of what is not made.
        operands[side] = prologue->getOperand(0);
        operands.append(prologue->operand_begin(), prologue->operand_end());
      }
    return operands;
  }

  bool reads(Operation *op, Value root) {
    return llvm::any_of(operandsOf(op), [&](Value operand) { return memoryRoot(operand) == root; });
  }

  /// Whether the launch that `op` is in is the last one that reads `root`, and nobody else in it
  /// does.
  bool isLastReader(Operation *op, Value root, int launch) {
    return lastUse[root] == launch && llvm::none_of(launches[launch], [&](Operation *other) {
             return other != op && reads(other, root);
           });
  }

  unsigned addStorage(exe::SlotKind kind, uint32_t index, uint64_t bytes) {
    Storage storage;
    storage.kind = kind;
    storage.index = index;
    storage.bytes = bytes;
    storages.push_back(storage);
    return storages.size() - 1;
  }

  void addArguments() {
    for (BlockArgument argument : func.getArguments()) {
      unsigned i = argument.getArgNumber();
      bool input = i < request.numInputs;
      storageOf[argument] =
          addStorage(input ? exe::SlotKind::input : exe::SlotKind::scalar,
                     input ? i : i - request.numInputs, input ? bytesOf(argument) : 8);
    }
  }

  /// The memory that a scatter with code adds to; null for other operations.
  Value scatteredInto(Operation *op) const {
    auto scatter = dyn_cast<ir::ScatterAddOp>(op);
    return scatter && code.contains(op) ? memoryRoot(scatter.getInput()) : Value();
  }

  /// One storage for every result; a write shares its base's where nobody reads the base
  /// afterwards.
  void shareStorages() {
    for (auto [step, launch] : llvm::enumerate(launches))
      for (Operation *op : launch)
        shareStorages(op, step);
  }
  void shareStorages(Operation *op, int step) {
    auto kernel = dyn_cast<ir::KernelOp>(op);
    unsigned firstDest = kernel ? kernel.getNumResults() - kernel.getDests().size() : 0;
    for (OpResult result : op->getResults()) {
      unsigned i = result.getResultNumber();
      int last = lastUse.contains(result) ? lastUse[result] : step;
      if (Value base = scatteredInto(op)) {
        bool argument = isa<BlockArgument>(base);
        bool once = llvm::count_if(op->getOperands(),
                                   [&](Value operand) { return memoryRoot(operand) == base; }) == 1;
        if (!argument && once && isLastReader(op, base, step)) {
          unsigned shared = storageOf[base];
          storageOf[result] = shared;
          storages[shared].lastStep = std::max(storages[shared].lastStep, last);
          continue;
        }
      }
      if (kernel && i >= firstDest) {
        Value dest = kernel.getDests()[i - firstDest];
        bool argument = isa<BlockArgument>(dest);
        bool once = llvm::count(kernel.getDests(), dest) == 1;
        if (!argument && once && isLastReader(op, dest, step) && readsPointwise(kernel, dest, i)) {
          unsigned shared = storageOf[dest];
          storageOf[result] = shared;
          storages[shared].lastStep = std::max(storages[shared].lastStep, last);
          continue;
        }
      }
      unsigned storage = addStorage(exe::SlotKind::workspace, 0, bytesOf(result));
      storages[storage].firstStep = step;
      storages[storage].lastStep = last;
      storageOf[result] = storage;
    }
    if (auto it = code.find(op); it != code.end() && it->second.kernel->temporaryBytes) {
      unsigned temporary =
          addStorage(exe::SlotKind::workspace, 0, it->second.kernel->temporaryBytes);
      storages[temporary].firstStep = storages[temporary].lastStep = step;
      temporaryOf[op] = temporary;
    }
    if (auto it = code.find(op); it != code.end() && !it->second.kernel->parameters.empty()) {
      unsigned parameters = addStorage(exe::SlotKind::constant, 0,
                                       it->second.kernel->parameters.size() * sizeof(int64_t));
      storages[parameters].imageOffset = it->second.parametersAt;
      parametersOf[op] = parameters;
    }
  }

  /// The first result that is returned from a workspace storage makes it that output; every other
  /// one is copied.
  void chooseOutputs() {
    for (auto [i, value] : llvm::enumerate(operations.back()->getOperands())) {
      Value root = memoryRoot(value);
      unsigned storage = storageOf.lookup(root);
      if (elementsOf(value) != 0 && storages[storage].kind == exe::SlotKind::workspace) {
        storages[storage].kind = exe::SlotKind::output;
        storages[storage].index = i;
        outputs.push_back(storage);
        continue;
      }
      outputs.push_back(addStorage(exe::SlotKind::output, i, bytesOf(value)));
      storages.back().firstStep = storages.back().lastStep = launches.size() - 1;
      if (elementsOf(value) != 0)
        outputCopies.push_back({static_cast<unsigned>(i), root});
    }
  }

  void placeWorkspace() {
    WorkspaceAllocator allocator;
    for (Storage &storage : storages)
      if (storage.kind == exe::SlotKind::workspace)
        offsets.push_back(allocator.allocate(storage.bytes, storage.firstStep, storage.lastStep));
      else
        offsets.push_back(storage.imageOffset);
    plan.header.workspaceBytes = allocator.total;
  }
  std::vector<uint64_t> offsets;

  /// Accepts a proposed donor where the input is not read any more once the output is written.
  void chooseDonors() {
    llvm::DenseSet<int32_t> taken;
    for (auto [i, storageIndex] : llvm::enumerate(outputs)) {
      int32_t donor = i < request.donors.size() ? request.donors[i] : -1;
      if (donor < 0 || donor >= static_cast<int32_t>(request.numInputs) || taken.contains(donor))
        continue;
      Value input = func.getArgument(donor);
      Storage &storage = storages[storageIndex];
      if (bytesOf(input) != storage.bytes || !isDense(input) || !mayTakeOver(input, storageIndex))
        continue;
      storage.donor = donor;
      taken.insert(donor);
    }
  }

  bool mayTakeOver(Value input, unsigned output) {
    for (int step = storages[output].firstStep; step < static_cast<int>(launches.size()); ++step)
      for (Operation *op : launches[step])
        if (reads(op, input) &&
            !readsBeforeWriting(op, input, output, step == storages[output].firstStep))
          return false;
    return true;
  }

  /// Whether a kernel on the tiles of a product reads `input` at its points only and before they
  /// are stored: the tiles are stored in no order of what the product itself reads.
  bool storesBehindProduct(Operation *op, Value input) {
    const PlannedCode &planned = code.find(op)->second;
    auto isRead = [&](Operation *by) {
      return by && llvm::any_of(by->getOperands(), [&](Value v) { return memoryRoot(v) == input; });
    };
    return planned.kernel->storesOnce && !isRead(planned.product) &&
           llvm::none_of(planned.prologues, isRead);
  }

  /// Whether an operation that reads `input` may run when the output's elements take its place.
  /// `first`: in the launch that writes the output.
  bool readsBeforeWriting(Operation *op, Value input, unsigned output, bool first) {
    if (productOf(op) && !storesBehindProduct(op, input))
      return false;
    if (isa<func::ReturnOp>(op)) {
      // Copied into this output only: then it is there already.
      for (auto [i, value] : llvm::enumerate(op->getOperands()))
        if (memoryRoot(value) == input && outputs[i] != output)
          return false;
      return true;
    }
    auto kernel = dyn_cast<ir::KernelOp>(op);
    auto isOutput = [&](Value result) { return storageOf.lookup(result) == output; };
    if (!kernel || !first || llvm::none_of(kernel.getResults(), isOutput))
      return false;
    unsigned firstDest = kernel.getNumResults() - kernel.getDests().size();
    for (OpResult result : kernel.getResults()) {
      unsigned i = result.getResultNumber();
      if (isOutput(result)) {
        if (!readsPointwise(kernel, input, i))
          return false;
        // The copy of the dest comes before the kernel's reads of anything else in that memory.
        if (i >= firstDest && kernel.getDests()[i - firstDest] != input &&
            llvm::is_contained(kernel.getInputs(), input))
          return false;
      }
    }
    return true;
  }

  void addSlots() {
    for (auto [i, storage] : llvm::enumerate(storages)) {
      storage.slot = i;
      exe::Slot slot{};
      slot.kind = storage.kind;
      slot.index = storage.index;
      slot.offset = offsets[i];
      slot.bytes = storage.bytes;
      slot.donor = storage.donor;
      plan.slots.push_back(slot);
    }
  }

  uint32_t slotOf(Value value) {
    assert(storageOf.contains(memoryRoot(value)) && "a value without memory");
    return storages[storageOf.lookup(memoryRoot(value))].slot;
  }

  exe::Step &addStep(exe::StepKind kind, ArrayRef<uint32_t> args) {
    exe::Step step{};
    step.kind = kind;
    step.firstArg = plan.stepArgs.size();
    step.numArgs = args.size();
    plan.stepArgs.insert(plan.stepArgs.end(), args.begin(), args.end());
    plan.steps.push_back(step);
    return plan.steps.back();
  }

  void addCopy(uint32_t to, uint32_t from, uint64_t bytes) {
    addStep(exe::StepKind::copy, {to, from}).bytes = bytes;
  }

  void addSteps(ArrayRef<Operation *> launch) {
    SmallVector<Launched, 1> launched;
    for (Operation *op : launch)
      if (std::optional<Launched> made = prepare(op))
        launched.push_back(*made);
    size_t rounds = 0;
    for (const Launched &member : launched)
      rounds = std::max<size_t>(rounds, member.code->kernel->launches.size());
    // The n-th launches of all kernels are one.
    for (size_t n = 0; n < rounds; ++n) {
      const size_t first = plan.steps.size();
      for (const Launched &member : launched)
        if (n < member.code->kernel->launches.size())
          addLaunch(member, n);
      plan.steps[first].together = plan.steps.size() - first - 1;
    }
  }

  /// A kernel whose launches are to be added.
  struct Launched {
    const PlannedCode *code;
    SmallVector<uint32_t> args;
  };

  /// Adds the steps that come before an operation's launches, or all where it has none.
  std::optional<Launched> prepare(Operation *op) {
    if (isa<func::ReturnOp>(op)) {
      for (auto [output, root] : outputCopies)
        addCopy(storages[outputs[output]].slot, slotOf(root), storages[outputs[output]].bytes);
      return std::nullopt;
    }
    if (auto check = dyn_cast<ir::CheckIndicesOp>(op)) {
      addCheck(check);
      return std::nullopt;
    }
    if (isa<ir::EmptyOp>(op) ||
        llvm::all_of(op->getResults(), [](Value result) { return elementsOf(result) == 0; }))
      return std::nullopt;
    auto it = code.find(op);
    if (it == code.end()) {
      addInterpreted(op);
      return std::nullopt;
    }
    Launched launched{&it->second, {}};
    SmallVector<uint32_t> &args = launched.args;
    auto kernel = dyn_cast<ir::KernelOp>(op);
    if (Value base = scatteredInto(op)) {
      SmallVector<uint32_t> operands;
      uint32_t node =
          addNode(OpKind::scatter_add, cast<RankedTensorType>(op->getResult(0).getType()),
                  ir::attributeWordsOf(op), op->getOperands(), operands);
      addStep(exe::StepKind::check, operands).node = node;
      uint32_t from = slotOf(base), to = slotOf(op->getResult(0));
      if (from != to)
        addCopy(to, from, bytesOf(op->getResult(0)));
    }
    for (Value input :
         kernel && !productOf(op) ? SmallVector<Value>(kernel.getInputs()) : operandsOf(op))
      args.push_back(slotOf(input));
    for (Value result : op->getResults())
      args.push_back(slotOf(result));
    if (auto temporary = temporaryOf.find(op); temporary != temporaryOf.end())
      args.push_back(storages[temporary->second].slot);
    if (auto parameters = parametersOf.find(op); parameters != parametersOf.end())
      args.push_back(storages[parameters->second].slot);
    if (kernel) {
      unsigned firstDest = kernel.getNumResults() - kernel.getDests().size();
      for (auto [i, dest] : llvm::enumerate(kernel.getDests())) {
        uint32_t from = slotOf(dest), to = slotOf(kernel.getResult(firstDest + i));
        if (from != to)
          addCopy(to, from, bytesOf(dest));
      }
    }
    return launched;
  }

  void addLaunch(const Launched &member, size_t n) {
    const PlannedCode &planned = *member.code;
    const KernelLaunch &launch = planned.kernel->launches[n];
    exe::Step &step = addStep(exe::StepKind::launch, member.args);
    step.entry = planned.entries[n];
    step.range = planned.sizePolymorphicRange >= 0 ? planned.sizePolymorphicRange : launch.range;
    step.grain = launch.grain;
    step.scratchBytes = launch.scratchBytes;
  }

  /// The words of an operation (IR/Executable.h); gives their place and the operands' slots.
  uint32_t addNode(OpKind kind, RankedTensorType result, ArrayRef<int64_t> attributes,
                   ValueRange operands, SmallVectorImpl<uint32_t> &args) {
    auto dtypeOf = [](Type type) {
      return static_cast<uint64_t>(ir::scalarTypeOf(getElementTypeOrSelf(type)));
    };
    uint32_t node = plan.nodeWords.size();
    auto words = [&](ArrayRef<int64_t> values) {
      plan.nodeWords.insert(plan.nodeWords.end(), values.begin(), values.end());
    };
    plan.nodeWords.push_back(static_cast<uint64_t>(kind) | dtypeOf(result) << 16 |
                             static_cast<uint64_t>(result.getRank()) << 24 |
                             static_cast<uint64_t>(operands.size()) << 32 |
                             static_cast<uint64_t>(attributes.size()) << 48);
    words(result.getShape());
    words(attributes);
    for (Value operand : operands) {
      plan.nodeWords.push_back(dtypeOf(operand.getType()) | sizesOf(operand).size() << 8);
      words(sizesOf(operand));
      words(stridedOperand(operand, noRoot)->strides);
      args.push_back(slotOf(operand));
    }
    return node;
  }

  void addInterpreted(Operation *op) {
    SmallVector<uint32_t> args;
    uint32_t node = addNode(*ir::opKindOf(op), cast<RankedTensorType>(op->getResult(0).getType()),
                            ir::attributeWordsOf(op), op->getOperands(), args);
    args.push_back(slotOf(op->getResult(0)));
    addStep(exe::StepKind::interpret, args).node = node;
  }

  void addCheck(ir::CheckIndicesOp op) {
    SmallVector<uint32_t> args;
    auto gathered = RankedTensorType::get(sizesOf(op.getIndex()),
                                          getElementTypeOrSelf(op.getInput().getType()));
    int64_t dim = op.getDim();
    uint32_t node = addNode(OpKind::gather, gathered, dim, op->getOperands(), args);
    addStep(exe::StepKind::check, args).node = node;
  }

  void fillHeader() {
    exe::Header &header = plan.header;
    header.magic = exe::kMagic;
    header.version = exe::kVersion;
    header.numInputs = request.numInputs;
    header.numScalars = func.getNumArguments() - request.numInputs;
    header.numOutputs = outputs.size();
    header.numSlots = plan.slots.size();
    header.numSteps = plan.steps.size();
    header.numNodeWords = plan.nodeWords.size();
    header.numStepArgs = plan.stepArgs.size();
    header.flags = func->hasAttr(kUnfusedAttribute) ? exe::kUnfused : 0;
    for (size_t i = 0; i < plan.steps.size(); i += plan.steps[i].together + 1)
      header.numKernels += plan.steps[i].kind == exe::StepKind::launch;
  }
};

} // namespace

PlanRequest planRequestOf(func::FuncOp func) {
  PlanRequest request;
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    request.numInputs += !func.getArgAttr(i, ir::kScalarAttr);
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    auto donor = func.getResultAttrOfType<IntegerAttr>(i, ir::kDonorAttr);
    request.donors.push_back(donor ? donor.getInt() : -1);
  }
  return request;
}

Plan::Plan(func::FuncOp func, const PlanRequest &request,
           const llvm::DenseMap<Operation *, PlannedCode> &code) {
  Planner(*this, func, request, code).run();
}

std::vector<uint8_t> Plan::serialize(ArrayRef<uint8_t> image) const {
  std::vector<uint8_t> bytes;
  auto append = [&](const void *data, size_t size) {
    auto *from = static_cast<const uint8_t *>(data);
    bytes.insert(bytes.end(), from, from + size);
  };
  exe::Header written = header;
  append(&written, sizeof written);
  append(slots.data(), slots.size() * sizeof(exe::Slot));
  append(steps.data(), steps.size() * sizeof(exe::Step));
  append(nodeWords.data(), nodeWords.size() * sizeof(uint64_t));
  append(stepArgs.data(), stepArgs.size() * sizeof(uint32_t));
  bytes.resize(llvm::alignTo(bytes.size(), kAlignment));
  written.imageOffset = bytes.size();
  written.imageBytes = image.size();
  std::memcpy(bytes.data(), &written, sizeof written);
  append(image.data(), image.size());
  return bytes;
}

std::string Plan::print() const {
  static constexpr StringRef slotNames[] = {"input", "scalar", "output", "workspace", "constant"};
  static constexpr StringRef stepNames[] = {"launch", "copy", "interpret", "check"};
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "workspace " << header.workspaceBytes << " bytes\n";
  for (auto [i, slot] : llvm::enumerate(slots)) {
    os << "slot " << i << ": " << slotNames[static_cast<int>(slot.kind)];
    if (slot.kind == exe::SlotKind::workspace || slot.kind == exe::SlotKind::constant)
      os << " at " << slot.offset;
    else
      os << " " << slot.index;
    os << ", " << slot.bytes << " bytes";
    if (slot.donor >= 0)
      os << ", may take over input " << slot.donor;
    os << "\n";
  }
  size_t nextLaunch = 0;
  for (auto [i, step] : llvm::enumerate(steps)) {
    os << "step " << i << ": " << (i < nextLaunch ? "same " : "")
       << stepNames[static_cast<int>(step.kind)];
    nextLaunch = std::max<size_t>(nextLaunch, i + step.together + 1);
    if (step.kind == exe::StepKind::launch) {
      os << " @" << step.entry << " range " << step.range << " grain " << step.grain;
      if (step.scratchBytes)
        os << " scratch " << step.scratchBytes;
    } else if (step.kind != exe::StepKind::copy) {
      os << " " << opInfo(static_cast<OpKind>(nodeWords[step.node] & 0xffff)).mnemonic;
    } else {
      os << " " << step.bytes << " bytes";
    }
    os << " (";
    for (uint32_t a = 0; a < step.numArgs; ++a)
      os << (a ? ", " : "") << stepArgs[step.firstArg + a];
    os << ")\n";
  }
  return text;
}

} // namespace tjit::codegen
