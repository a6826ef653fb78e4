//===- Image.h - from an ELF object to a flat image
//----------------------------------------------------------===//
//
// A relocatable object as the code generator writes it becomes one block of bytes that runs
// wherever it is copied. What such a block cannot hold (references out of it, writable data,
// thread-local storage) is refused by name.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include "llvm/Support/MemoryBufferRef.h"

namespace tjit::codegen {

/// Lays out the read-only allocated sections of an x86-64 ELF object, code first, and applies their
/// PC-relative relocations. Global functions become entries. Fails where a symbol is undefined, a
/// section is writable or thread-local, or a relocation needs to know the load address.
llvm::Expected<Image> flattenObject(llvm::MemoryBufferRef object);

} // namespace tjit::codegen
