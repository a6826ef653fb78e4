//===- LoadedExecutable.cpp -------------------------------------------------------------------===//
// Checking and mapping executables.

#include "Runtime/LoadedExecutable.h"

#include "IR/Infer.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace tjit::rt {

Image::~Image() {
  if (base_)
    munmap(base_, mapped_);
}

bool Image::map(std::span<const uint8_t> bytes) {
  if (bytes.empty())
    return true;
  constexpr size_t kPage = 4096;
  mapped_ = (bytes.size() + kPage - 1) / kPage * kPage;
  void *memory = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return false;
  base_ = static_cast<std::byte *>(memory);
  std::memcpy(base_, bytes.data(), bytes.size());
  return mprotect(base_, mapped_, PROT_READ | PROT_EXEC) == 0;
}

namespace {

/// Reads words that were not written by us; a step that fails says why in `error`.
class Loader {
public:
  Loader(std::span<const uint8_t> bytes, const TraceGraph &graph, LoadedExecutable &exe,
         std::string &error)
      : bytes_(bytes), graph_(graph), exe_(exe), error_(error) {}

  bool load() {
    return checkHeader() && copyTables() && checkSlots() && checkSteps() && mapImage();
  }

private:
  bool fail(std::string why) {
    error_ = "malformed executable: " + std::move(why);
    return false;
  }

  bool checkHeader() {
    if (bytes_.size() < sizeof(exe::Header))
      return fail("shorter than its header");
    std::memcpy(&header(), bytes_.data(), sizeof(exe::Header));
    if (header().magic != exe::kMagic)
      return fail("not an executable");
    if (header().version != exe::kVersion)
      return fail("of version " + std::to_string(header().version));
    if (header().numInputs != graph_.inputs.size() ||
        header().numScalars != graph_.scalars.size() ||
        header().numOutputs != graph_.outputs.size())
      return fail("other inputs or outputs than its trace");
    if (header().workspaceBytes > uint64_t(1) << 47)
      return fail("workspace beyond the address space");
    if (header().flags & ~exe::kUnfused)
      return fail("unknown flags");
    return true;
  }

  /// The next `count` elements of the file.
  template <class T> bool take(std::vector<T> &out, uint64_t count) {
    if (count > (bytes_.size() - at_) / sizeof(T))
      return false;
    out.resize(count);
    if (count)
      std::memcpy(static_cast<void *>(out.data()), bytes_.data() + at_, count * sizeof(T));
    at_ += count * sizeof(T);
    return true;
  }

  bool copyTables() {
    at_ = sizeof(exe::Header);
    if (!take(exe_.slots, header().numSlots) || !take(exe_.steps, header().numSteps) ||
        !take(nodeWords_, header().numNodeWords) || !take(exe_.stepArgs, header().numStepArgs))
      return fail("truncated");
    uint64_t offset = header().imageOffset, size = header().imageBytes;
    if (size &&
        (offset % 64 || offset < at_ || offset > bytes_.size() || size > bytes_.size() - offset))
      return fail("the image is not inside");
    return true;
  }

  static uint64_t bytesOf(const TensorType &type) {
    return static_cast<uint64_t>(numElements(type.sizes)) * elementSize(type.dtype);
  }

  bool checkSlots() {
    exe_.outputBytes.assign(header().numOutputs, 0);
    exe_.outputDonors.assign(header().numOutputs, -1);
    std::vector<bool> seen(header().numOutputs), given(header().numInputs);
    for (exe::Slot &slot : exe_.slots) {
      switch (slot.kind) {
      case exe::SlotKind::input:
        if (slot.index >= header().numInputs)
          return fail("an input that the trace does not have");
        slot.bytes = extentOf(graph_.inputs[slot.index].type, graph_.inputs[slot.index].strides);
        break;
      case exe::SlotKind::scalar:
        if (slot.index >= header().numScalars)
          return fail("a scalar that the trace does not have");
        slot.bytes = sizeof(uint64_t);
        break;
      case exe::SlotKind::output:
        if (slot.index >= header().numOutputs || seen[slot.index])
          return fail("an output that the trace does not have, or twice the same");
        seen[slot.index] = true;
        if (slot.bytes != bytesOf(graph_.typeOf(graph_.outputs[slot.index].value)))
          return fail("an output of another size");
        if (slot.donor >= 0) {
          if (slot.donor >= static_cast<int64_t>(header().numInputs) || given[slot.donor])
            return fail("a donor that the trace does not have, or twice the same");
          given[slot.donor] = true;
        }
        exe_.outputBytes[slot.index] = slot.bytes;
        exe_.outputDonors[slot.index] = slot.donor;
        break;
      case exe::SlotKind::workspace:
        if (slot.offset % 64 || slot.offset > header().workspaceBytes ||
            slot.bytes > header().workspaceBytes - slot.offset)
          return fail("a slot outside the workspace");
        break;
      case exe::SlotKind::constant:
        if (slot.offset % 8 || slot.offset > header().imageBytes ||
            slot.bytes > header().imageBytes - slot.offset)
          return fail("constants outside the image");
        break;
      default:
        return fail("a slot of unknown kind");
      }
    }
    if (std::ranges::find(seen, false) != seen.end())
      return fail("an output without a slot");
    return true;
  }

