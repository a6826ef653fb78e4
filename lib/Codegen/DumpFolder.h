//===- DumpFolder.h ---------------------------------------------------------------------------===//
// The stages of one trace as files (TJIT_DUMP).
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

namespace tjit::codegen {

/// Writes `folder/name/<file>`. What cannot be written is left out: a dump never fails a
/// compilation.
class DumpFolder : public DumpSink {
public:
  DumpFolder(llvm::StringRef folder, llvm::StringRef name);
  void write(llvm::StringRef fileName, llvm::StringRef text) override;

private:
  std::string path;
};

} // namespace tjit::codegen
