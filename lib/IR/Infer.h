//===- Infer.h - result types of operations, in plain C++ -------------------------------------===//
//
// One function per inference rule named in TjitOps.td. The recorder, the verifier and MLIR's type
// inference call the same functions, so an error reads the same in a C++ exception and in a
// diagnostic.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/DTypes.h"
#include "IR/OpKind.h"
#include "IR/TensorType.h"

#include <string>

namespace tjit {

/// In: an operation's operands and its attribute words. Out: `result`, or `error`, which names the
/// operation, the values and the remedy ("matmul: the inner dimensions differ: 3 (lhs [2, 3]) and 4
/// (rhs [4, 5]); transpose one or ...").
struct InferContext {
  OpKind kind;
  std::span<const TensorType *const> operands;
  const int64_t *attributes;
  TensorType result;
  std::string error;

  bool fail(std::string message) {
    error = std::move(message);
    return false;
  }
};

/// Checks the number and the dtypes of the operands and runs the rule of `context.kind` (generated
/// table). The attribute words are as many as the operation has. False: `error` is set, `result` is
/// unspecified.
bool inferType(InferContext &context);

namespace infer {
#define TJIT_RULE(name) bool name(InferContext &context)
TJIT_RULE(fill);
TJIT_RULE(iota);
TJIT_RULE(random);
TJIT_RULE(randomCount);
TJIT_RULE(sameAsOperand);
TJIT_RULE(boolOfOperand);
TJIT_RULE(cast);
TJIT_RULE(broadcast);
TJIT_RULE(checkValues);
TJIT_RULE(special);
TJIT_RULE(bessel);
TJIT_RULE(polynomial);
TJIT_RULE(compare);
TJIT_RULE(where);
TJIT_RULE(reduceSum);
TJIT_RULE(reduceSame);
TJIT_RULE(argReduce);
TJIT_RULE(matmul);
TJIT_RULE(permute);
TJIT_RULE(expand);
TJIT_RULE(reshape);
TJIT_RULE(flip);
TJIT_RULE(slice);
TJIT_RULE(asStrided);
TJIT_RULE(writeView);
TJIT_RULE(concat);
TJIT_RULE(gather);
TJIT_RULE(scatterAdd);
TJIT_RULE(scatterReduce);
TJIT_RULE(argsort);
TJIT_RULE(runningSum);
TJIT_RULE(runningIndex);
TJIT_RULE(searchsorted);
TJIT_RULE(squareMatrix);
TJIT_RULE(determinant);
TJIT_RULE(signAndLog);
TJIT_RULE(singularValues);
TJIT_RULE(qr);
TJIT_RULE(luFactor);
TJIT_RULE(svd);
TJIT_RULE(eigenvalues);
TJIT_RULE(eigenvectors);
TJIT_RULE(solve);
#undef TJIT_RULE
} // namespace infer

/// NumPy broadcasting of two shapes into `out`; false where they do not match.
bool broadcastSizes(std::span<const int64_t> a, std::span<const int64_t> b, Dims &out);
/// Product of sizes; false where a size is negative or a tensor of these sizes is beyond 2^60
/// elements, so that byte counts and strides fit 64 bits. Sizes of 0 count as 1 for the limit.
bool checkedNumElements(std::span<const int64_t> sizes, int64_t &out);
/// "[2, 3]"
std::string toString(std::span<const int64_t> sizes);

} // namespace tjit
