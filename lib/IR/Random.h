//===- Random.h - Philox 4x32-10 and what tjit.random draws from it -----------------------===//
//
// A counter-based generator: block(seed, counter, n) is a function, so elements are computed in any
// order on any device. The mapping from elements to blocks and words is in docs/numerics.md.
//
// Source: Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryLog.h"
#include "IR/ElementaryTrig.h"

#include <array>

namespace tjit::random {

using Block = std::array<uint32_t, 4>;

/// Ten rounds of Philox 4x32 on a 128-bit counter under a 64-bit key.
constexpr Block philox(Block counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t first = uint64_t(0xD2511F53) * counter[0], second = uint64_t(0xCD9E8D57) * counter[2];
    counter = {
        static_cast<uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(second),
        static_cast<uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(first)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

/// Block n of one draw: the seed is the key, the draw's counter is the upper half of the
/// generator's.
constexpr Block block(uint64_t seed, uint64_t counter, uint64_t n) {
  return philox({static_cast<uint32_t>(n), static_cast<uint32_t>(n >> 32),
                 static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32)},
                {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
}

/// 64 bits of a block: words 0 and 1, or 2 and 3, the lower one first.
constexpr uint64_t pairOf(const Block &b, int which) {
  return b[2 * which] | uint64_t(b[2 * which + 1]) << 32;
}

/// The upper `bits` bits of a word, or of two, as a number of [0, 1); Float must represent it.
template <class Float> constexpr Float uniform(uint32_t word, int bits) {
  return static_cast<Float>(static_cast<int32_t>(word >> (32 - bits))) *
         std::bit_cast<float>(uint32_t(127 - bits) << 23);
}
constexpr double uniform53(uint64_t words) {
  return static_cast<double>(static_cast<int64_t>(words >> 11)) * 0x1p-53;
}

/// Box and Muller's pair of normal numbers from u in (0, 1] and v in [0, 1):
/// sqrt(-2 log u) cos(2 pi v), and the same with sin for the second one.
template <class B>
[[gnu::always_inline]] inline typename B::F normal(B &b, typename B::F u, typename B::F v,
                                                   typename B::M second) {
  auto radius = b.sqrt(b.mul(b.constant(-2), elementary::log(b, u)));
  auto angle = b.mul(b.constant(B::bits == 32 ? 0x1.921fb6p+2 : 0x1.921fb54442d18p+2), v);
  return b.mul(radius, elementary::sinOrCos(b, angle, second));
}

} // namespace tjit::random
