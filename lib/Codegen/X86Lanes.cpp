//===- X86Lanes.cpp ---------------------------------------------------------------------------===//
// An elementwise body along one line of points, in vectors.
#include "Codegen/X86Lanes.h"
#include "Codegen/EmitTypes.h"

using namespace mlir;

namespace tjit::codegen {

namespace {

constexpr int64_t kLong = 16; // operations from which on a body is emitted once, see bodyCost

static bool areContiguous(ArrayRef<Access> accesses) {
  return llvm::all_of(accesses, [](const Access &access) {
    return access.kind == Access::contiguous || access.kind == Access::invariant;
  });
}

} // namespace

LaneEmitter::LaneEmitter(ir::KernelOp kernel, X86Function &function, int64_t width)
    : kernel(kernel), function(function), code(function.code), width(width),
      cost(bodyCost(kernel.getBody().front())), unroll(cost <= 4    ? 4
                                                       : cost <= 12 ? 2
                                                                    : 1) {}

void LaneEmitter::emit(const LaneSpace &space, Value first, Value last, const Options &options) {
  BodyEmitter body(kernel.getBody().front());
  auto from = CodeBuilder::constantValue(first), to = CodeBuilder::constantValue(last);
  const bool known = from && to;
  SmallVector<Access> accesses;
  auto findAccesses = [&] {
    accesses.clear();
    for (unsigned i = 0; i < function.numOperands(); ++i) {
      accesses.push_back(function.access(i, space, width));
      accesses.back().streaming = options.streaming;
    }
  };
  findAccesses();
  // A long body is one chain of operations for each vector, and the processor looks ahead to no
  // more than two or three vectors. Two whose operations alternate are twice as many chains. That
  // is more code to make, so it is for results that do not fit the caches.
  if (options.streaming && !known && cost >= kLong && areContiguous(accesses)) {
    width *= 2;
    findAccesses();
  }
  for (const Moved &moved : options.moved) {
    Access &access = accesses[moved.operand];
    access.kind = Access::contiguous;
    access.base = moved.address;
    access.streaming = false;
  }
  SmallVector<Value> invariants(function.numInputs());
  for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
    if (accesses[i].kind == Access::invariant && !argument.use_empty())
      invariants[i] = function.load(accesses[i], code.i64(0), 1);
  body.fix(code, invariants, width);

  // While a long body computes, the processor looks too few vectors ahead to keep memory busy, and
  // where several operands come from memory its own prefetchers do not suffice either. 2 and 8 KB
  // ahead are no better than 4.
  const bool fetches = width > 1 && (options.streaming || (cost >= kLong && options.moved.empty()));
  auto fetchAhead = [&](Value at) {
    constexpr int64_t kAhead = 4096, kLine = 64; // bytes
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments())) {
      if (accesses[i].kind != Access::contiguous || argument.use_empty())
        continue;
      const int64_t bytes = memoryBytes(function.element(i));
      for (int64_t line = 0; line < width * bytes; line += kLine)
        function.prefetch(accesses[i], at, (kAhead + line) / bytes, /*forWriting=*/false);
    }
  };
  auto emitPoints = [&](Value number, int64_t lanes, Value mask) {
    Value at = options.origin ? code.add(options.origin, number) : number;
    if (fetches && lanes == width)
      fetchAhead(at);
    SmallVector<Value> inputs(function.numInputs());
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (!invariants[i] && !argument.use_empty())
        inputs[i] = function.load(accesses[i], at, lanes, mask);
    SmallVector<Value> yields = body.emit(code, inputs, function.indices(space, at, lanes), lanes);
    for (auto [i, value] : llvm::enumerate(yields))
      function.store(accesses[function.numInputs() + i], at, value, mask);
  };

  auto one = [&](Value at) { emitPoints(at, 1, nullptr); };
  auto vector = [&](Value at) { emitPoints(at, width, nullptr); };
  auto masked = [&](Value at) {
    Value count = code.min(code.sub(last, at), code.i64(width));
    emitPoints(at, width, function.dynamicMask(count, width));
  };
  const bool maskable = canMask(accesses);
  if (width == 1)
    return code.loop(first, last, 1, one);
  // Code for a long body takes long to make, so there is one copy of it.
  if (!known && cost >= kLong && areContiguous(accesses))
    return emitOnce(accesses, first, last, vector);
  if (!known && cost >= kLong && maskable && function.simd.bytes == 64)
    return code.loop(first, last, width, masked);

  Value next = emitWhole(first, last, unroll, vector);
  if (known) {
    // What is left is known, too, and so is its mask, which makes it cheap on every machine.
    next = emitWhole(next, last, 1, vector);
    if (int64_t rest = (*to - *from) % width)
      emitPoints(next, width, function.staticMask(rest, width));
  } else if (maskable) {
    code.loop(next, last, width, masked);
  } else {
    if (unroll > 1)
      next = emitWhole(next, last, 1, vector);
    code.loop(next, last, 1, one);
  }
}

