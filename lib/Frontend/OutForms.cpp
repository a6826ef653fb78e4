//===- OutForms.cpp ---------------------------------------------------------------------------===//
// Functions that store their results into tensors of the caller.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Layout.h"
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

void storeOut(const OutForm &form, const Tensor &out, const Tensor &result) {
  const TensorImpl &to = implOf(out, form.function), &from = implOf(result, form.function);
  const ScalarType have = to.type().dtype, wanted = from.type().dtype;
  if (form.exact ? have != wanted : dtypeCategory(wanted) > dtypeCategory(have))
    throw Error(std::string(form.function) + ": the result of type " + toString(wanted) +
                (form.exact ? " is not stored into an out tensor of another type, "
                            : " can't be cast to the out tensor's type ") +
                toString(have) + "; give an out tensor of type " + toString(wanted));
  if (!(from.type().sizes == to.type().sizes)) {
    if (form.argument)
      throw Error(std::string(form.function) +
                  ": the out tensor is an argument, so it keeps its sizes " +
                  toString(to.type().sizes) + " and cannot take a result of sizes " +
                  toString(from.type().sizes) + "; give another out tensor");
    out.resize_(refOf(from.type().sizes));
    if (!from.contiguous && isDense(from.type().sizes, from.strides))
      out.as_strided_(refOf(from.type().sizes), refOf(from.strides), out.storage_offset());
  }
  storeInPlace(out, result);
}

} // namespace ops
#include "Frontend/OutForms.cpp.inc"
} // namespace v1
} // namespace tjit
