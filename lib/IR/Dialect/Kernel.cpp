//===- Kernel.cpp - tjit.kernel: syntax and what the verifier holds it to ---------------------===//
//
//   tjit.kernel domain [4096, 1024] reduce 1 lanes 1 ins(%x, %y : T, T) dests(%d : T)
//     maps [...] offsets [-1, 0, -1] combiners ["add"] {attributes} -> T { body }
//
// `reduce 0`, `lanes 64`, offsets that are all -1 and combiners that are all "none" are left out.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Dialect/OpBridge.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "tjit-compiler/IR/TjitKernel.cpp.inc"

namespace tjit::ir {

void TjitDialect::addStructureOperations() {
  addOperations<
#define GET_OP_LIST
#include "tjit-compiler/IR/TjitKernel.cpp.inc"
      >();
}

//===------------------------------------------------------------------------------------------===//
// Syntax
//===------------------------------------------------------------------------------------------===//

static void printTyped(OpAsmPrinter &p, StringRef keyword, OperandRange values) {
  if (values.empty())
    return;
  p << " " << keyword << "(" << values << " : " << values.getTypes() << ")";
}

static void printIntegers(OpAsmPrinter &p, StringRef keyword, ArrayRef<int64_t> values) {
  p << " " << keyword << " [";
  llvm::interleaveComma(values, p);
  p << "]";
}

static bool allNone(ArrayAttr combiners) {
  return llvm::all_of(combiners,
                      [](Attribute a) { return cast<StringAttr>(a).getValue() == "none"; });
}

void KernelOp::print(OpAsmPrinter &p) {
  printIntegers(p, "domain", getDomain());
  if (getReductions())
    p << " reduce " << getReductions();
  if (getLanes() != 64)
    p << " lanes " << getLanes();
  printTyped(p, "ins", getInputs());
  printTyped(p, "dests", getDests());
  p << " maps ";
  p.printAttribute(getMaps());
  if (llvm::any_of(getOffsets(), [](int64_t offset) { return offset != -1; }))
    printIntegers(p, "offsets", getOffsets());
  if (!allNone(getCombiners())) {
    p << " combiners ";
    p.printAttribute(getCombiners());
  }
  p.printOptionalAttrDict((*this)->getAttrs(), {"domain", "reductions", "lanes", "maps", "offsets",
                                                "combiners", "operandSegmentSizes"});
  p.printArrowTypeList(getResultTypes());
  p << " ";
  p.printRegion(getBody());
}

static ParseResult parseTyped(OpAsmParser &parser, StringRef keyword, OperationState &state,
                              int32_t &count) {
  count = 0;
  if (failed(parser.parseOptionalKeyword(keyword)))
    return success();
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> types;
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseLParen() || parser.parseOperandList(operands) ||
      parser.parseColonTypeList(types) || parser.parseRParen() ||
      parser.resolveOperands(operands, types, location, state.operands))
    return failure();
  count = operands.size();
  return success();
}

static ParseResult parseIntegers(OpAsmParser &parser, SmallVectorImpl<int64_t> &values) {
  return parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square,
                                        [&] { return parser.parseInteger(values.emplace_back()); });
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  auto &properties = state.getOrAddProperties<KernelOp::Properties>();
  Builder &b = parser.getBuilder();
  SmallVector<int64_t> domain, offsets;
  int64_t reductions = 0, lanes = 64;
  int32_t inputs, dests;
  ArrayAttr maps, combiners;
  if (parser.parseKeyword("domain") || parseIntegers(parser, domain))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("reduce")) && parser.parseInteger(reductions))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("lanes")) && parser.parseInteger(lanes))
    return failure();
  if (parseTyped(parser, "ins", state, inputs) || parseTyped(parser, "dests", state, dests) ||
      parser.parseKeyword("maps") || parser.parseAttribute(maps))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("offsets"))) {
    if (parseIntegers(parser, offsets))
      return failure();
  } else {
    offsets.assign(inputs + dests, -1);
  }
  if (succeeded(parser.parseOptionalKeyword("combiners")) && parser.parseAttribute(combiners))
    return failure();
  if (parser.parseOptionalAttrDict(state.attributes) || parser.parseArrowTypeList(state.types))
    return failure();
  if (!combiners)
    combiners = b.getStrArrayAttr(SmallVector<StringRef>(state.types.size(), "none"));
  Region *body = state.addRegion();
  if (parser.parseRegion(*body))
    return failure();
  ensureTerminator(*body, b, state.location);
  properties.domain = b.getDenseI64ArrayAttr(domain);
  properties.reductions = b.getI64IntegerAttr(reductions);
  properties.lanes = b.getI64IntegerAttr(lanes);
  properties.maps = maps;
  properties.offsets = b.getDenseI64ArrayAttr(offsets);
  properties.combiners = combiners;
  properties.operandSegmentSizes = {inputs, dests};
  return success();
}

