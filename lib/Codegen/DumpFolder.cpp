//===- DumpFolder.cpp -------------------------------------------------------------------------===//
// The stages of one trace as files (TJIT_DUMP).

#include "Codegen/DumpFolder.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace tjit::codegen {

DumpFolder::DumpFolder(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<128> full(folder);
  llvm::sys::path::append(full, name);
  path = std::string(full);
  llvm::sys::fs::create_directories(path).clear(); // a missing folder fails each write
}

void DumpFolder::write(llvm::StringRef fileName, llvm::StringRef text) {
  llvm::SmallString<128> file(path);
  llvm::sys::path::append(file, fileName);
  std::error_code error;
  llvm::raw_fd_ostream os(file, error);
  if (!error)
    os << text;
  os.clear_error();
}

} // namespace tjit::codegen