Value LaneEmitter::emitWhole(Value first, Value last, int64_t vectors,
                             llvm::function_ref<void(Value)> emit) {
  int64_t step = vectors * width;
  auto from = CodeBuilder::constantValue(first), to = CodeBuilder::constantValue(last);
  Value stop;
  if (from && to) {
    stop = code.i64(*from + (*to - *from) / step * step);
  } else {
    Value count = code.sub(last, first);
    stop = code.add(first, code.create<arith::AndIOp>(count, code.i64(-step))); // a power of two
  }
  code.loop(first, stop, step, [&](Value at) {
    for (int64_t v = 0; v < vectors; ++v)
      emit(code.add(at, v * width));
  });
  return stop;
}

/// All points with one copy of the body, although the last vector may be short: that one is
/// computed in scratch memory, into which its operands are copied, by a second pass of the same
/// loop over other pointers.
void LaneEmitter::emitOnce(SmallVectorImpl<Access> &accesses, Value first, Value last,
                           llvm::function_ref<void(Value)> emit) {
  Value points = code.sub(last, first);
  Value whole = code.create<arith::AndIOp>(points, code.i64(-width));
  Value stop = code.add(first, whole), rest = code.sub(points, whole);
  Value isShort = code.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, rest, code.i64(0));

  // The scratch vectors, and pointers from which index `stop` is their first element.
  SmallVector<unsigned> moving;
  SmallVector<Value> buffers, state;
  for (auto [i, access] : llvm::enumerate(accesses)) {
    if (access.kind == Access::invariant)
      continue;
    moving.push_back(i);
    buffers.push_back(
        function.offsetPointer(function.scratch(), code.i64(kBuffer * i), code.b.getI8Type()));
    state.push_back(access.base);
  }
  Value back = code.sub(code.i64(0), stop);
  SmallVector<Value> second;
  for (auto [i, buffer] : llvm::zip_equal(moving, buffers))
    second.push_back(function.offsetPointer(buffer, back, function.element(accesses[i].operand)));
  auto copy = [&](bool results) {
    auto branch = code.create<scf::IfOp>(isShort, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(code.b);
    code.b.setInsertionPointToStart(&branch.getThenRegion().front());
    for (auto [i, buffer] : llvm::zip_equal(moving, buffers)) {
      unsigned operand = accesses[i].operand;
      Type type = function.element(operand);
      Value place = function.offsetPointer(accesses[i].base, stop, type);
      if (results && operand >= function.numInputs())
        function.copyElements(place, buffer, type, rest, width);
      if (!results && operand < function.numInputs())
        function.copyElements(buffer, place, type, rest, width);
    }
  };
  copy(/*results=*/false);
  state.append({first, stop});
  Value end = code.create<arith::SelectOp>(isShort, code.add(stop, width), stop);
  second.append({stop, end});
  SmallVector<Access> real(accesses.begin(), accesses.end());
  code.loop(code.i64(0), code.i64(2), 1, state, [&](Value, ValueRange carried) {
    for (auto [i, base] : llvm::zip(moving, carried))
      accesses[i].base = base;
    code.loop(carried[moving.size()], carried[moving.size() + 1], width, emit);
    return second;
  });
  accesses.assign(real.begin(), real.end());
  copy(/*results=*/true);
}

bool LaneEmitter::canMask(ArrayRef<Access> accesses) {
  for (const Access &access : accesses) {
    unsigned bytes = memoryBytes(function.element(access.operand));
    bool isResult = access.operand >= function.numInputs();
    bool whole = access.kind == Access::contiguous;
    bool fits = access.kind == Access::invariant || (whole      ? function.simd.masks(bytes)
                                                     : isResult ? function.simd.scatters(bytes)
                                                                : function.simd.gathers(bytes));
    if (!fits)
      return false;
  }
  return true;
}

} // namespace tjit::codegen