  bool checkSteps() {
    if (!checkTogether())
      return false;
    for (exe::Step &step : exe_.steps) {
      if (step.firstArg > exe_.stepArgs.size() ||
          step.numArgs > exe_.stepArgs.size() - step.firstArg)
        return fail("arguments outside their table");
      for (uint32_t i = 0; i < step.numArgs; ++i)
        if (exe_.stepArgs[step.firstArg + i] >= exe_.slots.size())
          return fail("an argument that is no slot");
      bool ok = step.kind == exe::StepKind::launch      ? checkLaunch(step)
                : step.kind == exe::StepKind::copy      ? checkCopy(step)
                : step.kind == exe::StepKind::interpret ? checkOperation(step, 1)
                : step.kind == exe::StepKind::check     ? checkOperation(step, 0)
                                                        : fail("a step of unknown kind");
      if (!ok)
        return false;
    }
    size_t args = 0;
    for (size_t i = 0, end = 0; i < exe_.steps.size(); ++i) {
      if (i == end)
        args = 0, end = i + exe_.steps[i].together + 1;
      args += exe_.steps[i].numArgs;
      exe_.maxStepArgs = std::max(exe_.maxStepArgs, args);
    }
    return true;
  }
  const exe::Slot &argument(const exe::Step &step, uint32_t i) const {
    return exe_.slots[exe_.stepArgs[step.firstArg + i]];
  }
  static bool writable(const exe::Slot &slot) {
    return slot.kind == exe::SlotKind::output || slot.kind == exe::SlotKind::workspace;
  }

  bool checkLaunch(const exe::Step &step) {
    if (step.entry >= header().imageBytes)
      return fail("an entry outside the image");
    if (step.range < 0 || step.grain < 1)
      return fail("a launch over a negative range");
    if (step.scratchBytes > uint64_t(1) << 40)
      return fail("scratch beyond reason");
    exe_.hasScratch |= step.scratchBytes != 0;
    return true;
  }

  /// Launches that run together are inside the plan, and no two such rows overlap.
  bool checkTogether() {
    const std::vector<exe::Step> &steps = exe_.steps;
    for (size_t i = 0; i < steps.size();) {
      if (steps[i].together >= steps.size() - i)
        return fail("launches behind the last step");
      const size_t end = i + steps[i].together + 1;
      if (end - i > 1)
        for (size_t member = i; member < end; ++member)
          if (steps[member].kind != exe::StepKind::launch || (member > i && steps[member].together))
            return fail("steps that run together and are no launches");
      i = end;
    }
    return true;
  }

  bool checkCopy(const exe::Step &step) {
    if (step.numArgs != 2 || !writable(argument(step, 0)) || step.bytes > argument(step, 0).bytes ||
        step.bytes > argument(step, 1).bytes)
      return fail("a copy that does not fit");
    return true;
  }

