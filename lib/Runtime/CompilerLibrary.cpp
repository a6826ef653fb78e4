//===- CompilerLibrary.cpp --------------------------------------------------------------------===//
// The compiler, opened when it is first needed.

#include "Runtime/CompilerLibrary.h"

#include "Runtime/Context.h"

#include <chrono>
#include <cstdio>
#include <dlfcn.h>

namespace tjit::rt {

namespace {

constexpr const char *kFileName = "libtjit_compiler.so";

/// Where the library is looked for: beside the file that holds this function, or in ../lib of it.
std::vector<std::string> candidates() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void *>(&candidates), &info) || !info.dli_fname)
    return {};
  std::string file = info.dli_fname;
  size_t slash = file.rfind('/');
  std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
  return {folder + kFileName, folder + "../lib/" + kFileName};
}

void logLine(void *context, const char *line) { static_cast<Context *>(context)->log.line(line); }

} // namespace

const tjit_compiler_functions *CompilerLibrary::open(Context &context) {
  auto log = [&](const std::string &text) {
    if (context.log.wants(logCompile))
      context.log.line("compile: " + text);
  };
  if (path_ == "none")
    return nullptr;
  std::vector<std::string> paths = path_.empty() ? candidates() : std::vector{path_};
  void *library = nullptr;
  for (const std::string &path : paths) {
    library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library)
      break;
    const char *why = dlerror();
    log(why ? why : "cannot open " + path);
  }
  if (!library) {
    log("no compiler: operations are interpreted");
    return nullptr;
  }
  auto entry = reinterpret_cast<tjit_compiler_entry_fn>(dlsym(library, kCompilerEntryName));
  const tjit_compiler_functions *functions = entry ? entry() : nullptr;
  if (!functions || functions->abiVersion != kCompilerAbi) {
    log("the compiler library is of another version: operations are interpreted");
    return nullptr;
  }
  return functions;
}

const tjit_compiler_functions *CompilerLibrary::functions(Context &context) {
  if (tried_.load(std::memory_order_acquire)) [[likely]]
    return functions_.load(std::memory_order_acquire);
  std::lock_guard lock(mutex_);
  if (!tried_.load(std::memory_order_relaxed)) {
    functions_.store(open(context), std::memory_order_release);
    tried_.store(true, std::memory_order_release);
  }
  return functions_.load(std::memory_order_relaxed);
}

void CompilerLibrary::setPath(std::string path) {
  // The old library stays open: executables do not refer to it, but threads may be inside.
  std::lock_guard lock(mutex_);
  path_ = std::move(path);
  tried_.store(false, std::memory_order_release);
  functions_.store(nullptr, std::memory_order_release);
}

std::string CompilerLibrary::path() {
  std::lock_guard lock(mutex_);
  return path_;
}

void CompilerLibrary::use(const tjit_compiler_functions *functions) {
  std::lock_guard lock(mutex_);
  functions_.store(functions, std::memory_order_release);
  tried_.store(true, std::memory_order_release);
}

Compilation CompilerLibrary::compile(Context &context, std::span<const uint64_t> key,
                                     uint64_t hash) {
  Compilation out;
  const tjit_compiler_functions *f = functions(context);
  if (!f) {
    out.error = "there is no compiler";
    return out;
  }
  auto start = std::chrono::steady_clock::now();
  const std::string cpu = context.settings.cpu(), dump = context.settings.dumpFolder();
  char name[32];
  std::snprintf(name, sizeof name, "trace-%016llx", static_cast<unsigned long long>(hash));
  tjit_compile_request request{};
  request.key = key.data();
  request.keyWords = key.size();
  request.cpu = cpu.c_str();
  request.numThreads = static_cast<uint32_t>(context.settings.threads());
  request.dumpDir = dump.empty() ? nullptr : dump.c_str();
  request.dumpName = name;
  request.log = context.log.wants(logCompile) ? logLine : nullptr;
  request.logContext = &context;
  tjit_compile_result result{};
  if (f->compile(&request, &result) == 0)
    out.bytes.assign(result.bytes, result.bytes + result.size);
  else
    out.error = result.error ? result.error : "unknown error";
  out.kernelsCompiled = result.kernelsCompiled;
  out.kernelsReused = result.kernelsReused;
  f->release(&result);
  out.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

void CompilerLibrary::clearKernelCache() {
  if (const tjit_compiler_functions *f = functions_.load(std::memory_order_acquire))
    f->clearKernelCache();
}

} // namespace tjit::rt
