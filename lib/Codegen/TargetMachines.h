//===- TargetMachines.h -----------------------------------------------------------------------===//
// LLVM's code generators, kept between compilations.
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include <memory>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace tjit::codegen {

/// A code generator that belongs to the holder; it goes back to the pool with the handle.
/// Thread-safe to take.
class TargetMachineHandle {
public:
  /// Position-independent small code for x86-64 Linux, codegen O1.
  static llvm::Expected<TargetMachineHandle> forX86(const TargetInfo &target);
  /// PTX for a chip ("sm_80") with features like "+ptx70".
  static llvm::Expected<TargetMachineHandle> forNvptx(llvm::StringRef chip,
                                                      llvm::StringRef features);

  TargetMachineHandle(std::string key, std::unique_ptr<llvm::TargetMachine> machine);
  TargetMachineHandle(TargetMachineHandle &&) noexcept;
  ~TargetMachineHandle();

  llvm::TargetMachine &operator*() const { return *machine; }
  llvm::TargetMachine *operator->() const { return machine.get(); }

private:
  std::string key;
  std::unique_ptr<llvm::TargetMachine> machine;
};

} // namespace tjit::codegen
