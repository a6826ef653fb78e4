//===- FakeCompiler.cpp -----------------------------------------------------------------------===//
// A compiler for tests that makes plans of interpreted steps.

#include "FakeCompiler.h"

#include <cstdlib>
#include <cstring>
#include <mutex>

namespace tjit::test {

namespace {

uint64_t bytesOf(const TensorType &type) {
  return static_cast<uint64_t>(numElements(type.sizes)) * elementSize(type.dtype);
}

std::mutex mutex;

int compile(const tjit_compile_request *request, tjit_compile_result *result) {
  // Outside of the lock: it may wait, or end the thread.
  if (std::function<void(const tjit_compile_request &)> before = [] {
        std::lock_guard lock(mutex);
        return fakeCompilerOptions().before;
      }())
    before(*request);
  std::lock_guard lock(mutex);
  FakeCompilerOptions &options = fakeCompilerOptions();
  *result = {};
  ++options.calls;
  TraceGraph graph;
  if (options.fail || !decodeTrace({request->key, request->keyWords}, graph)) {
    result->error = strdup(options.fail ? "asked to fail" : "malformed key");
    return 1;
  }
  PlanParts plan = makeInterpretedPlan(graph);
  plan.header.flags = request->unfused ? exe::kUnfused : 0;
  options.unfused += request->unfused;
  if (options.withoutSteps)
    plan.steps.clear();
  std::vector<uint8_t> bytes = plan.serialize();
  options.graphs.push_back(std::move(graph));
  result->kernelsCompiled = 1; // as if the code generator had run
  result->size = bytes.size();
  result->bytes = static_cast<uint8_t *>(std::malloc(bytes.size()));
  std::memcpy(result->bytes, bytes.data(), bytes.size());
  return 0;
}

void release(tjit_compile_result *result) {
  std::free(result->bytes);
  std::free(result->error);
}
void clearKernelCache() {}
char *describeAddress(const char *, uint64_t) { return nullptr; }

} // namespace

FakeCompilerOptions &fakeCompilerOptions() {
  static FakeCompilerOptions options;
  return options;
}

const tjit_compiler_functions *fakeCompiler() {
  static const void *const modules[] = {reinterpret_cast<const void *>(&fakeCompiler)};
  static const tjit_compiler_functions functions{
      kCompilerAbi,    compile, release, clearKernelCache,
      describeAddress, modules, 1,       operationsHash};
  return &functions;
}

std::vector<uint8_t> PlanParts::serialize() const {
  exe::Header h = header;
  h.numSlots = slots.size(), h.numSteps = steps.size();
  h.numNodeWords = nodeWords.size(), h.numStepArgs = stepArgs.size();
  std::vector<uint8_t> bytes(sizeof h);
  auto append = [&](const auto &list) {
    auto *p = reinterpret_cast<const uint8_t *>(list.data());
    bytes.insert(bytes.end(), p, p + list.size() * sizeof(list[0]));
  };
  append(slots);
  append(steps);
  append(nodeWords);
  append(stepArgs);
  bytes.resize((bytes.size() + 63) / 64 * 64);
  h.imageOffset = bytes.size(), h.imageBytes = image.size();
  append(image);
  std::memcpy(bytes.data(), &h, sizeof h);
  return bytes;
}

PlanParts makeInterpretedPlan(const TraceGraph &graph) {
  PlanParts plan;
  exe::Header &h = plan.header;
  h.magic = exe::kMagic, h.version = exe::kVersion;
  h.numInputs = graph.inputs.size(), h.numScalars = graph.scalars.size(),
  h.numOutputs = graph.outputs.size();

  std::vector<uint32_t> slotOf;
  auto addSlot = [&](exe::SlotKind kind, uint32_t index, uint64_t offset, uint64_t bytes) {
    plan.slots.push_back({kind, index, offset, bytes, -1, 0});
    return static_cast<uint32_t>(plan.slots.size() - 1);
  };
  for (uint32_t i = 0; i < graph.inputs.size(); ++i)
    slotOf.push_back(addSlot(exe::SlotKind::input, i, 0, bytesOf(graph.inputs[i].type)));
  for (uint32_t i = 0; i < graph.scalars.size(); ++i)
    slotOf.push_back(addSlot(exe::SlotKind::scalar, i, 0, 8));
  for (uint32_t n = 0; n < graph.nodes.size(); ++n) {
    const TraceNode &node = graph.nodes[n];
    const uint32_t value = graph.firstNode() + n;
    uint32_t slot = UINT32_MAX;
    for (uint32_t o = 0; o < graph.outputs.size(); ++o) {
      if (graph.outputs[o].value != value)
        continue;
      slot = addSlot(exe::SlotKind::output, o, 0, bytesOf(node.type));
      int32_t donor = graph.outputs[o].donor;
      bool readBefore = false, readByThis = false;
      for (const TraceNode &other : graph.nodes)
        for (uint32_t operand : other.operands)
          if (donor >= 0 && operand == static_cast<uint32_t>(donor))
            (&other == &node ? readByThis : readBefore) = true;
      if (donor >= 0 && n + 1 == graph.nodes.size() && readByThis && !readBefore)
        plan.slots.back().donor = donor;
    }
    if (slot == UINT32_MAX) {
      slot = addSlot(exe::SlotKind::workspace, 0, h.workspaceBytes, bytesOf(node.type));
      h.workspaceBytes += (bytesOf(node.type) + 63) / 64 * 64;
    }
    slotOf.push_back(slot);

    exe::Step step{};
    step.kind = exe::StepKind::interpret;
    step.firstArg = plan.stepArgs.size(), step.numArgs = node.operands.size() + 1;
    step.node = plan.nodeWords.size();
    auto addDims = [&](std::span<const int64_t> dims) {
      plan.nodeWords.insert(plan.nodeWords.end(), dims.begin(), dims.end());
    };
    plan.nodeWords.push_back(
        static_cast<uint64_t>(node.kind) | static_cast<uint64_t>(node.type.dtype) << 16 |
        node.type.sizes.size() << 24 | node.operands.size() << 32 | node.attributes.size() << 48);
    addDims(node.type.sizes);
    addDims(node.attributes);
    for (uint32_t operand : node.operands) {
      TensorType type = graph.typeOf(operand);
      plan.nodeWords.push_back(static_cast<uint64_t>(type.dtype) | type.sizes.size() << 8);
      addDims(type.sizes);
      addDims(operand < graph.inputs.size() ? graph.inputs[operand].strides
                                            : contiguousStrides(type.sizes));
      plan.stepArgs.push_back(slotOf[operand]);
    }
    plan.stepArgs.push_back(slot);
    plan.steps.push_back(step);
  }
  return plan;
}

} // namespace tjit::test
