//===- Place.cpp ------------------------------------------------------------------------------===//
// Names for addresses in the user's code.

#include "Runtime/Place.h"

#include "Runtime/Context.h"

#include <cstdlib>
#include <cxxabi.h>
#include <dlfcn.h>
#include <filesystem>
#include <link.h>
#include <memory>

namespace tjit::rt {

thread_local constinit const void *callPlace = nullptr;

namespace {

std::string hexadecimal(uint64_t x) {
  char text[19];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(x));
  return text;
}

std::string demangled(const char *symbol) {
  std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol, nullptr, nullptr, nullptr), std::free);
  return name ? name.get() : symbol;
}

/// The file of a module; the program's own has no name in the link map.
std::string fileOf(const link_map &module) {
  if (module.l_name && *module.l_name)
    return module.l_name;
  std::error_code failed;
  std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? std::string() : program.string();
}

} // namespace

std::string describePlace(const void *address) {
  if (!address)
    return {};
  // A return address lies behind the call, maybe in the next line or function.
  const char *const call = static_cast<const char *>(address) - 1;
  Dl_info info;
  link_map *module = nullptr;
  if (!dladdr1(call, &info, reinterpret_cast<void **>(&module), RTLD_DL_LINKMAP) || !module)
    return {};
  const uint64_t offset = reinterpret_cast<uint64_t>(call) - module->l_addr;
  const std::string file = fileOf(*module);
  if (std::string text = Context::get().compiler.describeAddress(file, offset); !text.empty())
    return text;
  std::string position =
      std::filesystem::path(file).filename().string() + "+" + hexadecimal(offset);
  if (!info.dli_sname)
    return position;
  return position + " (in " + demangled(info.dli_sname) + ")";
}

} // namespace tjit::rt
