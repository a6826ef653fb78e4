//===- Image.h --------------------------------------------------------------------------------===//
// From ELF objects to a flat image.
//
// Relocatable objects as the code generator writes them become one block of bytes that runs
// wherever it is copied. What such a block cannot hold (references out of it, writable data,
// thread-local storage) is refused by name.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include "llvm/Support/MemoryBufferRef.h"

namespace tjit::codegen {

/// Lays out the read-only allocated sections of x86-64 ELF objects, code first, and applies their
/// PC-relative relocations. Objects may call functions of each other; those of the first one become
/// entries. Fails where a symbol is undefined, a section is writable or thread-local, or a
/// relocation needs to know the load address.
llvm::Expected<Image> flattenObjects(llvm::ArrayRef<llvm::MemoryBufferRef> objects);

} // namespace tjit::codegen
