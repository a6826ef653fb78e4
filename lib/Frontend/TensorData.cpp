//===- TensorData.cpp -------------------------------------------------------------------------===//
// Tensors from numbers, lists and the caller's memory.

#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"

#include "tjit/TensorData.h"

#include <functional>
#include <memory>

namespace tjit {

namespace {

using Kind = TensorData::Kind;

/// Sizes and dtype of nested lists; throws where they are ragged or mixed.
struct Survey {
  Dims sizes;
  ScalarType dtype = ScalarType::Undefined;

  void visit(const TensorData &data, size_t depth) {
    if (data.kind() != Kind::scalar)
      note(depth, static_cast<int64_t>(data.size()));
    else if (complete && depth != sizes.size())
      ragged();
    if (data.kind() == Kind::list) {
      for (size_t i = 0; i < data.size(); ++i)
        visit(data.list()[i], depth + 1);
      if (data.size() == 0)
        complete = true;
      return;
    }
    if (data.kind() != Kind::scalar && complete && depth + 1 != sizes.size())
      ragged();
    complete = true;
    if (dtype != ScalarType::Undefined && dtypeGroup(dtype) != dtypeGroup(data.type()))
      throw TypeError(std::string("tensor: elements of type ") + toString(dtype) + " and " +
                      toString(data.type()) + " are mixed; write all of them in one type");
    dtype = data.type();
  }

private:
  bool complete = false; // a path to the bottom has been seen, so the number of dimensions is known

  static int dtypeGroup(ScalarType t) { return isFloatingType(t) ? 2 : t == kBool ? 0 : 1; }
  [[noreturn]] static void ragged() {
    throw ValueError("tensor: the nested lists differ in depth or length");
  }
  void note(size_t depth, int64_t size) {
    if (depth == sizes.size() && !complete)
      sizes.push_back(size);
    else if (depth >= sizes.size() || sizes[depth] != size)
      ragged();
  }
};

void store(const TensorData &data, std::byte *&out, ScalarType dtype) {
  const size_t to = elementSize(dtype);
  switch (data.kind()) {
  case Kind::scalar:
    checkHolds(data.scalar(), computeDtype(dtype), "tensor");
    storeScalar(out, data.scalar(), dtype);
    out += to;
    break;
  case Kind::list:
    for (size_t i = 0; i < data.size(); ++i)
      store(data.list()[i], out, dtype);
    break;
  case Kind::boolVector:
    for (bool b : *static_cast<const std::vector<bool> *>(data.array())) {
      storeScalar(out, b, dtype);
      out += to;
    }
    break;
  case Kind::array: {
    const auto *from = static_cast<const std::byte *>(data.array());
    if (data.type() == dtype) {
      if (data.size())
        std::memcpy(out, from, data.size() * to);
      out += data.size() * to;
      break;
    }
    for (size_t i = 0; i < data.size(); ++i, out += to)
      storeScalar(out, loadScalar(from + i * elementSize(data.type()), data.type()), dtype);
    break;
  }
  }
}

/// int and long give int64, float and double the default dtype; the others stay.
ScalarType defaultFor(ScalarType type) {
  if (type == kInt || type == kLong)
    return kLong;
  return isFloatingType(type) || type == ScalarType::Undefined ? get_default_dtype().toScalarType()
                                                               : type;
}

} // namespace

inline namespace v1 {

Tensor tensor(const TensorData &data, TensorOptions options) {
  checkDevice(options.device(), "tensor");
  Survey survey;
  survey.visit(data, 0);
  const ScalarType dtype =
      options.has_dtype() ? options.dtype().toScalarType() : defaultFor(survey.dtype);
  HostTensor host = makeHostTensor(dtype, survey.sizes);
  std::byte *out = host.data;
  store(data, out, dtype);
  return finishCreation(host.tensor, options, "tensor");
}

Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides, detail::Deleter deleter,
                 TensorOptions options) {
  const std::shared_ptr<void> state(deleter.state, [deleter](void *f) {
    if (f)
      deleter.drop(f);
  });
  checkDevice(options.device(), "from_blob");
  const ScalarType dtype = options.dtype();
  const Dims shape(sizesOf(sizes));
  int64_t n;
  if (!checkedNumElements(shape, n))
    throw Error("from_blob: sizes " + tjit::toString(shape) +
                " are negative or have more elements than 64 bits can count");
  const Dims steps = strides.empty() ? contiguousStrides(shape) : Dims(sizesOf(strides));
  bool bad = steps.size() != shape.size() || (n && !data);
  for (int64_t s : steps)
    bad |= s < 0;
  if (bad)
    throw Error("from_blob: memory " + std::string(data ? "" : "null ") + "with sizes " +
                tjit::toString(shape) + " and strides " + tjit::toString(steps) +
                " is no tensor: strides must be as many as sizes and not negative");
  const int64_t reach = extent(shape, steps);
  std::function<void(void *)> release;
  if (deleter.call)
    release = [call = deleter.call, state](void *memory) { call(state.get(), memory); };
  rt::Ref<rt::Buffer> buffer =
      rt::Buffer::borrow(data, reach * elementSize(dtype), std::move(release));
  // The storage is the piece of memory that the strides reach, in one dimension, unless it is
  // row-major.
  const bool dense = isRowMajor(shape, steps);
  Tensor whole =
      wrapValue(rt::Value::ready({dtype, dense ? shape : Dims{reach}}, std::move(buffer)));
  whole.impl()->storage->borrowed = true;
  Tensor t = dense ? whole : makeAlias(*whole.impl(), shape, steps, 0);
  return finishCreation(t, options, "from_blob");
}
Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  return from_blob(data, sizes, strides, detail::Deleter{}, options);
}
Tensor from_blob(void *data, IntArrayRef sizes, TensorOptions options) {
  return from_blob(data, sizes, IntArrayRef(), detail::Deleter{}, options);
}

} // namespace v1
} // namespace tjit
