//===- CompilerLibrary.cpp --------------------------------------------------------------------===//
// The compiler, opened when it is first needed.

#include "Runtime/CompilerLibrary.h"

#include "Runtime/Context.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <dlfcn.h>

namespace tjit::rt {

namespace {

constexpr const char *kFileName = "libtjit_compiler.so";
constexpr const char *kNone = "none";

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

int isCancelled(void *flag) {
  return static_cast<const std::atomic<bool> *>(flag)->load(std::memory_order_relaxed);
}

} // namespace

std::vector<std::string> CompilerLibrary::paths() const {
  return path_.empty() ? candidates() : std::vector{path_};
}

const tjit_compiler_functions *CompilerLibrary::open(Context &context) {
  auto log = [&](const std::string &text) {
    if (context.log.wants(logCompile))
      context.log.line("compile: " + text);
  };
  auto start = std::chrono::steady_clock::now();
  void *library = nullptr;
  for (const std::string &path : paths()) {
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
  context.background.compilerOpened();
  if (context.log.wants(logCompile)) {
    char text[64];
    std::snprintf(
        text, sizeof text, "the compiler was opened in %.2f ms",
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    log(text);
  }
  return functions;
}

const tjit_compiler_functions *CompilerLibrary::functions(Context &context) {
  if (tried_.load(std::memory_order_acquire)) [[likely]]
    return functions_.load(std::memory_order_acquire);
  std::lock_guard lock(mutex_);
  if (!tried_.load(std::memory_order_relaxed)) {
    const tjit_compiler_functions *opened = open(context);
    std::lock_guard identity(identityMutex_);
    buildId_.clear(); // the file may have been another one
    functions_.store(opened, std::memory_order_release);
    tried_.store(true, std::memory_order_release);
  }
  return functions_.load(std::memory_order_relaxed);
}

void CompilerLibrary::waitWhileOpening() { std::lock_guard lock(mutex_); }

void CompilerLibrary::setPath(std::string path) {
  // The old library stays open: executables do not refer to it, but threads may be inside.
  std::scoped_lock lock(mutex_, identityMutex_);
  path_ = std::move(path);
  buildId_.clear();
  functions_.store(nullptr, std::memory_order_release);
  tried_.store(path_ == kNone, std::memory_order_release);
}

std::string CompilerLibrary::path() {
  std::lock_guard lock(mutex_);
  return path_;
}

void CompilerLibrary::use(const tjit_compiler_functions *functions) {
  std::scoped_lock lock(mutex_, identityMutex_);
  buildId_.clear();
  functions_.store(functions, std::memory_order_release);
  tried_.store(true, std::memory_order_release);
}

std::string CompilerLibrary::buildId() {
  std::lock_guard lock(identityMutex_);
  if (!buildId_.empty())
    return buildId_;
  if (const tjit_compiler_functions *open = functions_.load(std::memory_order_relaxed))
    return buildId_ = buildOfModule(reinterpret_cast<const void *>(open->compile)).buildId;
  if (tried_.load(std::memory_order_relaxed))
    return "";
  for (const std::string &path : paths())
    if (buildId_ = buildIdOfFile(path); !buildId_.empty())
      break;
  return buildId_;
}

std::vector<ModuleBuild> CompilerLibrary::modules() {
  std::vector<ModuleBuild> out;
  if (const tjit_compiler_functions *open = functions_.load(std::memory_order_acquire))
    for (size_t i = 0; i < open->numModules; ++i)
      out.push_back(buildOfModule(open->modules[i]));
  return out;
}

Compilation CompilerLibrary::compile(Context &context, std::span<const uint64_t> key, uint64_t hash,
                                     const CompileTarget &target, bool unfused,
                                     const std::atomic<bool> *cancelled) {
  Compilation out;
  const tjit_compiler_functions *f = functions(context);
  if (!f) {
    out.error = "there is no compiler";
    return out;
  }
  auto start = std::chrono::steady_clock::now();
  const std::string dump = context.settings.dumpFolder();
  char name[32];
  std::snprintf(name, sizeof name, "trace-%016llx", static_cast<unsigned long long>(hash));
  tjit_compile_request request{};
  request.key = key.data();
  request.keyWords = key.size();
  request.cpu = target.cpu.c_str();
  request.numThreads = target.threads;
  request.dumpDir = dump.empty() ? nullptr : dump.c_str();
  request.dumpName = name;
  request.cancelled = cancelled ? isCancelled : nullptr;
  request.cancelContext = const_cast<std::atomic<bool> *>(cancelled);
  request.wantsRemarks = context.log.wants(logFuse);
  request.unfused = unfused;
  tjit_compile_result result{};
  if (f->compile(&request, &result) == 0)
    out.bytes.assign(result.bytes, result.bytes + result.size);
  else
    out.error = result.error ? result.error : "unknown error";
  std::copy(std::begin(result.stageMs), std::end(result.stageMs), out.stageMs);
  if (result.remarks)
    out.remarks = result.remarks;
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

std::string CompilerLibrary::describeAddress(const std::string &file, uint64_t offset) {
  const tjit_compiler_functions *f = functions_.load(std::memory_order_acquire);
  if (!f)
    return {};
  std::unique_ptr<char, decltype(&std::free)> text(f->describeAddress(file.c_str(), offset),
                                                   std::free);
  return text ? text.get() : "";
}

} // namespace tjit::rt
