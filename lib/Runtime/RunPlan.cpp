//===- RunPlan.cpp ----------------------------------------------------------------------------===//
// Running a loaded executable.

#include "Runtime/RunPlan.h"

#include "Runtime/Context.h"
#include "tjit/Error.h"

#include <algorithm>

namespace tjit::rt {

namespace {

using Kernel = void (*)(void *const *args, int64_t begin, int64_t end, void *scratch);

/// How a launch is cut: pieces of `size`, a multiple of the grain, the last one shorter.
struct Pieces {
  int64_t count, size;
};
Pieces piecesOf(const exe::Step &step, int threads) {
  // Several pieces a thread, so that one which was held up does not keep the others waiting for
  // long.
  constexpr int64_t kPiecesOfThread = 4;
  if (threads <= 1 || step.range <= step.grain)
    return {1, step.range};
  int64_t grains = (step.range - 1) / step.grain + 1;
  int64_t count = std::min<int64_t>(grains, threads * kPiecesOfThread);
  int64_t size = (grains - 1) / count + 1;
  return {(grains - 1) / size + 1, size * step.grain};
}

struct Launch {
  Kernel kernel;
  void *const *args;
  int64_t range, size;
  std::byte *scratch;
  uint64_t scratchBytes;

  static void piece(void *context, int64_t i) {
    auto &launch = *static_cast<Launch *>(context);
    int64_t begin = i * launch.size, end = std::min(begin + launch.size, launch.range);
    launch.kernel(launch.args, begin, end, launch.scratch + i * launch.scratchBytes);
  }
};

uint64_t scratchOf(const exe::Step &step) { return (step.scratchBytes + 63) & ~uint64_t(63); }

/// Counted buffers that go back unless the run succeeds.
struct Reservation {
  PodVector<Buffer *> &buffers;
  bool succeeded = false;
  ~Reservation() {
    if (succeeded)
      return;
    for (Buffer *b : buffers)
      Ref<Buffer>::adopt(b).reset();
    buffers.clear();
  }
};

/// run(operands) with the operands of a step.
template <class Run> void withOperands(const PlanNode &node, void *const *args, Run &&run) {
  constexpr size_t kFew = 8;
  TensorRef few[kFew];
  std::vector<TensorRef> many(node.operands.size() > kFew ? node.operands.size() : 0);
  TensorRef *refs = many.empty() ? few : many.data();
  for (size_t i = 0; i < node.operands.size(); ++i) {
    const PlanNode::Operand &operand = node.operands[i];
    refs[i] = {args[i], operand.type.dtype, operand.type.sizes, operand.strides};
  }
  run(std::span<const TensorRef>(refs, node.operands.size()));
}

void interpret(const PlanNode &node, void *const *args) {
  withOperands(node, args, [&](std::span<const TensorRef> operands) {
    interpretOp(node.kind, node.attributes, operands,
                {args[operands.size()], node.result.dtype, node.result.sizes, node.resultStrides});
  });
}

void check(const PlanNode &node, void *const *args) {
  withOperands(node, args, [&](std::span<const TensorRef> operands) {
    if (std::string error = checkOperandValues(node.kind, node.attributes, operands);
        !error.empty())
      throw Error(error);
  });
}

} // namespace

void runPlan(const LoadedExecutable &exe, std::span<const InputArgument> inputs,
             std::span<const uint64_t> scalars, PodVector<Buffer *> &outputs,
             ThreadContext &thread) {
  Context &context = Context::get();
  const int threads = context.settings.threads();

  // Memory: outputs, then one block for the workspace and the scratch of the step that wants most.
  outputs.clear();
  Reservation reservation{outputs};
  for (size_t i = 0; i < exe.outputBytes.size(); ++i) {
    int32_t donor = exe.outputDonors[i];
    if (donor >= 0 && inputs[donor].mayTake && !exe.mayFail && inputs[donor].byteOffset == 0 &&
        inputs[donor].buffer->bytes == exe.outputBytes[i])
      outputs.push_back(Ref<Buffer>::share(inputs[donor].buffer).release());
    else
      outputs.push_back(context.allocator.allocate(exe.outputBytes[i], thread.buffers));
  }
  uint64_t scratchBytes = 0;
  if (exe.hasScratch)
    for (const exe::Step &step : exe.steps)
      if (step.kind == exe::StepKind::launch)
        scratchBytes = std::max(scratchBytes, scratchOf(step) * piecesOf(step, threads).count);
  const uint64_t workspaceBytes = (exe.header.workspaceBytes + 63) & ~uint64_t(63);
  Ref<Buffer> workspace;
  if (workspaceBytes + scratchBytes)
    workspace = Ref<Buffer>::adopt(
        context.allocator.allocate(workspaceBytes + scratchBytes, thread.buffers));
  std::byte *const work = workspace ? workspace->data : nullptr;

  void **addresses = thread.scratch.addresses.resizeForOverwrite(exe.slots.size());
  for (const exe::Slot &slot : exe.slots) {
    void *address = nullptr;
    switch (slot.kind) {
    case exe::SlotKind::input:
      address = inputs[slot.index].buffer->data + inputs[slot.index].byteOffset;
      break;
    case exe::SlotKind::scalar:
      address = const_cast<uint64_t *>(&scalars[slot.index]);
      break;
    case exe::SlotKind::output:
      address = outputs[slot.index]->data;
      break;
    case exe::SlotKind::workspace:
      address = work + slot.offset;
      break;
    case exe::SlotKind::constant:
      address = const_cast<std::byte *>(exe.image.base() + slot.offset);
      break;
    }
    *addresses++ = address;
  }
  addresses = thread.scratch.addresses.data();

  void **args = thread.scratch.arguments.resizeForOverwrite(exe.maxStepArgs);
  for (const exe::Step &step : exe.steps) {
    const uint32_t *slots = exe.stepArgs.data() + step.firstArg;
    for (uint32_t i = 0; i < step.numArgs; ++i)
      args[i] = addresses[slots[i]];
    switch (step.kind) {
    case exe::StepKind::launch: {
      if (step.range == 0)
        break;
      auto kernel =
          reinterpret_cast<Kernel>(const_cast<std::byte *>(exe.image.base() + step.entry));
      Pieces pieces = piecesOf(step, threads);
      Launch launch{
          kernel,         args, step.range, pieces.size, work ? work + workspaceBytes : nullptr,
          scratchOf(step)};
      if (pieces.count == 1)
        kernel(args, 0, step.range, launch.scratch);
      else
        context.executor().parallel(threads, pieces.count, Launch::piece, &launch);
      break;
    }
    case exe::StepKind::copy:
      if (args[0] != args[1] && step.bytes)
        std::memcpy(args[0], args[1], step.bytes);
      break;
    case exe::StepKind::interpret:
      interpret(exe.nodes[step.node], args);
      break;
    case exe::StepKind::check:
      check(exe.nodes[step.node], args);
      break;
    }
  }
  reservation.succeeded = true;
}

} // namespace tjit::rt
