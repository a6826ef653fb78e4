//===- CompileThread.h ------------------------------------------------------------------------===//
// Compilation on a thread that a fatal error may take down.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace tjit::codegen {

/// Runs `work` on a new thread with a large stack and waits for it. Returns LLVM's message where a
/// fatal error stopped it; the thread then sleeps until the process ends, with whatever it holds,
/// so `work` must own all that it refers to.
std::optional<std::string> runOnCompileThread(std::function<void()> work);

} // namespace tjit::codegen
