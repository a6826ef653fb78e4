//===- OpKind.h - the operations as plain C++: enum, table, attributes ------------------------===//
//
// Generated from TjitOps.td by tjit-tblgen; light enough for the runtime.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace tjit {

/// One enumerator per operation, named after its mnemonic: OpKind::add, OpKind::write_view.
enum class OpKind : uint16_t {
#define TJIT_OP(mnemonic) mnemonic,
#include "IR/OpKinds.inc"
#undef TJIT_OP
};

enum class OpClass : uint8_t {
  elementwise,
  creation,
  reduction,
  contraction,
  view,
  movement,
  line,
  library
};

enum class AttrKind : uint8_t { i64, boolean, f64, dtype, enumeration, i64Array };

struct AttrInfo {
  const char *name;
  AttrKind kind;
};

/// What the .td says of an operation; the table is indexed by OpKind.
struct OpInfo {
  const char *mnemonic;
  OpClass opClass;
  bool commutative;
  bool mayFail;       // by the values of operands, in an evaluation
  int8_t numOperands; // -1: variadic
  uint8_t numAttributes;
  const AttrInfo *attributes;
  const char *dtypes; // of the operands: "all", "float", "number", "integral"
  uint16_t dtypeMask; // the same, bit per ScalarType
  double maxUlp;      // float32; 0: exact
  double testLow, testHigh;
  bool hasDerivative;
  uint32_t savedOperands; // bit per operand that the derivative reads, bit 31: the result
  const uint32_t
      *savedByOperand; // the same for each operand's gradient alone; null: savedOperands for all
  bool costly;         // an element costs more than keeping it does
  const char *history; // grad_fn()->name() where no function of the API names it
  const char *summary;
};

extern const OpInfo kOpTable[];
/// OpKind's enumerators and how many they are.
enum class OpCount : uint16_t {
#define TJIT_OP(mnemonic) mnemonic,
#include "IR/OpKinds.inc"
#undef TJIT_OP
  all
};
inline constexpr unsigned kNumOps = static_cast<unsigned>(OpCount::all);
inline const OpInfo &opInfo(OpKind kind) { return kOpTable[static_cast<unsigned>(kind)]; }
/// Of what the encoding of a trace relies on: the operations in their order, their operands and
/// attributes. Libraries that give each other traces must have the same.
uint64_t operationsHash();

} // namespace tjit
