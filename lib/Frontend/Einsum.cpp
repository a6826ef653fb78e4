//===- Einsum.cpp -----------------------------------------------------------------------------===//
// Sums of products by indices: einsum, tensordot.
//
// Every operand becomes a tensor over all indices, in one order, with size 1 where it lacks one.
// Pairs are multiplied from the left, as batches of matrices: indices that both have and that are
// needed later are the batch, those that are not are summed.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

/// Dimensions in this order as one.
Tensor group(const Tensor &t, const std::vector<std::vector<int64_t>> &groups) {
  std::vector<int64_t> order;
  Dims sizes;
  for (const std::vector<int64_t> &dims : groups) {
    int64_t n = 1;
    for (int64_t d : dims) {
      order.push_back(d);
      n *= t.size(d);
    }
    sizes.push_back(n);
  }
  // The others have size 1.
  for (int64_t d = 0; d < t.dim(); ++d)
    if (std::ranges::count(order, d) == 0)
      order.push_back(d);
  return t.permute(order).reshape(refOf(sizes));
}

/// a and b over the same indices, summed over `summed`; sizes are equal or 1. Summed indices come
/// back with size 1.
Tensor sumOfProducts(Tensor a, Tensor b, const std::vector<bool> &summed) {
  std::vector<int64_t> batch, ofA, ofB, both, order;
  Dims sizes;
  // As in PyTorch this makes int64 of other integers.
  auto sumOne = [&](Tensor &t, int64_t d) { t = reduceDims(OpKind::sum, t, d, true); };
  for (int64_t d = 0; d < a.dim(); ++d) {
    const bool inA = a.size(d) != 1, inB = b.size(d) != 1;
    if (summed[d] && inA && inB) {
      both.push_back(d);
    } else if (summed[d]) {
      if (inA)
        sumOne(a, d);
      if (inB)
        sumOne(b, d);
      batch.push_back(d);
    } else if (inA && inB) {
      batch.push_back(d);
    } else {
      (inA ? ofA : ofB).push_back(d);
    }
  }
  if (both.empty())
    return a * b;
  checkSameDtype(a, b, "einsum"); // products do not promote
  const Tensor product = group(a, {batch, ofA, both}).matmul(group(b, {batch, both, ofB}));
  // Back to the order of the indices.
  std::vector<int64_t> inverse(static_cast<size_t>(a.dim()));
  for (const auto *dims : {&batch, &ofA, &ofB, &both})
    for (int64_t d : *dims) {
      inverse[d] = static_cast<int64_t>(order.size());
      order.push_back(d);
      sizes.push_back(dims == &batch ? std::max(a.size(d), b.size(d))
                      : dims == &ofA ? a.size(d)
                      : dims == &ofB ? b.size(d)
                                     : 1);
    }
  return product.reshape(refOf(sizes)).permute(inverse);
}

[[noreturn]] void bad(std::string_view equation, const std::string &why) {
  throw Error("einsum: " + why + " in \"" + std::string(equation) + "\"");
}

constexpr int kEllipsis = -1;

/// The indices of one side between commas: letters, and kEllipsis.
std::vector<int> parseIndices(std::string_view equation, std::string_view text) {
  std::vector<int> indices;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ')
      continue;
    if (text[i] == '.') {
      if (text.substr(i, 3) != "..." || std::ranges::count(indices, kEllipsis))
        bad(equation, "dots must be one ellipsis of three");
      indices.push_back(kEllipsis);
      i += 2;
    } else if (std::isalpha(static_cast<unsigned char>(text[i]))) {
      indices.push_back(text[i]);
    } else {
      bad(equation, std::string("an index must be a letter, found '") + text[i] + "'");
    }
  }
  return indices;
}

class Einsum {
public:
  Einsum(std::string_view equation, TensorList operands) : equation_(equation) {
    for (const Tensor &t : operands)
      operands_.push_back(t), implOf(t, "einsum");
    if (operands_.empty())
      throw Error("einsum: expected at least one operand");
    parse();
  }

