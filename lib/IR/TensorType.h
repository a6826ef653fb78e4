//===- TensorType.h - dtype and sizes of a value, without MLIR --------------------------------===//
//
// The plain C++ vocabulary that recorder, interpreter, shape inference and compiler share.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ScalarType.h"

#include <cassert>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <vector>

namespace tjit {

/// A short list of sizes, strides or dimensions: up to 6 inline, more on the heap.
class Dims {
public:
  static constexpr uint32_t kInline = 6;
  Dims() = default;
  Dims(std::span<const int64_t> v) { assign(v.data(), v.size()); }
  Dims(std::initializer_list<int64_t> v) { assign(v.begin(), v.size()); }
  Dims(const std::vector<int64_t> &v) { assign(v.data(), v.size()); }
  Dims(size_t n, int64_t value) {
    resize(n);
    for (int64_t &x : *this)
      x = value;
  }
  Dims(const Dims &o) : size_(o.size_) {
    if (!o.heap_) [[likely]]
      std::memcpy(inline_, o.inline_, sizeof inline_);
    else
      assign(o.heap_, o.size_);
  }
  Dims(Dims &&o) noexcept : size_(o.size_), heap_(o.heap_) {
    std::memcpy(inline_, o.inline_, sizeof inline_);
    o.heap_ = nullptr, o.size_ = 0;
  }
  Dims &operator=(const Dims &o) {
    if (!o.heap_ && !heap_) [[likely]]
      copyInline(o);
    else if (this != &o)
      assign(o.data(), o.size_);
    return *this;
  }
  Dims &operator=(Dims &&o) noexcept {
    if (this != &o) {
      delete[] heap_;
      size_ = o.size_, heap_ = o.heap_;
      std::memcpy(inline_, o.inline_, sizeof inline_);
      o.heap_ = nullptr, o.size_ = 0;
    }
    return *this;
  }
  ~Dims() { delete[] heap_; }

  void assign(const int64_t *p, size_t n) {
    int64_t *to = inline_;
    int64_t *heap = n > kInline ? new int64_t[n] : nullptr;
    if (heap)
      to = heap;
    if (n)
      std::memmove(to, p, n * sizeof(int64_t));
    delete[] heap_;
    heap_ = heap, size_ = static_cast<uint32_t>(n);
  }
  /// Changes the length; new elements are 0.
  void resize(size_t n) {
    Dims old(std::move(*this));
    size_ = static_cast<uint32_t>(n);
    heap_ = n > kInline ? new int64_t[n] : nullptr;
    for (size_t i = 0; i < n; ++i)
      data()[i] = i < old.size_ ? old[i] : 0;
  }
  void push_back(int64_t v) {
    resize(size_ + 1);
    data()[size_ - 1] = v;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t *data() { return heap_ ? heap_ : inline_; }
  const int64_t *data() const { return heap_ ? heap_ : inline_; }
  int64_t *begin() { return data(); }
  int64_t *end() { return data() + size_; }
  const int64_t *begin() const { return data(); }
  const int64_t *end() const { return data() + size_; }
  int64_t &operator[](size_t i) { return data()[i]; }
  int64_t operator[](size_t i) const { return data()[i]; }
  int64_t back() const { return data()[size_ - 1]; }
  operator std::span<const int64_t>() const { return {data(), size_}; }
  friend bool operator==(const Dims &a, const Dims &b) {
    if (a.size_ != b.size_)
      return false;
    const int64_t *x = a.data(), *y = b.data();
    for (uint32_t i = 0; i < a.size_; ++i)
      if (x[i] != y[i])
        return false;
    return true;
  }

private:
  // All inline elements, used or not: a copy of a fixed size is a few moves and no call.
  void copyInline(const Dims &o) {
    std::memcpy(inline_, o.inline_, sizeof inline_);
    size_ = o.size_;
  }

  int64_t inline_[kInline];
  uint32_t size_ = 0;
  int64_t *heap_ = nullptr;
};

/// Number of elements; the product has been checked against overflow when the shape was made.
inline int64_t numElements(std::span<const int64_t> sizes) {
  int64_t n = 1;
  for (int64_t s : sizes)
    n *= s;
  return n;
}
/// Row-major strides in elements; a dimension of size 0 counts as 1, as in PyTorch.
inline Dims contiguousStrides(std::span<const int64_t> sizes) {
  Dims strides(sizes.size(), 1);
  for (size_t i = sizes.size(); i-- > 1;)
    strides[i - 1] = strides[i] * (sizes[i] > 1 ? sizes[i] : 1);
  return strides;
}

/// Dtype and sizes of an SSA value. Rank 0 is a 0-dim tensor, or a scalar inside a kernel.
struct TensorType {
  ScalarType dtype = ScalarType::Undefined;
  Dims sizes;
};

} // namespace tjit
