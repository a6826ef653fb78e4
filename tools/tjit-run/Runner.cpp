//===- Runner.cpp -----------------------------------------------------------------------------===//
// Running what has been compiled, and what has not.
//
// A plain, single-threaded executor: what the runtime's does with caches, donation and threads, for
// one run at a time.
//
//===------------------------------------------------------------------------------------------===//

#include "Runner.h"

#include "IR/Executable.h"
#include "Runtime/Interpreter.h"

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <sys/mman.h>

namespace tjit::run {

struct Runner::Impl {
  exe::Header header;
  std::vector<exe::Slot> slots;
  std::vector<exe::Step> steps;
  std::vector<uint64_t> nodeWords;
  std::vector<uint32_t> stepArgs;
  void *code = nullptr;
  size_t codeBytes = 0;
  std::vector<Dims> strides;
  std::vector<TensorType> outputs;
  std::shared_ptr<std::byte> workspace, scratch;

  void interpretStep(const exe::Step &step, const std::vector<void *> &args) const;
};

static std::shared_ptr<std::byte> allocate(uint64_t bytes) {
  constexpr uint64_t kAlignment = 64;
  auto *p = static_cast<std::byte *>(
      std::aligned_alloc(kAlignment, (bytes / kAlignment + 1) * kAlignment));
  if (!p)
    throw std::bad_alloc();
  return {p, [](std::byte *q) { std::free(q); }};
}

Runner::Runner(const std::vector<uint8_t> &executable, std::vector<Dims> strides,
               std::vector<TensorType> outputs)
    : impl(std::make_unique<Impl>()) {
  impl->strides = std::move(strides);
  impl->outputs = std::move(outputs);
  const uint8_t *at = executable.data();
  auto read = [&](auto &items, size_t count) {
    items.resize(count);
    if (count) // an empty vector has no address
      std::memcpy(items.data(), at, count * sizeof items[0]);
    at += count * sizeof items[0];
  };
  std::memcpy(&impl->header, at, sizeof impl->header);
  at += sizeof impl->header;
  const exe::Header &header = impl->header;
  read(impl->slots, header.numSlots);
  read(impl->steps, header.numSteps);
  read(impl->nodeWords, header.numNodeWords);
  read(impl->stepArgs, header.numStepArgs);
  impl->workspace = allocate(header.workspaceBytes);
  uint64_t scratchBytes = 0;
  for (const exe::Step &step : impl->steps)
    scratchBytes = std::max(scratchBytes, step.scratchBytes);
  impl->scratch = allocate(scratchBytes);
  if (header.imageBytes == 0)
    return;
  impl->codeBytes = header.imageBytes;
  impl->code =
      mmap(nullptr, header.imageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (impl->code == MAP_FAILED)
    throw std::bad_alloc();
  std::memcpy(impl->code, executable.data() + header.imageOffset, header.imageBytes);
  mprotect(impl->code, header.imageBytes, PROT_READ | PROT_EXEC);
}

Runner::~Runner() {
  if (impl->code)
    munmap(impl->code, impl->codeBytes);
}

/// The input's elements at the strides that the function reads; the tensor itself where those are
/// row-major.
static std::shared_ptr<std::byte> layOut(const HostTensor &tensor, const Dims &strides) {
  if (strides == contiguousStrides(tensor.type.sizes))
    return tensor.memory;
  int64_t last = 0, n = numElements(tensor.type.sizes);
  for (size_t i = 0; i < strides.size(); ++i)
    last += (tensor.type.sizes[i] - 1) * strides[i];
  size_t size = elementSize(tensor.type.dtype);
  std::shared_ptr<std::byte> memory = allocate(n ? (last + 1) * size : 0);
  for (int64_t i = 0; i < n; ++i) {
    int64_t rest = i, offset = 0;
    for (size_t d = strides.size(); d-- > 0; rest /= tensor.type.sizes[d])
      offset += rest % tensor.type.sizes[d] * strides[d];
    std::memcpy(memory.get() + offset * size, tensor.data() + i * size, size);
  }
  return memory;
}

void Runner::Impl::interpretStep(const exe::Step &step, const std::vector<void *> &args) const {
  const uint64_t *word = &nodeWords[step.node];
  auto kind = static_cast<OpKind>(*word & 0xffff);
  auto dtype = static_cast<ScalarType>(*word >> 16 & 0xff);
  size_t rank = *word >> 24 & 0xff, operands = *word >> 32 & 0xffff, attributes = *word >> 48;
  ++word;
  auto list = [&](size_t n) {
    std::span<const int64_t> values(reinterpret_cast<const int64_t *>(word), n);
    word += n;
    return values;
  };
  std::span<const int64_t> sizes = list(rank), attributeWords = list(attributes);
  std::vector<TensorRef> refs;
  for (size_t i = 0; i < operands; ++i) {
    auto operandDtype = static_cast<ScalarType>(*word & 0xff);
    size_t operandRank = *word >> 8 & 0xff;
    ++word;
    std::span<const int64_t> operandSizes = list(operandRank), operandStrides = list(operandRank);
    refs.push_back({args[i], operandDtype, operandSizes, operandStrides});
  }
  Dims dense = contiguousStrides(sizes);
  interpretOp(kind, attributeWords, refs, {args.back(), dtype, sizes, dense});
}

std::vector<HostTensor> Runner::run(const std::vector<HostTensor> &inputs) const {
  std::vector<std::shared_ptr<std::byte>> inputMemory;
  inputMemory.reserve(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    inputMemory.push_back(layOut(inputs[i], impl->strides[i]));
  std::vector<HostTensor> results;
  for (const TensorType &type : impl->outputs)
    results.push_back(makeTensor(type));
  std::vector<void *> addresses;
  for (const exe::Slot &slot : impl->slots) {
    switch (slot.kind) {
    case exe::SlotKind::input:
      addresses.push_back(inputMemory[slot.index].get());
      break;
    case exe::SlotKind::scalar:
      addresses.push_back(inputMemory[impl->header.numInputs + slot.index].get());
      break;
    case exe::SlotKind::output:
      addresses.push_back(results[slot.index].data());
      break;
    case exe::SlotKind::workspace:
      addresses.push_back(impl->workspace.get() + slot.offset);
      break;
    case exe::SlotKind::constant:
      addresses.push_back(static_cast<std::byte *>(impl->code) + slot.offset);
      break;
    }
  }
  std::vector<void *> args;
  for (const exe::Step &step : impl->steps) {
    args.clear();
    for (uint32_t i = 0; i < step.numArgs; ++i)
      args.push_back(addresses[impl->stepArgs[step.firstArg + i]]);
    if (step.kind == exe::StepKind::copy) {
      if (args[0] != args[1])
        std::memcpy(args[0], args[1], step.bytes);
    } else if (step.kind == exe::StepKind::interpret) {
      impl->interpretStep(step, args);
    } else {
      using Entry = void (*)(void *const *, int64_t, int64_t, void *);
      auto entry = reinterpret_cast<Entry>(static_cast<std::byte *>(impl->code) + step.entry);
      entry(args.data(), 0, step.range, impl->scratch.get());
    }
  }
  return results;
}

std::vector<HostTensor> interpret(const TraceGraph &graph, const std::vector<HostTensor> &inputs) {
  std::vector<HostTensor> values = inputs;
  std::vector<Dims> strides;
  strides.reserve(inputs.size() + graph.nodes.size());
  for (const HostTensor &input : inputs)
    strides.push_back(contiguousStrides(input.type.sizes));
  for (const TraceNode &node : graph.nodes) {
    HostTensor result = makeTensor(node.type);
    strides.push_back(contiguousStrides(node.type.sizes));
    std::vector<TensorRef> operands;
    operands.reserve(node.operands.size());
    for (uint32_t operand : node.operands)
      operands.push_back({values[operand].data(), values[operand].type.dtype,
                          values[operand].type.sizes, strides[operand]});
    interpretOp(node.kind, node.attributes, operands,
                {result.data(), node.type.dtype, result.type.sizes, strides.back()});
    values.push_back(result);
  }
  std::vector<HostTensor> outputs;
  outputs.reserve(graph.outputs.size());
  for (const TraceOutput &output : graph.outputs)
    outputs.push_back(values[output.value]);
  return outputs;
}

} // namespace tjit::run