  Tensor run() {
    placeIndices();
    for (size_t i = 0; i < operands_.size(); ++i)
      operands_[i] = aligned(operands_[i], inputs_[i]);
    Tensor out = operands_[0];
    for (size_t i = 1; i < operands_.size(); ++i) {
      std::vector<bool> summed(static_cast<size_t>(rank_));
      for (int64_t d = kept_; d < rank_; ++d) {
        summed[d] = true;
        for (size_t later = i + 1; later < operands_.size(); ++later)
          summed[d] = summed[d] && operands_[later].size(d) == 1;
      }
      out = sumOfProducts(out, operands_[i], summed);
    }
    if (rank_ == kept_)
      return out;
    std::vector<int64_t> last(static_cast<size_t>(rank_ - kept_));
    std::iota(last.begin(), last.end(), kept_);
    if (operands_.size() == 1)
      return out.sum(last);
    for (int64_t d = rank_; d-- > kept_;)
      out = out.size(d) == 1 ? out.squeeze(d) : reduceDims(OpKind::sum, out, d, false);
    // libtorch's products over common indices end in a view.
    return autodiff::labeled(out, "ViewBackward0");
  }

private:
  void parse() {
    const size_t arrow = equation_.find("->");
    std::string_view left = equation_.substr(0, arrow);
    for (;;) {
      const size_t comma = left.find(',');
      inputs_.push_back(parseIndices(equation_, left.substr(0, comma)));
      if (comma == std::string_view::npos)
        break;
      left = left.substr(comma + 1);
    }
    if (inputs_.size() != operands_.size())
      bad(equation_, std::to_string(operands_.size()) + " operands for " +
                         std::to_string(inputs_.size()) + " lists of indices");
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const int64_t rank = operands_[i].dim(), named = static_cast<int64_t>(inputs_[i].size());
      const bool dots = std::ranges::count(inputs_[i], kEllipsis) > 0;
      if (dots ? rank < named - 1 : rank != named)
        bad(equation_, "operand " + std::to_string(i) + " of sizes " +
                           toString(sizesOf(operands_[i].sizes())) + " has not " +
                           std::to_string(named - dots) + " dimensions");
      if (dots)
        ellipsis_ = std::max(ellipsis_, rank - (named - 1));
    }
    if (arrow != std::string_view::npos) {
      output_ = parseIndices(equation_, equation_.substr(arrow + 2));
      return;
    }
    std::map<int, int> count;
    bool dots = false;
    for (const std::vector<int> &indices : inputs_)
      for (int index : indices)
        index == kEllipsis ? dots = true : ++count[index] > 0;
    if (dots)
      output_.push_back(kEllipsis);
    for (auto [index, n] : count)
      if (n == 1)
        output_.push_back(index);
  }

  /// Which dimension stands for each index: those of the output first, as it has them.
  void placeIndices() {
    for (int index : output_) {
      if (index == kEllipsis) {
        ellipsisAt_ = rank_;
        rank_ += ellipsis_;
        continue;
      }
      if (place_.contains(index))
        bad(equation_,
            std::string("the output has the index '") + static_cast<char>(index) + "' twice");
      bool known = false;
      for (const std::vector<int> &indices : inputs_)
        known |= std::ranges::count(indices, index) > 0;
      if (!known)
        bad(equation_,
            std::string("the output's index '") + static_cast<char>(index) + "' is in no operand");
      place_[index] = rank_++;
    }
    kept_ = rank_;
    for (const std::vector<int> &indices : inputs_)
      for (int index : indices)
        if (index == kEllipsis ? ellipsisAt_ < 0 : !place_.contains(index)) {
          if (index == kEllipsis)
            ellipsisAt_ = rank_, rank_ += ellipsis_;
          else
            place_[index] = rank_++;
        }
    sizes_ = Dims(static_cast<size_t>(rank_), 1);
  }

  /// The operand over all indices.
  Tensor aligned(Tensor t, const std::vector<int> &indices) {
    std::vector<int64_t> from(static_cast<size_t>(rank_), -1); // the operand's dimension
    const int64_t dots = t.dim() - (static_cast<int64_t>(indices.size()) - 1);
    int64_t d = 0;
    for (int index : indices) {
      if (index == kEllipsis) {
        for (int64_t i = 0; i < dots; ++i)
          from[ellipsisAt_ + ellipsis_ - dots + i] = d++;
        continue;
      }
      int64_t &place = from[place_[index]];
      if (place < 0) {
        place = d++;
        continue;
      }
      // An index that occurs twice reads the diagonal, which comes last.
      if (t.size(place) != t.size(d))
        bad(equation_, std::string("the index '") + static_cast<char>(index) + "' has the sizes " +
                           std::to_string(t.size(place)) + " and " + std::to_string(t.size(d)));
      t = t.diagonal(0, place, d).movedim(-1, place);
    }
    std::vector<int64_t> order;
    for (int64_t place : from)
      if (place >= 0)
        order.push_back(place);
    t = t.permute(order);
    for (int64_t i = 0; i < rank_; ++i) {
      if (from[i] < 0)
        t = t.unsqueeze(i);
      if (t.size(i) != 1 && sizes_[i] != 1 && t.size(i) != sizes_[i])
        bad(equation_, "operands do not broadcast: sizes " + std::to_string(sizes_[i]) + " and " +
                           std::to_string(t.size(i)) + " of one index");
      if (t.size(i) != 1)
        sizes_[i] = t.size(i);
    }
    return t;
  }

  std::string_view equation_;
  std::vector<Tensor> operands_;
  std::vector<std::vector<int>> inputs_;
  std::vector<int> output_;
  std::map<int, int64_t> place_;
  Dims sizes_;
  int64_t ellipsis_ = 0, ellipsisAt_ = -1, rank_ = 0, kept_ = 0;
};

} // namespace

