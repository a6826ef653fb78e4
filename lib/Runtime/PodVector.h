//===- PodVector.h ----------------------------------------------------------------------------===//
// A growing array of plain words.
//
// Appending hands out memory that is not initialized, and clearing keeps the capacity: what an
// arena wants.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace tjit::rt {

template <class T> class PodVector {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  T *data() { return data_.get(); }
  const T *data() const { return data_.get(); }
  T *begin() { return data(); }
  T *end() { return data() + size_; }
  const T *begin() const { return data(); }
  const T *end() const { return data() + size_; }
  T &operator[](size_t i) { return data_[i]; }
  const T &operator[](size_t i) const { return data_[i]; }
  T &back() { return data_[size_ - 1]; }

  void clear() { size_ = 0; }
  void truncate(size_t n) { size_ = n; }
  /// n more elements, uninitialized. Pointers into the array become invalid.
  T *append(size_t n) {
    if (size_ + n > capacity_) [[unlikely]]
      grow(size_ + n);
    T *first = data() + size_;
    size_ += n;
    return first;
  }
  /// The same where the caller knows that there is room.
  T *appendInCapacity(size_t n) {
    T *first = data() + size_;
    size_ += n;
    return first;
  }
  void push_back(T value) { *append(1) = value; }
  void reserve(size_t n) {
    if (n > capacity_)
      grow(n);
  }
  /// n elements, of which none is initialized.
  T *resizeForOverwrite(size_t n) {
    size_ = 0;
    return append(n);
  }
  void swap(PodVector &o) noexcept {
    std::swap(data_, o.data_), std::swap(size_, o.size_), std::swap(capacity_, o.capacity_);
  }

private:
  [[gnu::noinline]] void grow(size_t least) {
    size_t capacity = capacity_ * 2 < 64 ? 64 : capacity_ * 2;
    while (capacity < least)
      capacity *= 2;
    std::unique_ptr<T[]> larger(new T[capacity]);
    for (size_t i = 0; i < size_; ++i)
      larger[i] = data_[i];
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<T[]> data_;
  size_t size_ = 0, capacity_ = 0;
};

} // namespace tjit::rt
