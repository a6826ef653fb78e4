//===- LoadedImage.h --------------------------------------------------------------------------===//
// Runs images in tests.
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include "llvm/ADT/StringRef.h"
#include <cstring>
#include <sys/mman.h>

namespace tjit::codegen {

/// An image copied to executable memory, as the runtime's loader does it.
class LoadedImage {
public:
  explicit LoadedImage(const Image &image) : entries(image.entries), size(image.bytes.size()) {
    memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    std::memcpy(memory, image.bytes.data(), size);
    mprotect(memory, size, PROT_READ | PROT_EXEC);
  }
  LoadedImage(const LoadedImage &) = delete;
  ~LoadedImage() { munmap(memory, size); }

  /// The entry of that name, null where there is none.
  template <typename Function> Function *entry(llvm::StringRef name) const {
    auto found = entries.find(name);
    if (found == entries.end())
      return nullptr;
    return reinterpret_cast<Function *>(static_cast<char *>(memory) + found->second);
  }

private:
  llvm::StringMap<uint64_t> entries;
  size_t size;
  void *memory;
};

} // namespace tjit::codegen
