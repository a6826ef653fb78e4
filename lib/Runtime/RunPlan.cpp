//===- RunPlan.cpp ----------------------------------------------------------------------------===//
// Running a loaded executable.

#include "Runtime/RunPlan.h"

#include "Runtime/Context.h"
#include "tjit/Error.h"

#include <algorithm>
#include <cmath>

namespace tjit::rt {

namespace {

using Kernel = void (*)(void *const *args, int64_t begin, int64_t end, void *scratch);

/// How a launch is cut: into pieces of whole grains, none more than one grain longer than another
/// and the longer ones spread, so that neighbouring pieces of the same number have the same work:
/// the executor gives each thread neighbours.
struct Pieces {
  int64_t count = 1, grains = 1;

  Pieces(const exe::Step &step, int64_t wanted) {
    if (wanted <= 1 || step.range <= step.grain)
      return;
    grains = (step.range - 1) / step.grain + 1;
    count = std::min(grains, wanted);
  }
  int64_t begin(const exe::Step &step, int64_t piece) const {
    return piece == count ? step.range : piece * grains / count * step.grain;
  }
};
Pieces piecesOf(const exe::Step &step, int threads) {
  // Several pieces a thread, so that one which was held up does not keep the others waiting for
  // long.
  constexpr int64_t kPiecesOfThread = 4;
  return {step, threads <= 1 ? 1 : threads * kPiecesOfThread};
}

struct Launch {
  Kernel kernel;
  void *const *args;
  const exe::Step &step;
  Pieces pieces;
  std::byte *scratch;
  uint64_t scratchBytes;

  static void piece(void *context, int64_t i) {
    auto &launch = *static_cast<Launch *>(context);
    launch.kernel(launch.args, launch.pieces.begin(launch.step, i),
                  launch.pieces.begin(launch.step, i + 1),
                  launch.scratch + i * launch.scratchBytes);
  }
};

/// How launches that run together are cut: into tasks of about the same work, each a piece of one
/// launch or several whole ones.
class Shares {
public:
  Shares(std::span<const exe::Step> launches, int threads) {
    constexpr double kTasksOfThread = 4;
    double total = 0;
    for (const exe::Step &step : launches)
      total += tasksOf(step);
    // Less than one task is not worth waking anybody.
    if (threads > 1 && total > 1)
      share_ = total / std::min(std::ceil(total), threads * kTasksOfThread);
  }

  bool areOne() const { return share_ == 0; }
  double share() const { return share_; }

  /// The work of a launch, by what its compiler thought worth a task.
  static double tasksOf(const exe::Step &step) {
    return static_cast<double>(step.range) / static_cast<double>(step.grain);
  }
  Pieces piecesOf(const exe::Step &step) const {
    const double tasks = tasksOf(step);
    return {step, areOne() ? 1 : static_cast<int64_t>(std::ceil(tasks / share_))};
  }

private:
  double share_ = 0; // of a task, in those of the compiler; 0: there is one
};

uint64_t scratchOf(const exe::Step &step) { return (step.scratchBytes + 63) & ~uint64_t(63); }

/// The launches that run together with the one at `first`.
std::span<const exe::Step> launchesAt(const LoadedExecutable &exe, size_t first) {
  return {exe.steps.data() + first, size_t(exe.steps[first].together) + 1};
}

/// Bytes of scratch that launches need which run together.
uint64_t scratchOf(std::span<const exe::Step> launches, int threads) {
  if (launches.size() == 1)
    return scratchOf(launches[0]) * piecesOf(launches[0], threads).count;
  const Shares shares(launches, threads);
  uint64_t bytes = 0;
  for (const exe::Step &step : launches) {
    const uint64_t own = scratchOf(step) * shares.piecesOf(step).count;
    bytes = shares.areOne() ? std::max(bytes, own) : bytes + own;
  }
  return bytes;
}

Kernel kernelOf(const LoadedExecutable &exe, const exe::Step &step) {
  return reinterpret_cast<Kernel>(const_cast<std::byte *>(exe.image.base() + step.entry));
}

/// Runs launches of which none needs another one; `addresses` of the slots.
void runTogether(const LoadedExecutable &exe, std::span<const exe::Step> launches,
                 void *const *addresses, std::byte *scratch, ThreadContext &thread) {
  Context &context = Context::get();
  const int threads = context.settings.threads();
  const Shares shares(launches, threads);
  void **args = thread.scratch.arguments.data();
  PodVector<LaunchPart> &parts = thread.scratch.parts;
  PodVector<uint32_t> &tasks = thread.scratch.tasks;
  parts.clear(), tasks.clear();
  uint64_t usedScratch = 0;
  double pending = 0; // work of whole launches at the end of `parts` that are no task yet
  auto endTask = [&] {
    if (parts.size() != (tasks.empty() ? 0 : tasks.back()))
      tasks.push_back(static_cast<uint32_t>(parts.size()));
    pending = 0;
  };
  for (const exe::Step &step : launches) {
    if (step.range == 0)
      continue;
    const uint32_t *slots = exe.stepArgs.data() + step.firstArg;
    for (uint32_t i = 0; i < step.numArgs; ++i)
      args[i] = addresses[slots[i]];
    if (shares.areOne()) {
      kernelOf(exe, step)(args, 0, step.range, scratch);
      continue;
    }
    const Pieces pieces = shares.piecesOf(step);
    const double work = Shares::tasksOf(step);
    if (pieces.count > 1 || pending + work > shares.share())
      endTask();
    for (int64_t i = 0; i < pieces.count; ++i) {
      parts.push_back({&step, args, pieces.begin(step, i), pieces.begin(step, i + 1), usedScratch});
      usedScratch += scratchOf(step);
      if (pieces.count > 1)
        endTask();
    }
    pending += pieces.count > 1 ? 0 : work;
    args += step.numArgs;
  }
  if (shares.areOne())
    return;
  endTask();
  struct Run {
    const LoadedExecutable &exe;
    const LaunchPart *parts;
    const uint32_t *tasks;
    std::byte *scratch;
    static void task(void *context, int64_t i) {
      auto &run = *static_cast<Run *>(context);
      for (uint32_t at = i ? run.tasks[i - 1] : 0; at < run.tasks[i]; ++at) {
        const LaunchPart &part = run.parts[at];
        kernelOf(run.exe, *part.step)(part.args, part.begin, part.end, run.scratch + part.scratch);
      }
    }
  } run{exe, parts.data(), tasks.data(), scratch};
  context.executor().parallel(threads, static_cast<int64_t>(tasks.size()), Run::task, &run);
}

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
    for (size_t i = 0; i < exe.steps.size(); i += exe.steps[i].together + 1)
      if (exe.steps[i].kind == exe::StepKind::launch)
        scratchBytes = std::max(scratchBytes, scratchOf(launchesAt(exe, i), threads));
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
  for (size_t at = 0; at < exe.steps.size(); at += exe.steps[at].together + 1) {
    const exe::Step &step = exe.steps[at];
    if (step.together) {
      runTogether(exe, launchesAt(exe, at), addresses, work ? work + workspaceBytes : nullptr,
                  thread);
      continue;
    }
    const uint32_t *slots = exe.stepArgs.data() + step.firstArg;
    for (uint32_t i = 0; i < step.numArgs; ++i)
      args[i] = addresses[slots[i]];
    switch (step.kind) {
    case exe::StepKind::launch: {
      if (step.range == 0)
        break;
      Kernel kernel = kernelOf(exe, step);
      Pieces pieces = piecesOf(step, threads);
      Launch launch{kernel,         args, step, pieces, work ? work + workspaceBytes : nullptr,
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