  bool words(uint64_t &at, uint64_t count, const int64_t *&out) {
    if (at > nodeWords_.size() || count > nodeWords_.size() - at)
      return false;
    out = reinterpret_cast<const int64_t *>(nodeWords_.data() + at);
    at += count;
    return true;
  }
  static bool dtype(uint64_t number, ScalarType &out) {
    out = static_cast<ScalarType>(number);
    return number < static_cast<uint64_t>(ScalarType::Undefined);
  }
  bool shape(uint64_t &at, uint64_t rank, Dims &out) {
    const int64_t *sizes;
    int64_t elements;
    if (!words(at, rank, sizes))
      return false;
    out.assign(sizes, rank);
    return checkedNumElements(out, elements);
  }
  /// Bytes from the first to behind the last element; UINT64_MAX where strides are negative or lead
  /// beyond 2^60.
  static uint64_t extentOf(const TensorType &type, const Dims &strides) {
    if (numElements(type.sizes) == 0)
      return 0;
    unsigned __int128 last = 0;
    for (size_t d = 0; d < strides.size(); ++d) {
      if (strides[d] < 0)
        return UINT64_MAX;
      last += static_cast<unsigned __int128>(type.sizes[d] - 1) * static_cast<uint64_t>(strides[d]);
      if (last >> 60)
        return UINT64_MAX;
    }
    return (static_cast<uint64_t>(last) + 1) * elementSize(type.dtype);
  }

  /// An operation in nodeWords, of which the step has so many results.
  bool checkOperation(exe::Step &step, uint64_t numResults) {
    PlanNode node;
    uint64_t at = step.node, numOperands = 0;
    const int64_t *head = nullptr, *attributes = nullptr, *strides = nullptr;
    if (!words(at, 1, head) || static_cast<uint64_t>(*head & 0xffff) >= kNumOps)
      return fail("an unknown operation");
    const uint64_t h = static_cast<uint64_t>(*head);
    node.kind = static_cast<OpKind>(h & 0xffff);
    numOperands = h >> 32 & 0xffff;
    if (!dtype(h >> 16 & 0xff, node.result.dtype) ||
        !shape(at, h >> 24 & 0xff, node.result.sizes) || !words(at, h >> 48, attributes) ||
        step.numArgs != numOperands + numResults)
      return fail("an operation that is cut off");
    node.attributes.assign(attributes, attributes + (h >> 48));
    node.resultStrides = contiguousStrides(node.result.sizes);
    if (!checkAttributeWords(node.kind, node.attributes))
      return fail(std::string("attributes of ") + opInfo(node.kind).mnemonic);
    for (uint64_t i = 0; i < numOperands; ++i) {
      PlanNode::Operand operand;
      if (!words(at, 1, head) || *head >> 16 || !dtype(*head & 0xff, operand.type.dtype) ||
          !shape(at, *head >> 8 & 0xff, operand.type.sizes) ||
          !words(at, operand.type.sizes.size(), strides))
        return fail("an operand that is cut off");
      operand.strides.assign(strides, operand.type.sizes.size());
      if (extentOf(operand.type, operand.strides) > argument(step, i).bytes)
        return fail("an operand larger than its slot");
      node.operands.push_back(std::move(operand));
    }
    std::vector<const TensorType *> types;
    types.reserve(node.operands.size());
    for (const PlanNode::Operand &operand : node.operands)
      types.push_back(&operand.type);
    InferContext context{node.kind, types, node.attributes.data(), {}, {}};
    if (!inferType(context) || context.result.dtype != node.result.dtype ||
        !(context.result.sizes == node.result.sizes))
      return fail(std::string("the type of ") + opInfo(node.kind).mnemonic);
    if (numResults) {
      const exe::Slot &to = argument(step, static_cast<uint32_t>(numOperands));
      if (!writable(to) || bytesOf(node.result) > to.bytes)
        return fail("a result larger than its slot");
    }
    exe_.mayFail |= opInfo(node.kind).mayFail;
    step.node = static_cast<uint32_t>(exe_.nodes.size());
    exe_.nodes.push_back(std::move(node));
    return true;
  }

  bool mapImage() {
    if (!exe_.image.map(
            bytes_.subspan(header().imageBytes ? header().imageOffset : 0, header().imageBytes)))
      return fail("the system refuses executable memory");
    return true;
  }

  exe::Header &header() { return exe_.header; }

  std::span<const uint8_t> bytes_;
  const TraceGraph &graph_;
  LoadedExecutable &exe_;
  std::string &error_;
  std::vector<uint64_t> nodeWords_;
  size_t at_ = 0;
};

} // namespace

std::unique_ptr<LoadedExecutable> LoadedExecutable::load(std::span<const uint8_t> bytes,
                                                         const TraceGraph &graph,
                                                         std::string &error) {
  auto exe = std::make_unique<LoadedExecutable>();
  if (!Loader(bytes, graph, *exe, error).load())
    return nullptr;
  return exe;
}

} // namespace tjit::rt
