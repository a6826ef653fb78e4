//===- BuildIdentity.h ------------------------------------------------------------------------===//
// Which build of a library is meant, and which processor it runs on.
//
// What a disk cache holds was made by particular builds of tjit, its compiler, MLIR and LLVM, for a
// particular processor. Linkers write a hash of the content into a library, its build id: it can be
// read from the file without opening the library, and from the memory of one that is open.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <string>

namespace tjit::rt {

/// A file that holds code, and the build id of that code in hexadecimal.
struct ModuleBuild {
  std::string path, buildId;
};

/// Of the open library or program that holds `address`: the build that is in memory, whatever has
/// happened to the file since. The build id is empty where it has none.
ModuleBuild buildOfModule(const void *address);

/// Of a file that nobody needs to have opened; empty where it is no ELF file with a build id.
std::string buildIdOfFile(const std::string &path);

/// What decides the code that is made for this machine, and whether it runs here: the processor's
/// model and features, what the system lets programs use of them, the sizes of its data caches.
std::string describeHost();

} // namespace tjit::rt
