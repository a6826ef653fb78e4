//===- InterpretedRun.cpp ---------------------------------------------------------------------===//
// Running the live part of a trace one operation at a time.
//
// The way without a compiler: TJIT_MODE=interpret and eager, a missing library, a signature whose
// compilation failed, and a run in which an operation found bad values, to learn what depends on
// it. Views of temporaries are read through their strides; temporaries go when their last reader
// has run.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Evaluation.h"
#include "Runtime/Interpreter.h"

#include "IR/OpAttrs.h.inc"
#include "tjit/Error.h"

#include <algorithm>

namespace tjit::rt {

namespace {

/// What a node has become.
struct Computed {
  Ref<Buffer> buffer;
  std::byte *data = nullptr;
  Dims strides;
  Ref<PoisonedValue> poison;
  uint32_t uses = 0; // operands of operations that have not run yet
  bool keep = false; // an output
};

/// Sizes and strides of a view, where it can be read from its operand's memory.
struct ViewGeometry {
  Dims strides;
  int64_t offset = 0; // elements

  static Dims permuted(const Dims &strides, std::span<const int64_t> dims) {
    Dims out(dims.size(), 0);
    for (size_t i = 0; i < dims.size(); ++i)
      out[i] = strides[dims[i]];
    return out;
  }
};

/// False: the view has to be copied.
bool viewGeometry(OpKind kind, const int64_t *attributes, const TensorRef *operands,
                  std::span<const int64_t> sizes, ViewGeometry &out) {
  const TensorRef &in = operands[0];
  const Dims strides(in.strides);
  auto dense = [&] { return Dims(in.strides) == contiguousStrides(in.sizes); };
  switch (kind) {
  case OpKind::permute:
    out.strides = ViewGeometry::permuted(strides, PermuteAttrs::read(attributes).dims);
    return true;
  case OpKind::expand: {
    out.strides = Dims(sizes.size(), 0);
    const size_t missing = sizes.size() - in.sizes.size();
    for (size_t d = 0; d < in.sizes.size(); ++d)
      out.strides[missing + d] = in.sizes[d] == 1 ? 0 : strides[d];
    return true;
  }
  case OpKind::reshape:
    out.strides = contiguousStrides(sizes);
    return dense();
  case OpKind::slice: {
    auto attrs = SliceAttrs::read(attributes);
    out.strides = strides;
    out.strides[attrs.dim] *= attrs.step;
    out.offset = *static_cast<const int64_t *>(operands[1].data) * strides[attrs.dim];
    return true;
  }
  case OpKind::as_strided:
    out.strides = AsStridedAttrs::read(attributes).strides;
    out.offset = *static_cast<const int64_t *>(operands[1].data);
    return dense();
  default:
    return false;
  }
}

/// The error, whose message is `what`, with the place at which its operation was recorded. The type
/// of the exception stays.
std::exception_ptr withPlace(std::exception_ptr error, const char *what, const void *address) {
  const std::string place = describePlace(address);
  if (place.empty())
    return error;
  const std::string message = std::string(what) + "; recorded at " + place;
  try {
    std::rethrow_exception(error);
  } catch (const IndexError &) {
    return std::make_exception_ptr(IndexError(message));
  } catch (const ValueError &) {
    return std::make_exception_ptr(ValueError(message));
  } catch (const TypeError &) {
    return std::make_exception_ptr(TypeError(message));
  } catch (const Error &) {
    return std::make_exception_ptr(Error(message));
  }
}

class Interpretation {
public:
  Interpretation(Trace &trace, uint32_t cut, ThreadContext &thread)
      : trace(trace), cut(cut), thread(thread) {}

  std::vector<Computed> computed;

  void run() {
    computed.resize(cut);
    for (uint32_t id = 0; id < cut; ++id) {
      const Node &n = trace.nodes[id];
      if (n.type != NodeType::operation || !needed(n))
        continue;
      computed[id].keep = n.flags & Node::kOutput;
      for (uint32_t operand : operandsOf(n))
        ++computed[operand].uses;
    }
    for (uint32_t id = 0; id < cut; ++id)
      if (const Node &n = trace.nodes[id]; n.type == NodeType::operation && needed(n))
        runOperation(id, n);
  }

private:
  static bool needed(const Node &n) { return n.flags & (Node::kOutput | Node::kNeeded); }
  std::span<const uint32_t> operandsOf(const Node &n) const {
    return {trace.operandsOf(n), n.numOperands()};
  }