//===------------------------------------------------------------------------------------------===//
// Verifier
//===------------------------------------------------------------------------------------------===//

static Type elementOf(Value value) { return cast<ShapedType>(value.getType()).getElementType(); }

/// "input 0", "dest 1", "result 0": what maps[index] belongs to.
static std::string mapName(KernelOp op, size_t index) {
  size_t inputs = op.getInputs().size(), dests = op.getDests().size();
  if (index < inputs)
    return "input " + std::to_string(index);
  if (index < inputs + dests)
    return "dest " + std::to_string(index - inputs);
  return "result " + std::to_string(index - inputs - dests);
}

static LogicalResult verifyDomain(KernelOp op) {
  int64_t rank = op.getDomain().size(), reductions = op.getReductions();
  if (llvm::any_of(op.getDomain(), [](int64_t size) { return size < 0; }))
    return op.emitOpError("has a negative size in its domain");
  if (reductions < 0 || reductions > rank)
    return op.emitOpError() << "reduces " << reductions << " of " << rank << " dimensions";
  if (op.getLanes() != 1 && op.getLanes() != 64)
    return op.emitOpError() << "has " << op.getLanes() << " lanes; a reduction has 1 or 64";
  return success();
}

/// The operand whose dynamic offset the symbol of a map is: an input, a dest, or a result's dest;
/// -1: none.
static int64_t offsetIndex(KernelOp op, size_t map) {
  size_t operands = op->getNumOperands();
  if (map < operands)
    return map;
  size_t result = map - operands, firstWritten = op->getNumResults() - op.getDests().size();
  return result < firstWritten ? -1 : op.getInputs().size() + (result - firstWritten);
}

static LogicalResult verifyMaps(KernelOp op) {
  size_t operands = op->getNumOperands(), expected = operands + op->getNumResults();
  if (op.getMaps().size() != expected)
    return op.emitOpError() << "has " << op.getMaps().size() << " maps; one for each of its "
                            << expected << " operands and results is needed";
  ArrayRef<int64_t> offsets = op.getOffsets();
  if (offsets.size() != operands)
    return op.emitOpError() << "has " << offsets.size() << " offsets for " << operands
                            << " operands";
  for (auto [i, offset] : llvm::enumerate(offsets)) {
    if (offset == -1)
      continue;
    if (offset < 0 || offset >= static_cast<int64_t>(op.getInputs().size()))
      return op.emitOpError() << "takes the offset of " << mapName(op, i) << " from input "
                              << offset << ", which it does not have";
    auto type = cast<RankedTensorType>(op.getInputs()[offset].getType());
    bool isPoint = type.getRank() != 0; // its own map says where each point reads it
    if (!type.getElementType().isInteger(64))
      return op.emitOpError() << "takes the offset of " << mapName(op, i) << " from " << type
                              << "; an offset is i64";
    if (isPoint && (i >= op.getInputs().size() || offsets[offset] >= 0))
      return op.emitOpError() << "takes the offset of " << mapName(op, i) << " from " << type
                              << "; only an input may be read where another one says, once";
  }
  int64_t rank = op.getDomain().size(), kept = rank - op.getReductions();
  for (auto [i, attribute] : llvm::enumerate(op.getMaps())) {
    AffineMap map = cast<AffineMapAttr>(attribute).getValue();
    if (map.getNumDims() != rank || map.getNumSymbols() > 1 || map.getNumResults() != 1)
      return op.emitOpError() << "has the map " << attribute << " for " << mapName(op, i)
                              << "; it takes " << rank
                              << " dimensions and at most one symbol to one offset";
    int64_t from = offsetIndex(op, i);
    if (map.isFunctionOfSymbol(0) && (from < 0 || offsets[from] < 0))
      return op.emitOpError() << "has the map " << attribute << " for " << mapName(op, i)
                              << ", which has no offset";
    if (i < operands || cast<StringAttr>(op.getCombiners()[i - operands]).getValue() == "none")
      continue;
    for (int64_t d = kept; d < rank; ++d)
      if (map.isFunctionOfDim(d))
        return op.emitOpError() << "has the map " << attribute << " for " << mapName(op, i)
                                << ", which is combined, so it cannot use the reduced dimension d"
                                << d;
  }
  return success();
}

static bool isCombiner(StringRef name) {
  return name == "add" || name == "mul" || name == "max" || name == "min";
}

