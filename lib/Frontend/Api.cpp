//===- Api.cpp --------------------------------------------------------------------------------===//
// The generated definitions of functions and methods.

#include "Frontend/Ops.h"

namespace tjit {
inline namespace v1 {
#include "Frontend/Api.cpp.inc"
} // namespace v1
} // namespace tjit
