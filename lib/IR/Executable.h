//===- Executable.h - a plan and its kernel image as bytes ------------------------------------===//
//
// What the compiler returns and what a cache holds. Everything is little-endian, 8-byte aligned,
// position-independent and free of pointers, so that fresh and cached executables are the same
// bytes.
//
//   Header | Slot[numSlots] | Step[numSteps] | uint64 nodeWords[numNodeWords]
//     | uint32 stepArgs[numStepArgs] | image
//
// The image begins at `imageOffset`, a multiple of 64, and is placed at the start of a page when it
// is mapped.
//
// A slot is a piece of memory that steps address: input i, scalar i (8 bytes), output i, a part of
// the run's workspace, or constants in the image (the sizes that a kernel's code reads). Kernels
// have the signature `void(void *const *args, int64_t begin, int64_t end, void *scratch)`; args are
// the addresses of the step's slots in order. Steps run in order, but for launches that run
// together: neighbours of which none reads or writes what another one writes.
//
// An interpreted operation stands in nodeWords, so that an executable is complete without its
// trace:
//
//   kind | dtype << 16 | rank << 24 | operands << 32 | attribute words << 48
//     then sizes[rank], then the attribute words
//   each operand: dtype | rank << 8, then sizes[rank], then strides[rank] (elements)
//
// Its result is row-major. The step's args are the operands' slots, then the result's; a check has
// no result.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <span>

namespace tjit::exe {

inline constexpr uint64_t kMagic = 0x65'78'65'00'74'6a'69'74ull;
inline constexpr uint32_t kVersion = 4;

/// Every operation has a kernel of its own, because the trace is a piece of a long recording and
/// had not come before: fused code is made when it comes again.
inline constexpr uint32_t kUnfused = 1;

struct Header {
  uint64_t magic;
  uint32_t version;
  uint32_t numInputs, numScalars, numOutputs;
  uint32_t numSlots, numSteps, numNodeWords, numStepArgs;
  uint32_t numKernels; // launches of generated code, those that run together as one, for statistics
  uint32_t flags;      // kUnfused
  uint64_t workspaceBytes; // one block for all temporaries, reserved before the first step
  uint64_t imageOffset, imageBytes;
};

enum class SlotKind : uint32_t { input, scalar, output, workspace, constant };
struct Slot {
  SlotKind kind;
  uint32_t index;  // which input, scalar, output
  uint64_t offset; // workspace: byte offset, a multiple of 64; constant: in the image, of 8
  uint64_t bytes;  // output: size to allocate; workspace, constant: size
  int32_t donor;   // output: the input whose buffer it may take over if unshared; -1: none
  uint32_t padding;
};

enum class StepKind : uint32_t {
  launch, // entry(args, b, e, scratch) over [0, range) in pieces of at least `grain`, in parallel.
          // A grain is the work of one task: a range below it is a part of one
  copy,   // args: to, from: copies `bytes` unless they are the same memory (donation)
  interpret, // runs the operation at nodeWords[node] with the interpreter
  check,     // fails where the operation at nodeWords[node] would, for the values of its operands
};
struct Step {
  StepKind kind;
  uint32_t firstArg, numArgs;
  uint32_t node;         // interpret: index of its first word
  uint64_t entry;        // launch: offset in the image
  int64_t range, grain;  // launch
  uint64_t scratchBytes; // launch: per piece
  uint64_t bytes;        // copy
  uint32_t together;     // launch: how many launches behind it are shared out with it; 0 for those
  uint32_t padding;
};

} // namespace tjit::exe
