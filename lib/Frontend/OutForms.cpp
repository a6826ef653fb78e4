//===- OutForms.cpp ---------------------------------------------------------------------------===//
// Functions that store their results into tensors of the caller.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Ops.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"

#include "tjit/Autograd.h"
#include "tjit/OutForms.h"

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

void refuseHistory(const char *function, const Tensor &argument) {
  if (argument.defined() && autodiff::gradEnabled() && autodiff::requiresGrad(*argument.impl()))
    throw Error(std::string(function) +
                "(): functions with out=... arguments don't support automatic differentiation, but "
                "one of the arguments requires grad; call them under NoGradGuard or without out");
}

void storeOut(const char *function, const Tensor &out, const Tensor &result) {
  const TensorImpl &to = implOf(out, function), &from = implOf(result, function);
  if (dtypeCategory(from.type().dtype) > dtypeCategory(to.type().dtype))
    throw Error(std::string(function) + ": the result of type " + toString(from.type().dtype) +
                " can't be cast to the out tensor's type " + toString(to.type().dtype) +
                "; give an out tensor of type " + toString(from.type().dtype));
  if (!(from.type().sizes == to.type().sizes))
    out.resize_(refOf(from.type().sizes));
  storeInPlace(out, result);
}

} // namespace ops
#include "Frontend/OutForms.cpp.inc"
} // namespace v1
} // namespace tjit
