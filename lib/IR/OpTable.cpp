//===- OpTable.cpp - what TjitOps.td says of each operation -----------------------------------===//

#include "IR/OpKind.h"

namespace tjit {

#include "IR/OpTable.cpp.inc"

} // namespace tjit
