//===- Trace.cpp - a trace as a function of the dialect, and back -----------------------------===//

#include "IR/Dialect/Trace.h"

#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

#include <bit>

using namespace mlir;

namespace tjit::ir {

/// The alignment every element has anyway is not worth an attribute.
static uint8_t naturalAlignLog2(ScalarType dtype) {
  return std::countr_zero(static_cast<unsigned>(elementSize(dtype)));
}

OwningOpRef<ModuleOp> importTrace(const TraceGraph &graph, MLIRContext *context) {
  Location unknown = UnknownLoc::get(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(unknown);
  OpBuilder b = OpBuilder::atBlockEnd(module->getBody());

  SmallVector<Type> inputs, results;
  for (uint32_t value = 0; value < graph.firstNode(); ++value)
    inputs.push_back(tensorType(context, graph.typeOf(value)));
  for (const TraceOutput &output : graph.outputs)
    results.push_back(tensorType(context, graph.typeOf(output.value)));
  auto func = func::FuncOp::create(b, unknown, "main", b.getFunctionType(inputs, results));
  Block *block = func.addEntryBlock();
  for (auto [i, input] : llvm::enumerate(graph.inputs)) {
    if (!(input.strides == contiguousStrides(input.type.sizes)))
      func.setArgAttr(i, kStridesAttr,
                      b.getDenseI64ArrayAttr({input.strides.data(), input.strides.size()}));
    if (input.alignLog2 > naturalAlignLog2(input.type.dtype))
      func.setArgAttr(i, kAlignAttr, b.getI64IntegerAttr(int64_t(1) << input.alignLog2));
  }
  for (uint32_t i = graph.firstScalar(); i < graph.firstNode(); ++i)
    func.setArgAttr(i, kScalarAttr, b.getUnitAttr());
  for (auto [i, output] : llvm::enumerate(graph.outputs))
    if (output.donor >= 0)
      func.setResultAttr(i, kDonorAttr, b.getI64IntegerAttr(output.donor));

  b.setInsertionPointToEnd(block);
  SmallVector<Value> values(block->getArguments().begin(), block->getArguments().end());
  SmallVector<Value, 4> operands;
  for (auto [i, node] : llvm::enumerate(graph.nodes)) {
    operands.clear();
    for (uint32_t operand : node.operands)
      operands.push_back(values[operand]);
    Location location = NameLoc::get(b.getStringAttr("%" + llvm::Twine(i)));
    values.push_back(createOperation(node.kind, b, location, tensorType(context, node.type),
                                     operands, node.attributes)
                         ->getResult(0));
  }
  operands.clear();
  for (const TraceOutput &output : graph.outputs)
    operands.push_back(values[output.value]);
  func::ReturnOp::create(b, unknown, operands);
  return module;
}

Dims argumentStrides(func::FuncOp func, unsigned argument) {
  if (auto strides = func.getArgAttrOfType<DenseI64ArrayAttr>(argument, kStridesAttr))
    return Dims(std::span<const int64_t>(strides.asArrayRef()));
  return contiguousStrides(typeOf(func.getArgument(argument).getType()).sizes);
}

static LogicalResult exportArguments(func::FuncOp func, TraceGraph &out) {
  for (BlockArgument argument : func.getArguments()) {
    unsigned i = argument.getArgNumber();
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !type.hasStaticShape() || scalarTypeOf(type) == ScalarType::Undefined)
      return func.emitError() << "argument " << i
                              << " is no tensor of static shape: " << argument.getType();
    if (func.getArgAttr(i, kScalarAttr)) {
      if (type.getRank() != 0)
        return func.emitError() << "argument " << i << " is marked tjit.scalar, but has the type "
                                << type;
      out.scalars.push_back(scalarTypeOf(type));
      continue;
    }
    if (!out.scalars.empty())
      return func.emitError() << "argument " << i
                              << " is an input after a tjit.scalar; scalars come last";
    TraceInput input;
    input.type = typeOf(type);
    input.strides = argumentStrides(func, i);
    if (input.strides.size() != input.type.sizes.size())
      return func.emitError() << "argument " << i << " has " << input.strides.size()
                              << " strides for " << type;
    input.alignLog2 = naturalAlignLog2(input.type.dtype);
    if (auto align = func.getArgAttrOfType<IntegerAttr>(i, kAlignAttr)) {
      uint64_t bytes = align.getValue().getZExtValue();
      if (!std::has_single_bit(bytes))
        return func.emitError() << "argument " << i << " is aligned to " << bytes
                                << " bytes, no power of two";
      input.alignLog2 = std::min(6, std::countr_zero(bytes));
    }
    out.inputs.push_back(std::move(input));
  }
  return success();
}

LogicalResult exportTrace(func::FuncOp func, TraceGraph &out) {
  out = {};
  if (!llvm::hasSingleElement(func.getBody()))
    return func.emitError("is no trace: it has no body, or more than one block");
  if (failed(exportArguments(func, out)))
    return failure();
  llvm::DenseMap<Value, uint32_t> numbers;
  for (BlockArgument argument : func.getArguments())
    numbers[argument] = numbers.size();
  Block &block = func.getBody().front();
  for (Operation &op : block.without_terminator()) {
    auto kind = opKindOf(&op);
    if (!kind)
      return op.emitError() << "'" << op.getName() << "' is no operation of a trace";
    TraceNode node;
    node.kind = *kind;
    node.type = typeOf(op.getResult(0).getType());
    node.attributes = attributeWordsOf(&op);
    for (Value operand : op.getOperands())
      node.operands.push_back(numbers.lookup(operand));
    numbers[op.getResult(0)] = out.firstNode() + out.nodes.size();
    out.nodes.push_back(std::move(node));
  }
  for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands())) {
    TraceOutput output{numbers.lookup(value)};
    if (auto donor = func.getResultAttrOfType<IntegerAttr>(i, kDonorAttr)) {
      if (donor.getInt() < 0 || donor.getInt() >= static_cast<int64_t>(out.inputs.size()))
        return func.emitError() << "result " << i << " has the donor " << donor.getInt()
                                << ", which is no input";
      output.donor = donor.getInt();
    }
    out.outputs.push_back(output);
  }
  return success();
}

} // namespace tjit::ir
