//===- BuildIdentity.cpp ----------------------------------------------------------------------===//
// Build ids of libraries.
//
// See BuildIdentity.h. A build id is a note (name "GNU", type NT_GNU_BUILD_ID) in a segment of type
// PT_NOTE (System V ABI, "Note Section").
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/BuildIdentity.h"

#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <span>
#include <unistd.h>
#include <vector>

namespace tjit::rt {

namespace {

std::string hexadecimal(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::byte b : bytes) {
    text += kDigits[std::to_integer<unsigned>(b) >> 4];
    text += kDigits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

size_t alignUp(size_t n) { return (n + 3) & ~size_t(3); }

/// The build id among the notes of a segment; empty: there is none. The bytes may be anything.
std::string buildIdInNotes(std::span<const std::byte> notes) {
  while (notes.size() >= sizeof(Elf64_Nhdr)) {
    Elf64_Nhdr head;
    std::memcpy(&head, notes.data(), sizeof head);
    notes = notes.subspan(sizeof head);
    const size_t name = alignUp(head.n_namesz), description = alignUp(head.n_descsz);
    if (name > notes.size() || description > notes.size() - name)
      return "";
    if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4 &&
        std::memcmp(notes.data(), "GNU", 4) == 0)
      return hexadecimal(notes.subspan(name, head.n_descsz));
    notes = notes.subspan(name + description);
  }
  return "";
}

struct ModuleSearch {
  uintptr_t address;
  ModuleBuild found;
};

int visitModule(dl_phdr_info *info, size_t, void *argument) {
  auto &search = *static_cast<ModuleSearch *>(argument);
  std::span headers(info->dlpi_phdr, info->dlpi_phnum);
  bool inside = false;
  for (const ElfW(Phdr) &h : headers)
    inside |= h.p_type == PT_LOAD && search.address - (info->dlpi_addr + h.p_vaddr) < h.p_memsz;
  if (!inside)
    return 0;
  search.found.path = info->dlpi_name && *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
  for (const ElfW(Phdr) &h : headers)
    if (h.p_type == PT_NOTE && search.found.buildId.empty())
      search.found.buildId = buildIdInNotes(
          {reinterpret_cast<const std::byte *>(info->dlpi_addr + h.p_vaddr), h.p_memsz});
  return 1;
}

struct File {
  int fd;
  explicit File(const char *path) : fd(open(path, O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (fd >= 0)
      close(fd);
  }
  bool read(void *to, size_t bytes, uint64_t offset) const {
    return pread(fd, to, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
  }
};

} // namespace

ModuleBuild buildOfModule(const void *address) {
  ModuleSearch search{reinterpret_cast<uintptr_t>(address), {}};
  dl_iterate_phdr(visitModule, &search);
  return search.found;
}

std::string buildIdOfFile(const std::string &path) {
  File file(path.c_str());
  Elf64_Ehdr head;
  if (file.fd < 0 || !file.read(&head, sizeof head, 0) ||
      std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
      head.e_phentsize != sizeof(Elf64_Phdr))
    return "";
  std::vector<Elf64_Phdr> headers(head.e_phnum);
  if (!file.read(headers.data(), headers.size() * sizeof headers[0], head.e_phoff))
    return "";
  constexpr size_t kMostNotes = 64 << 10;
  for (const Elf64_Phdr &h : headers) {
    if (h.p_type != PT_NOTE || h.p_filesz > kMostNotes)
      continue;
    std::vector<std::byte> notes(h.p_filesz);
    if (!file.read(notes.data(), notes.size(), h.p_offset))
      return "";
    if (std::string id = buildIdInNotes(notes); !id.empty())
      return id;
  }
  return "";
}

} // namespace tjit::rt
