//===- TraceKey.h - the encoding of a trace: signature, and what the compiler is given --------===//
//
// A trace is looked up by the words that describe it completely; the same words are what crosses
// the C interface to the compiler and what `trace.txt` of TJIT_DUMP prints. No pointer, scalar
// value, seed or offset is in it.
//
//   word 0       kTraceMagic, which holds the version
//   word 1       number of inputs | scalars << 32
//   word 2       number of nodes | outputs << 32
//   each input   dtype | rank << 8 | log2(alignment, at most 6) << 16
//                sizes[rank]; strides[rank] (elements)
//   each scalar  dtype: a 0-dim argument, one 8-byte slot of the scalar block
//   each node    kind | dtype << 16 | rank << 24 | operands << 32 | attribute words << 48
//                operands, two to a word, low half first; sizes[rank]; attribute words
//   each output  value | donor << 32, where donor is 1 + the input whose buffer may become this
//                output's if the run finds it unshared, and 0 for none
//
// Values are numbered inputs first, then scalars, then nodes in order; operands come before their
// users.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/OpKind.h"
#include "IR/TensorType.h"

#include <string>

namespace tjit {

struct TraceInput {
  TensorType type;
  Dims strides;
  uint8_t alignLog2 = 0;
};
struct TraceNode {
  OpKind kind;
  TensorType type;
  std::vector<uint32_t> operands;
  std::vector<int64_t> attributes;
};
struct TraceOutput {
  uint32_t value;
  int32_t donor = -1; // input index, -1: none
};

/// A decoded trace. Cold paths only: the compiler, the interpreter's set-up, dumps and tests.
struct TraceGraph {
  std::vector<TraceInput> inputs;
  std::vector<ScalarType> scalars;
  std::vector<TraceNode> nodes;
  std::vector<TraceOutput> outputs;

  uint32_t firstScalar() const { return static_cast<uint32_t>(inputs.size()); }
  uint32_t firstNode() const { return static_cast<uint32_t>(inputs.size() + scalars.size()); }
  TensorType typeOf(uint32_t value) const;
};

inline constexpr uint64_t kTraceMagic = 0x74'6a'69'74'00'00'00'01ull;

/// Inverse of encodeTrace; false where the words are not a well-formed trace (truncated, operand
/// after its user, ...).
bool decodeTrace(std::span<const uint64_t> words, TraceGraph &out);
std::vector<uint64_t> encodeTrace(const TraceGraph &graph);

/// The trace as text, a line per value; see lib/IR/TraceText.cpp for an example.
std::string printTrace(const TraceGraph &graph);

/// Whether the words are exactly the attributes of an operation: as many as it has, dtypes and
/// bools in range. What they mean is checked by its inference.
bool checkAttributeWords(OpKind kind, std::span<const int64_t> words);

} // namespace tjit
