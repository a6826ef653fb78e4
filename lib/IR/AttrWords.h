//===- AttrWords.h - the attribute words of one operation while it is built -------------------===//
//
// A container for the generated `write` functions that needs no allocation for what operations
// usually carry.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tjit {

class AttrWords {
public:
  void push_back(int64_t word) {
    if (heap_.empty() && size_ < kInline) {
      inline_[size_++] = word;
      return;
    }
    if (heap_.empty())
      heap_.assign(inline_, inline_ + size_);
    heap_.push_back(word);
  }
  std::span<const int64_t> span() const {
    return heap_.empty() ? std::span<const int64_t>(inline_, size_)
                         : std::span<const int64_t>(heap_);
  }

private:
  static constexpr size_t kInline = 24;
  int64_t inline_[kInline];
  size_t size_ = 0;
  std::vector<int64_t> heap_;
};

/// The words of one list: its length and its elements.
inline AttrWords listWords(std::span<const int64_t> list) {
  AttrWords words;
  words.push_back(static_cast<int64_t>(list.size()));
  for (int64_t v : list)
    words.push_back(v);
  return words;
}

} // namespace tjit
