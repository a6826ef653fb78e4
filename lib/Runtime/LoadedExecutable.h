//===- LoadedExecutable.h ---------------------------------------------------------------------===//
// An executable ready to run.
//
// The loader takes bytes from a compiler or a cache. It checks every number before it is used as an
// index or a size, so that no bytes make a run touch memory that is not its own (what the kernels
// do is the compiler's promise; a cache guards its bytes by a checksum). Then it maps the image and
// keeps the plan as flat arrays.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Executable.h"
#include "IR/TraceKey.h"
#include "Runtime/Interpreter.h"

#include <memory>
#include <string>

namespace tjit::rt {

struct ThreadContext;

/// An interpreted operation of a plan.
struct PlanNode {
  OpKind kind;
  std::vector<int64_t> attributes;
  TensorType result;
  Dims resultStrides;
  struct Operand {
    TensorType type;
    Dims strides;
  };
  std::vector<Operand> operands;
};

/// The kernels of an executable in executable memory.
class Image {
public:
  Image() = default;
  Image(const Image &) = delete;
  Image &operator=(const Image &) = delete;
  ~Image();
  /// False: the system refused.
  bool map(std::span<const uint8_t> bytes);
  const std::byte *base() const { return base_; }

private:
  std::byte *base_ = nullptr;
  size_t mapped_ = 0;
};

class LoadedExecutable {
public:
  /// Null: `error` says what is wrong with the bytes. `graph` is the trace that they were compiled
  /// from.
  static std::unique_ptr<LoadedExecutable> load(std::span<const uint8_t> bytes,
                                                const TraceGraph &graph, std::string &error);

  exe::Header header{};
  std::vector<exe::Slot> slots;
  std::vector<exe::Step> steps; // of an interpreted step, `node` is an index of `nodes`
  std::vector<uint32_t> stepArgs;
  std::vector<PlanNode> nodes;
  Image image;
  std::vector<uint64_t> outputBytes;
  std::vector<int32_t> outputDonors; // input, or -1
  size_t maxStepArgs = 0;            // those of steps that run together added up
  bool hasScratch = false;
  /// An operation may find bad values in its operands: then no input is overwritten before it has
  /// run.
  bool mayFail = false;
  bool unfused() const { return header.flags & exe::kUnfused; }
};

} // namespace tjit::rt
