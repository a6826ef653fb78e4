//===- CacheRecord.cpp ------------------------------------------------------------------------===//
// What a file of the disk cache says.

#include "Runtime/CacheRecord.h"

#include <cstddef>
#include <cstring>
#include <xxhash.h>

namespace tjit::rt {

namespace {

constexpr uint64_t kMagic = 0x656863'6374'696a'74ull; // "tjitcche"
constexpr uint32_t kVersion = 1;

struct Header {
  uint64_t magic;
  uint32_t version, padding;
  uint64_t checksum[2]; // of what follows
  uint64_t environmentBytes, modulesBytes, keyBytes, executableBytes;
};
constexpr size_t kCheckedFrom = offsetof(Header, environmentBytes);

size_t padded(size_t bytes) { return (bytes + 7) & ~size_t(7); }

void checksum(std::span<const uint8_t> bytes, uint64_t out[2]) {
  XXH128_hash_t hash = XXH3_128bits(bytes.data() + kCheckedFrom, bytes.size() - kCheckedFrom);
  out[0] = hash.low64, out[1] = hash.high64;
}

bool parseModules(std::string_view text, std::vector<ModuleBuild> &out) {
  while (!text.empty()) {
    size_t line = text.find('\n'), space = text.find(' ');
    if (line == std::string_view::npos || space > line)
      return false;
    out.push_back({std::string(text.substr(space + 1, line - space - 1)),
                   std::string(text.substr(0, space))});
    text.remove_prefix(line + 1);
  }
  return true;
}

} // namespace

std::vector<uint8_t> encodeRecord(const CacheRecord &record) {
  std::string modules;
  for (const ModuleBuild &m : record.modules)
    modules += m.buildId + " " + m.path + "\n";
  Header header{};
  header.magic = kMagic, header.version = kVersion;
  header.environmentBytes = record.environment.size();
  header.modulesBytes = modules.size();
  header.keyBytes = record.key.size() * sizeof(uint64_t);
  header.executableBytes = record.executable.size();
  std::vector<uint8_t> bytes(sizeof header);
  auto append = [&](const void *data, size_t size) {
    const size_t at = bytes.size();
    bytes.resize(at + padded(size));
    if (size)
      std::memcpy(bytes.data() + at, data, size);
  };
  append(record.environment.data(), header.environmentBytes);
  append(modules.data(), header.modulesBytes);
  append(record.key.data(), header.keyBytes);
  append(record.executable.data(), header.executableBytes);
  std::memcpy(bytes.data(), &header, sizeof header);
  seal(bytes);
  return bytes;
}

void seal(std::span<uint8_t> bytes) {
  if (bytes.size() < sizeof(Header))
    return;
  uint64_t sum[2];
  checksum(bytes, sum);
  std::memcpy(bytes.data() + offsetof(Header, checksum), sum, sizeof sum);
}

bool decodeRecord(std::span<const uint8_t> bytes, CacheRecord &out) {
  Header header;
  if (bytes.size() < sizeof header)
    return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kMagic || header.version != kVersion || header.padding != 0)
    return false;
  uint64_t sum[2];
  checksum(bytes, sum);
  if (std::memcmp(sum, header.checksum, sizeof sum) != 0)
    return false;
  size_t at = sizeof header;
  auto take = [&](uint64_t size, auto &to) {
    if (size > bytes.size() - at || padded(size) > bytes.size() - at)
      return false;
    to.resize(size / sizeof to[0]);
    if (size)
      std::memcpy(to.data(), bytes.data() + at, to.size() * sizeof to[0]);
    at += padded(size);
    return true;
  };
  std::string modules;
  return take(header.environmentBytes, out.environment) && take(header.modulesBytes, modules) &&
         take(header.keyBytes, out.key) && take(header.executableBytes, out.executable) &&
         at == bytes.size() && parseModules(modules, out.modules);
}

} // namespace tjit::rt