Tensor einsum(std::string_view equation, TensorList operands) {
  return Einsum(equation, operands).run();
}

Tensor tensordot(const Tensor &self, const Tensor &other, IntArrayRef dimsSelf,
                 IntArrayRef dimsOther) {
  Tensor a = self, b = other;
  const int64_t rankA = rankOf(self, "tensordot"), rankB = rankOf(other, "tensordot");
  checkSameDtype(self, other, "tensordot");
  if (dimsSelf.size() != dimsOther.size())
    throw Error("tensordot: " + std::to_string(dimsSelf.size()) + " dimensions of self for " +
                std::to_string(dimsOther.size()) + " of other");
  std::vector<int64_t> summedA, summedB, freeA, freeB;
  for (size_t i = 0; i < dimsSelf.size(); ++i) {
    const int64_t d = wrapDim(dimsSelf[i], rankA, "tensordot"),
                  e = wrapDim(dimsOther[i], rankB, "tensordot");
    const int64_t m = a.size(d), n = b.size(e);
    if (m != n && m != 1 && n != 1)
      throw Error("tensordot: dimension " + std::to_string(d) + " of " +
                  toString(sizesOf(self.sizes())) + " and " + std::to_string(e) + " of " +
                  toString(sizesOf(other.sizes())) + " differ in size");
    // One of size 1 broadcasts: the other is summed alone.
    if (m != n)
      (m == 1 ? b : a) =
          castTo(reduceDims(OpKind::sum, m == 1 ? b : a, m == 1 ? e : d, true), self.scalar_type());
    summedA.push_back(d), summedB.push_back(e);
  }
  Dims sizes;
  auto rest = [&](const Tensor &t, const std::vector<int64_t> &summed, std::vector<int64_t> &free) {
    for (int64_t d = 0; d < t.dim(); ++d)
      if (!std::ranges::count(summed, d)) {
        free.push_back(d);
        sizes.push_back(t.size(d));
      }
  };
  rest(a, summedA, freeA);
  rest(b, summedB, freeB);
  return group(a, {freeA, summedA}).mm(group(b, {summedB, freeB})).reshape(refOf(sizes));
}
Tensor tensordot(const Tensor &self, const Tensor &other, int64_t dims) {
  const int64_t rank = rankOf(self, "tensordot");
  if (dims < 0 || dims > rank || dims > rankOf(other, "tensordot"))
    throw Error("tensordot: " + std::to_string(dims) + " dimensions of sizes " +
                toString(sizesOf(self.sizes())) + " and " + toString(sizesOf(other.sizes())));
  std::vector<int64_t> last, first;
  for (int64_t i = 0; i < dims; ++i)
    last.push_back(rank - dims + i), first.push_back(i);
  return tjit::tensordot(self, other, last, first);
}

} // namespace ops
} // namespace v1
} // namespace tjit
