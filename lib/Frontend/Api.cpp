//===- Api.cpp --------------------------------------------------------------------------------===//
// The generated definitions of functions and methods.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Ops.h"

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"
} // namespace ops
#include "Frontend/Api.cpp.inc"
} // namespace v1
} // namespace tjit
