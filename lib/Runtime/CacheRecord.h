//===- CacheRecord.h --------------------------------------------------------------------------===//
// What a file of the disk cache says.
//
//   header | environment | modules | trace key | executable
//
// each padded to 8 bytes, little-endian. The header has the magic number, the version of this
// layout, the size of each part, and the XXH3 checksum (128 bits) of all that follows the checksum.
// A module is a line `<build id> <path>`.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/BuildIdentity.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tjit::rt {

struct CacheRecord {
  /// What the bytes depend on besides the trace: builds, processor, settings. Compared as text.
  std::string environment;
  /// Code that has to be unchanged on this machine for the bytes to be those that it would make.
  std::vector<ModuleBuild> modules;
  std::vector<uint64_t> key;       // IR/TraceKey.h
  std::vector<uint8_t> executable; // IR/Executable.h
};

std::vector<uint8_t> encodeRecord(const CacheRecord &record);
/// Writes the checksum of a record that was changed by hand, as tests do; at least a header long.
void seal(std::span<uint8_t> bytes);
/// False where the bytes are not a whole and undamaged record.
bool decodeRecord(std::span<const uint8_t> bytes, CacheRecord &out);

} // namespace tjit::rt
