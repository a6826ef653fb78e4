//===- InterpreterViews.cpp - operations that copy elements: views, write_view, concat ----===//
//
// Each is a strided copy of elements of 1, 2, 4 or 8 bytes; what differs is where it begins and
// which strides it has.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <vector>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// A strided place in memory: element offset and strides.
struct Place {
  void *data;
  int64_t offset;
  Dims strides;
};

template <class Storage>
void copyElements(std::span<const int64_t> sizes, const Place &to, const Place &from) {
  auto *out = static_cast<Storage *>(to.data) + to.offset;
  auto *in = static_cast<const Storage *>(from.data) + from.offset;
  Nest<2>(sizes, {to.strides, from.strides}).forEachRow([&](auto &begin, int64_t n, auto &steps) {
    Storage *o = out + begin[0];
    const Storage *p = in + begin[1];
    if (steps[0] == 1 && steps[1] == 1)
      std::copy(p, p + n, o);
    else
      for (int64_t i = 0; i < n; ++i)
        o[i * steps[0]] = p[i * steps[1]];
  });
}
void copy(ScalarType dtype, std::span<const int64_t> sizes, const Place &to, const Place &from) {
  switch (elementSize(dtype)) {
  case 1:
    return copyElements<uint8_t>(sizes, to, from);
  case 2:
    return copyElements<uint16_t>(sizes, to, from);
  case 4:
    return copyElements<uint32_t>(sizes, to, from);
  default:
    return copyElements<uint64_t>(sizes, to, from);
  }
}

Place whole(const TensorRef &t) { return {t.data, 0, Dims(t.strides)}; }
int64_t scalarOf(const TensorRef &t) { return *static_cast<const int64_t *>(t.data); }

/// The elements of an operand in row-major order: its own memory, or a copy in `buffer`.
void *denseData(const TensorRef &t, std::vector<std::byte> &buffer) {
  Dims dense = contiguousStrides(t.sizes);
  bool isDense = true;
  for (size_t d = 0; d < t.sizes.size(); ++d)
    isDense &= t.sizes[d] == 1 || t.strides[d] == dense[d];
  if (isDense)
    return t.data;
  buffer.resize(numElements(t.sizes) * elementSize(t.dtype));
  copy(t.dtype, t.sizes, {buffer.data(), 0, dense}, whole(t));
  return buffer.data();
}

void permute(const Call &call) {
  Dims strides;
  for (int64_t d : PermuteAttrs::read(call.attributes).dims)
    strides.push_back(call.operands[0].strides[d]);
  copy(call.result.dtype, call.result.sizes, whole(call.result),
       {call.operands[0].data, 0, strides});
}

void expand(const Call &call) {
  copy(call.result.dtype, call.result.sizes, whole(call.result),
       {call.operands[0].data, 0, broadcastStrides(call.operands[0], call.result.sizes)});
}

/// The result is dense, so its memory has the operand's sizes as well.
void reshape(const Call &call) {
  const TensorRef &input = call.operands[0];
  copy(input.dtype, input.sizes, {call.result.data, 0, contiguousStrides(input.sizes)},
       whole(input));
}

void slice(const Call &call) {
  auto attrs = SliceAttrs::read(call.attributes);
  const TensorRef &input = call.operands[0];
  Dims strides(input.strides);
  int64_t offset = scalarOf(call.operands[1]) * strides[attrs.dim];
  strides[attrs.dim] *= attrs.step;
  copy(input.dtype, call.result.sizes, whole(call.result), {input.data, offset, strides});
}

void flip(const Call &call) {
  const TensorRef &input = call.operands[0];
  Dims strides(input.strides);
  int64_t offset = 0;
  for (int64_t d : FlipAttrs::read(call.attributes).dims) {
    offset += (input.sizes[d] - 1) * strides[d];
    strides[d] = -strides[d];
  }
  copy(input.dtype, call.result.sizes, whole(call.result), {input.data, offset, strides});
}

void asStrided(const Call &call) {
  auto attrs = AsStridedAttrs::read(call.attributes);
  std::vector<std::byte> buffer;
  copy(call.result.dtype, call.result.sizes, whole(call.result),
       {denseData(call.operands[0], buffer), scalarOf(call.operands[1]), Dims(attrs.strides)});
}

void writeView(const Call &call) {
  auto attrs = WriteViewAttrs::read(call.attributes);
  const TensorRef &base = call.operands[0], &value = call.operands[1];
  if (base.data != call.result.data)
    copy(base.dtype, base.sizes, whole(call.result), whole(base));
  copy(base.dtype, attrs.sizes, {call.result.data, scalarOf(call.operands[2]), Dims(attrs.strides)},
       {value.data, 0, broadcastStrides(value, attrs.sizes)});
}

void concat(const Call &call) {
  int64_t dim = ConcatAttrs::read(call.attributes).dim, offset = 0;
  for (const TensorRef &input : call.operands) {
    copy(input.dtype, input.sizes,
         {call.result.data, offset * call.result.strides[dim], Dims(call.result.strides)},
         whole(input));
    offset += input.sizes[dim];
  }
}

constexpr KernelEntry kKernels[] = {
    {OpKind::permute, permute},      {OpKind::expand, expand}, {OpKind::reshape, reshape},
    {OpKind::slice, slice},          {OpKind::flip, flip},     {OpKind::as_strided, asStrided},
    {OpKind::write_view, writeView}, {OpKind::concat, concat},
};

} // namespace

std::span<const KernelEntry> interpreter::viewKernels() { return kKernels; }
