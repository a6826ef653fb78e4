//===- Executable.h - a plan and its kernel image as bytes ---------------------------------------------------===//
//
// What the compiler returns and what a cache holds. Everything is little-endian, 8-byte aligned, position-independent and
// free of pointers, so that fresh and cached executables are the same bytes.
//
//   Header | Slot[numSlots] | Step[numSteps] | uint32 stepArgs[numStepArgs] | image (page-aligned when mapped)
//
// A slot is a piece of memory that steps address: input i, scalar i (8 bytes), output i, or a part of the run's
// workspace. Kernels have the signature `void(void *const *args, int64_t begin, int64_t end, void *scratch)`; args are
// the addresses of the step's slots in order.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <span>

namespace tjit::exe {

inline constexpr uint64_t kMagic = 0x65'78'65'00'74'6a'69'74ull;

struct Header {
  uint64_t magic;
  uint32_t version;
  uint32_t numInputs, numScalars, numOutputs;
  uint32_t numSlots, numSteps, numStepArgs;
  uint32_t numKernels;     // launches of generated code, for statistics
  uint64_t workspaceBytes; // one block for all temporaries, reserved before the first step
  uint64_t imageOffset, imageBytes;
};

enum class SlotKind : uint32_t { input, scalar, output, workspace };
struct Slot {
  SlotKind kind;
  uint32_t index;   // which input, scalar, output
  uint64_t offset;  // workspace: byte offset, a multiple of 64
  uint64_t bytes;   // output: size to allocate; workspace: size
};

enum class StepKind : uint32_t {
  launch,    // entry(args, b, e, scratch) over [0, range) in pieces of at least `grain`; pieces may run in parallel
  copyInput, // args: output slot, input slot: copies `bytes` unless the run made them the same buffer (donation)
  interpret, // runs `node` of the trace key with the interpreter: args: operands..., result (all row-major)
};
struct Step {
  StepKind kind;
  uint32_t firstArg, numArgs;
  uint32_t node;         // interpret: node index in the trace key
  uint64_t entry;        // launch: offset in the image
  int64_t range, grain;  // launch
  uint64_t scratchBytes; // launch: per piece
  uint64_t bytes;        // copyInput
};

} // namespace tjit::exe
