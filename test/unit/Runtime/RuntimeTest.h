//===- RuntimeTest.h --------------------------------------------------------------------------===//
// Values and operations for the runtime's tests.
#pragma once

#include "FakeCompiler.h"

#include "IR/AttrWords.h"
#include "IR/OpAttrs.h.inc"
#include "Runtime/Context.h"
#include "Runtime/Evaluation.h"
#include "Runtime/Sanitizer.h"

#include "tjit/Error.h"

#include "Runtime/Sanitizer.h"

#include <gtest/gtest.h>
#include <numeric>

namespace tjit::test {

using namespace tjit::rt;

using ValueRef = Ref<Value>;

/// Every test starts with an empty trace, an empty cache, the compiler of the tests, and counters
/// at zero.
class RuntimeTest : public ::testing::Test {
protected:
  void SetUp() override {
    evaluateAll();
    synchronize();
    fakeCompilerOptions() = {};
    setSetting("TJIT_CACHE_DIR", "none");
    setSetting("TJIT_ON_MISS", "block");
    Context::get().compiler.use(fakeCompiler());
    setMode(Mode::Compile);
    setTraceCacheCapacity(1024);
    clearCaches();
    resetStatistics();
  }
  void TearDown() override {
    thisThread().trace.limits = {};
    Context::get().log.setFlags(0);
    Context::get().log.setSink(nullptr);
  }
  static size_t pendingOperations() { return thisThread().trace.numOperations; }
};

inline ValueRef ready(Dims sizes, const std::vector<float> &elements) {
  Ref<Buffer> buffer = Buffer::allocate(elements.size() * sizeof(float));
  if (!elements.empty())
    std::memcpy(buffer->data, elements.data(), elements.size() * sizeof(float));
  return Value::ready({kFloat, std::move(sizes)}, std::move(buffer));
}
inline ValueRef ready(const std::vector<float> &elements) {
  return ready({static_cast<int64_t>(elements.size())}, elements);
}
/// 0, 1, 2, ...
inline ValueRef counting(Dims sizes) {
  std::vector<float> elements(static_cast<size_t>(numElements(sizes)));
  std::iota(elements.begin(), elements.end(), 0.f);
  return ready(std::move(sizes), elements);
}
template <class T> ValueRef readyOf(ScalarType dtype, Dims sizes, const std::vector<T> &elements) {
  Ref<Buffer> buffer = Buffer::allocate(elements.size() * sizeof(T));
  std::memcpy(buffer->data, elements.data(), elements.size() * sizeof(T));
  return Value::ready({dtype, std::move(sizes)}, std::move(buffer));
}

inline ValueRef binary(OpKind kind, const ValueRef &a, const ValueRef &b) {
  const Dims &sizes = a->type.sizes.size() >= b->type.sizes.size() ? a->type.sizes : b->type.sizes;
  ValueRef result = Value::make(a->type.dtype, sizes);
  record(kind, *result, *a, *b);
  return result;
}
inline ValueRef add(const ValueRef &a, const ValueRef &b) { return binary(OpKind::add, a, b); }
inline ValueRef sub(const ValueRef &a, const ValueRef &b) { return binary(OpKind::sub, a, b); }
inline ValueRef mul(const ValueRef &a, const ValueRef &b) { return binary(OpKind::mul, a, b); }
inline ValueRef unary(OpKind kind, const ValueRef &a) {
  ValueRef result = Value::make(a->type.dtype, a->type.sizes);
  record(kind, *result, *a);
  return result;
}
inline ValueRef number(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return recordScalar(kFloat, bits);
}
inline ValueRef index(int64_t i) { return recordScalar(kLong, static_cast<uint64_t>(i)); }
/// The sum of all elements: a result that is not cheap.
inline ValueRef sum(const ValueRef &a) {
  AttrWords words;
  Dims dims(a->type.sizes.size(), 0);
  std::iota(dims.begin(), dims.end(), 0);
  SumAttrs{dims, false}.write(words);
  Operand operand{a.get()};
  return record(OpKind::sum, {&operand, 1}, words.span(), kFloat, Dims{});
}
/// `a` read through a strided view: the view plus zero.
inline ValueRef viewed(const ValueRef &a, const Dims &sizes, const Dims &strides, int64_t offset) {
  Operand operands[] = {{a.get(), &sizes, &strides, offset}, {nullptr}};
  ValueRef zero = number(0);
  operands[1].value = zero.get();
  return record(OpKind::add, operands, {}, a->type.dtype, sizes);
}
/// `base` with elements offset, offset + 1, ... replaced.
inline ValueRef writeRow(const ValueRef &base, const ValueRef &row, int64_t offset) {
  AttrWords words;
  Dims strides = contiguousStrides(row->type.sizes);
  WriteViewAttrs{row->type.sizes, strides}.write(words);
  ValueRef at = index(offset);
  Operand operands[] = {{base.get()}, {row.get()}, {at.get()}};
  return record(OpKind::write_view, operands, words.span(), base->type.dtype, base->type.sizes);
}

template <class T = float> std::vector<T> read(const ValueRef &v) {
  evaluate(*v);
  const T *p = reinterpret_cast<const T *>(v->buffer->data);
  return std::vector<T>(p, p + numElements(v->type.sizes));
}

} // namespace tjit::test
