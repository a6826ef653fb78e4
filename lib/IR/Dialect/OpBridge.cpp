//===- OpBridge.cpp - between OpKind with attribute words and MLIR operations -----------------===//
//
// Also the one implementation of type inference and verification that all operations share: both
// call tjit::inferType.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Dialect/OpBridge.h"

#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Builders.h"

namespace tjit::ir {

mlir::Type elementType(mlir::MLIRContext *context, ScalarType dtype) {
  mlir::Builder b(context);
  switch (dtype) {
  case ScalarType::Bool:
    return b.getI1Type();
  case ScalarType::Byte:
    return b.getIntegerType(8, /*isSigned=*/false);
  case ScalarType::Char:
    return b.getI8Type();
  case ScalarType::Short:
    return b.getI16Type();
  case ScalarType::Int:
    return b.getI32Type();
  case ScalarType::Long:
    return b.getI64Type();
  case ScalarType::Half:
    return b.getF16Type();
  case ScalarType::BFloat16:
    return b.getBF16Type();
  case ScalarType::Float:
    return b.getF32Type();
  case ScalarType::Double:
    return b.getF64Type();
  case ScalarType::Undefined:
    break;
  }
  llvm_unreachable("a value has a dtype");
}

ScalarType scalarTypeOf(mlir::Type type) {
  if (auto shaped = mlir::dyn_cast<mlir::ShapedType>(type))
    type = shaped.getElementType();
  for (int i = 0; i < kNumScalarTypes; ++i)
    if (type == elementType(type.getContext(), static_cast<ScalarType>(i)))
      return static_cast<ScalarType>(i);
  return ScalarType::Undefined;
}

mlir::RankedTensorType tensorType(mlir::MLIRContext *context, const TensorType &type) {
  return mlir::RankedTensorType::get({type.sizes.data(), type.sizes.size()},
                                     elementType(context, type.dtype));
}

TensorType typeOf(mlir::Type type) {
  TensorType result;
  result.dtype = scalarTypeOf(type);
  if (auto shaped = mlir::dyn_cast<mlir::ShapedType>(type))
    result.sizes = Dims(std::span<const int64_t>(shaped.getShape()));
  return result;
}

namespace {

/// One operation's way between the worlds.
struct OpBridge {
  mlir::TypeID id;
  mlir::Operation *(*import)(mlir::OpBuilder &, mlir::Location, mlir::Type, mlir::ValueRange,
                             const int64_t *words);
  void (*words)(mlir::Operation *, AttrWords &);
};

/// Runs the operation's rule on the operands' types.
struct Inference {
  llvm::SmallVector<TensorType, 3> types;
  llvm::SmallVector<const TensorType *, 3> pointers;
  InferContext context;
  bool dynamic = false; // an operand has a size that is not known
  bool ok;

  Inference(OpKind kind, mlir::ValueRange operands, std::span<const int64_t> words) {
    for (mlir::Value operand : operands) {
      types.push_back(typeOf(operand.getType()));
      auto shaped = mlir::dyn_cast<mlir::ShapedType>(operand.getType());
      dynamic |= shaped && !shaped.hasStaticShape();
    }
    for (const TensorType &type : types)
      pointers.push_back(&type);
    context = {kind, {pointers.data(), pointers.size()}, words.data(), {}, {}};
    ok = !dynamic && inferType(context);
    if (dynamic)
      context.error = std::string(opInfo(kind).mnemonic) + ": shapes must be static";
  }
};

/// Inside a kernel operations work on scalars.
mlir::Type resultType(mlir::MLIRContext *context, mlir::ValueRange operands,
                      const TensorType &type) {
  if (!operands.empty() && llvm::none_of(operands.getTypes(), llvm::IsaPred<mlir::ShapedType>))
    return elementType(context, type.dtype);
  return tensorType(context, type);
}

mlir::LogicalResult inferResult(OpKind kind, mlir::MLIRContext *context,
                                std::optional<mlir::Location> location, mlir::ValueRange operands,
                                std::span<const int64_t> words,
                                llvm::SmallVectorImpl<mlir::Type> &types) {
  Inference inference(kind, operands, words);
  if (!inference.ok)
    return mlir::emitOptionalError(location, inference.context.error);
  types.push_back(resultType(context, operands, inference.context.result));
  return mlir::success();
}

mlir::LogicalResult verifyResult(OpKind kind, mlir::Operation *op, std::span<const int64_t> words) {
  Inference inference(kind, op->getOperands(), words);
  if (!inference.ok) {
    llvm::StringRef message = inference.context.error; // "add: ..."; emitOpError says the name
    return op->emitOpError(message.split(": ").second);
  }
  mlir::Type declared = op->getResult(0).getType();
  mlir::Type inferred = resultType(op->getContext(), op->getOperands(), inference.context.result);
  // A constant has no operand that would tell whether it stands in a kernel.
  if (op->getNumOperands() == 0 && mlir::isa<mlir::ShapedType>(inferred) &&
      !mlir::isa<mlir::ShapedType>(declared) && inference.context.result.sizes.empty())
    inferred = mlir::cast<mlir::ShapedType>(inferred).getElementType();
  if (declared != inferred)
    return op->emitOpError() << "has the result type " << declared
                             << ", but its operands and attributes give " << inferred;
  return mlir::success();
}

} // namespace

#include "IR/OpImporter.cpp.inc"

std::optional<OpKind> opKindOf(mlir::Operation *op) {
  static const auto *kinds = [] {
    auto *map = new llvm::DenseMap<mlir::TypeID, OpKind>;
    for (unsigned i = 0; i < kNumOps; ++i)
      map->try_emplace(kBridges[i].id, static_cast<OpKind>(i));
    return map;
  }();
  if (!op->getName().isRegistered())
    return std::nullopt;
  auto it = kinds->find(op->getName().getTypeID());
  return it == kinds->end() ? std::nullopt : std::optional(it->second);
}

std::vector<int64_t> attributeWordsOf(mlir::Operation *op) {
  AttrWords words;
  if (auto kind = opKindOf(op))
    kBridges[static_cast<unsigned>(*kind)].words(op, words);
  return {words.span().begin(), words.span().end()};
}

mlir::Operation *createOperation(OpKind kind, mlir::OpBuilder &builder, mlir::Location location,
                                 mlir::Type type, mlir::ValueRange operands,
                                 std::span<const int64_t> words) {
  return kBridges[static_cast<unsigned>(kind)].import(builder, location, type, operands,
                                                      words.data());
}

} // namespace tjit::ir