static LogicalResult verifyCombiners(KernelOp op) {
  if (op.getCombiners().size() != op->getNumResults())
    return op.emitOpError() << "has " << op.getCombiners().size() << " combiners for "
                            << op->getNumResults() << " results";
  for (auto [i, attribute] : llvm::enumerate(op.getCombiners()))
    if (StringRef name = cast<StringAttr>(attribute).getValue();
        name != "none" && !isCombiner(name))
      return op.emitOpError() << "has the unknown combiner " << attribute << " for result " << i
                              << "; known are \"none\", \"add\", \"mul\", \"max\" and \"min\"";
  return success();
}

static LogicalResult verifyDests(KernelOp op) {
  size_t results = op->getNumResults(), dests = op.getDests().size();
  if (dests > results)
    return op.emitOpError() << "has " << dests << " dests for " << results << " results";
  for (size_t i = 0; i < dests; ++i)
    if (op.getDests()[i].getType() != op->getResult(results - dests + i).getType())
      return op.emitOpError() << "writes result " << results - dests + i << " of type "
                              << op->getResult(results - dests + i).getType() << " into dest " << i
                              << " of type " << op.getDests()[i].getType();
  return success();
}

static LogicalResult verifyBody(KernelOp op) {
  Block &block = op.getBody().front();
  if (block.getNumArguments() != op.getInputs().size())
    return op.emitOpError() << "has " << block.getNumArguments() << " block arguments for "
                            << op.getInputs().size() << " inputs";
  for (auto [i, input, argument] : llvm::enumerate(op.getInputs(), block.getArguments()))
    if (argument.getType() != elementOf(input))
      return op.emitOpError() << "has block argument " << i << " of type " << argument.getType()
                              << " for an input of type " << input.getType();
  for (Operation &inner : block.without_terminator()) {
    auto kind = opKindOf(&inner);
    if (auto fold = dyn_cast<FoldOp>(inner)) {
      if (!isCombiner(fold.getCombiner()))
        return inner.emitOpError() << "has the unknown combiner " << fold.getCombinerAttr()
                                   << "; known are \"add\", \"mul\", \"max\" and \"min\"";
      if (op.getReductions() == 0)
        return inner.emitOpError("stands in a kernel that reduces no dimension");
    }
    bool elementwise =
        kind && (opInfo(*kind).opClass == OpClass::elementwise || *kind == OpKind::fill);
    if (!elementwise && !isa<IndexOp, FoldOp, DrawOp>(inner))
      return inner.emitOpError("cannot stand in the body of tjit.kernel, which is elementwise");
    if (llvm::any_of(inner.getResultTypes(), llvm::IsaPred<ShapedType>))
      return inner.emitOpError("makes a tensor in the body of tjit.kernel, which is on scalars");
    if (auto index = dyn_cast<IndexOp>(inner);
        index && (index.getMap().getNumDims() != op.getDomain().size() ||
                  index.getMap().getNumResults() != 1 || index.getMap().getNumSymbols() != 0))
      return inner.emitOpError() << "has a map that does not take the kernel's "
                                 << op.getDomain().size() << " dimensions to one index";
  }
  auto yield = cast<YieldOp>(block.getTerminator());
  if (yield.getValues().size() != op->getNumResults())
    return yield.emitOpError() << "yields " << yield.getValues().size() << " values for "
                               << op->getNumResults() << " results";
  for (auto [i, value, result] : llvm::enumerate(yield.getValues(), op.getResults()))
    if (value.getType() != elementOf(result))
      return yield.emitOpError() << "yields " << value.getType() << " for result " << i
                                 << " of type " << result.getType();
  return success();
}

LogicalResult KernelOp::verify() {
  if (failed(verifyDomain(*this)) || failed(verifyCombiners(*this)) || failed(verifyMaps(*this)) ||
      failed(verifyDests(*this)))
    return failure();
  return success();
}

LogicalResult KernelOp::verifyRegions() { return verifyBody(*this); }

LogicalResult GradOp::verify() {
  auto type = cast<RankedTensorType>(getOf().getType());
  if (type.getRank() != 0 || !isa<FloatType>(type.getElementType()))
    return emitOpError() << "differentiates a value of type " << type
                         << "; it must be 0-dim and floating point";
  if (getWrt().size() != getGradients().size())
    return emitOpError() << "has " << getGradients().size() << " results for " << getWrt().size()
                         << " values";
  for (auto [i, value, gradient] : llvm::enumerate(getWrt(), getGradients())) {
    if (!isa<FloatType>(elementOf(value)))
      return emitOpError() << "differentiates with respect to value " << i << " of type "
                           << value.getType() << "; it must be floating point";
    if (value.getType() != gradient.getType())
      return emitOpError() << "has a gradient of type " << gradient.getType() << " for value " << i
                           << " of type " << value.getType();
  }
  return success();
}

} // namespace tjit::ir
