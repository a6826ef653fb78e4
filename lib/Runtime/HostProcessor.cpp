//===- HostProcessor.cpp ----------------------------------------------------------------------===//
// The x86-64 processor that the process runs on, in words that compare.
//
// Everything that LLVM reads to name the processor and to list its features (Intel's and AMD's
// manuals, CPUID and XGETBV), without the fields that differ between the cores of one machine.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/BuildIdentity.h"

#include <cpuid.h>
#include <cstdint>
#include <cstdio>
#include <unistd.h>

namespace tjit::rt {

namespace {

/// A leaf of CPUID and the bits of each register that are kept.
struct Leaf {
  uint32_t leaf, subleaf;
  uint32_t eax, ebx, ecx, edx;
};
constexpr uint32_t kAll = ~uint32_t(0);
constexpr Leaf kLeaves[] = {
    {0, 0, 0, kAll, kAll, kAll},       // vendor
    {1, 0, kAll, 0, kAll, kAll},       // family, model, stepping, features; EBX: the core's number
    {7, 0, kAll, kAll, kAll, kAll},    // features
    {7, 1, kAll, kAll, kAll, kAll},    //
    {0xd, 1, kAll, 0, 0, 0},           // XSAVE; EBX: the size that is enabled now
    {0x14, 0, kAll, kAll, 0, 0},       // PTWRITE
    {0x19, 0, kAll, kAll, 0, 0},       // key locker
    {0x24, 0, kAll, kAll, 0, 0},       // AVX10
    {0x80000001, 0, 0, 0, kAll, kAll}, // AMD's features
    {0x80000008, 0, 0, kAll, 0, 0},    //
    {0x80000021, 0, kAll, 0, 0, 0},    //
};

/// State that the system saves for programs: without it the wide registers may not be used.
uint64_t enabledState() {
  unsigned eax, ebx, ecx, edx;
  constexpr unsigned kXgetbvAllowed = 1u << 27;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & kXgetbvAllowed))
    return 0;
  __asm__("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return static_cast<uint64_t>(edx) << 32 | eax;
}

} // namespace

std::string describeHost() {
  std::string text = "x86-64";
  auto append = [&](uint64_t word) {
    char hex[20];
    std::snprintf(hex, sizeof hex, " %llx", static_cast<unsigned long long>(word));
    text += hex;
  };
  for (const Leaf &l : kLeaves) {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    __get_cpuid_count(l.leaf, l.subleaf, &eax, &ebx, &ecx,
                      &edx); // zeros where there is no such leaf
    append(eax & l.eax);
    append(ebx & l.ebx);
    append(ecx & l.ecx);
    append(edx & l.edx);
  }
  append(enabledState());
  for (int name : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE})
    append(static_cast<uint64_t>(sysconf(name)));
  return text;
}

} // namespace tjit::rt