  TensorRef read(uint32_t id) {
    Node &n = trace.nodes[id];
    switch (n.type) {
    case NodeType::input:
      return {n.buffer->data + trace.byteOffsetOf(n), n.dtype, trace.shapeOf(n),
              trace.stridesOf(n)};
    case NodeType::scalar:
      return {&n.bits, n.dtype, {}, {}};
    case NodeType::operation:
      break;
    }
    return {computed[id].data, n.dtype, trace.shapeOf(n), computed[id].strides};
  }

  void runOperation(uint32_t id, const Node &n) {
    Computed &result = computed[id];
    std::span<const uint32_t> ids = operandsOf(n);
    for (uint32_t operand : ids)
      if (computed[operand].poison)
        result.poison = computed[operand].poison;
    if (!result.poison)
      compute(id, n, result);
    for (uint32_t operand : ids)
      if (--computed[operand].uses == 0 && !computed[operand].keep)
        computed[operand].buffer.reset();
  }

  void compute(uint32_t id, const Node &n, Computed &result) {
    std::span<const uint32_t> ids = operandsOf(n);
    operands.clear();
    for (uint32_t operand : ids)
      operands.push_back(read(operand));
    std::span<const int64_t> sizes = trace.shapeOf(n), attributes = trace.attributesOf(n);

    if (!result.keep && opInfo(n.kind()).opClass == OpClass::view &&
        trace.nodes[ids[0]].type == NodeType::operation) {
      ViewGeometry view;
      if (viewGeometry(n.kind(), attributes.data(), operands.data(), sizes, view)) {
        result.buffer = computed[ids[0]].buffer;
        result.data =
            computed[ids[0]].data + view.offset * static_cast<int64_t>(elementSize(n.dtype));
        result.strides = std::move(view.strides);
        return;
      }
    }

    result.strides = contiguousStrides(sizes);
    try {
      if (mayWriteInPlace(n, ids)) {
        result.buffer = computed[ids[0]].buffer;
      } else {
        const size_t bytes = static_cast<size_t>(numElements(sizes)) * elementSize(n.dtype);
        result.buffer =
            Ref<Buffer>::adopt(Context::get().allocator.allocate(bytes, thread.buffers));
      }
      result.data = result.buffer->data;
      interpretOp(n.kind(), attributes, operands, {result.data, n.dtype, sizes, result.strides});
    } catch (const OutOfMemoryError &) {
      throw;
    } catch (const Error &e) {
      result.buffer.reset();
      result.poison = Ref<PoisonedValue>::adopt(
          new PoisonedValue{1, withPlace(std::current_exception(), e.what(), trace.placeOf(id))});
    }
  }

  /// A write into a temporary that has no other reader.
  bool mayWriteInPlace(const Node &n, std::span<const uint32_t> ids) const {
    if (n.kind() != OpKind::write_view || trace.nodes[ids[0]].type != NodeType::operation)
      return false;
    const Computed &base = computed[ids[0]];
    return base.uses == 1 && !base.keep && base.buffer->refs.load(std::memory_order_relaxed) == 1 &&
           base.data == base.buffer->data && base.strides == contiguousStrides(trace.shapeOf(n));
  }

  Trace &trace;
  const uint32_t cut;
  ThreadContext &thread;
  std::vector<TensorRef> operands;
};

} // namespace

void Evaluation::runInterpreted() {
  Interpretation interpretation(trace, cut, thread);
  interpretation.run();
  scratch.results.clear();
  for (uint32_t id : scratch.outputs) {
    Computed &c = interpretation.computed[id];
    scratch.results.push_back(c.buffer.release());
    if (c.poison) {
      trace.nodes[id].flags |= Node::kPoisoned;
      poisons.push_back({id, c.poison});
    }
  }
}

} // namespace tjit::rt
