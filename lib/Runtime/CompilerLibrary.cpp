//===- CompilerLibrary.cpp --------------------------------------------------------------------===//
// The compiler, opened when it is first needed.

#include "Runtime/CompilerLibrary.h"

#include "IR/OpKind.h"
#include "Runtime/CompilerProcess.h"
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

CompilerLibrary::CompilerLibrary() : processes_(std::make_unique<CompilerProcesses>()) {}
CompilerLibrary::~CompilerLibrary() = default;

void CompilerLibrary::prepareFork() { processes_->prepareFork(); }
void CompilerLibrary::afterFork() { processes_->afterFork(); }
void CompilerLibrary::becomeChild() { processes_->becomeChild(); }

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
  if (!functions || functions->abiVersion != kCompilerAbi ||
      functions->operations() != operationsHash()) {
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

bool CompilerLibrary::ready(Context &context) {
  if (state_.load(std::memory_order_acquire) == State::untried) {
    std::lock_guard lock(mutex_);
    if (state_.load(std::memory_order_relaxed) == State::untried) {
      const tjit_compiler_functions *opened = separate() ? nullptr : open(context);
      const bool ready = separate() ? processes_->open(paths(), context.log) : opened != nullptr;
      std::lock_guard identity(identityMutex_);
      buildId_.clear(); // the file may have been another one
      functions_.store(opened, std::memory_order_release);
      state_.store(ready ? State::open : State::missing, std::memory_order_release);
    }
  }
  return possible();
}

void CompilerLibrary::waitWhileOpening() { std::lock_guard lock(mutex_); }

/// Under both locks.
void CompilerLibrary::forget(State state) {
  processes_->close();
  buildId_.clear();
  // The old library stays open: executables do not refer to it, but threads may be inside.
  functions_.store(nullptr, std::memory_order_release);
  state_.store(state, std::memory_order_release);
}

void CompilerLibrary::setPath(std::string path) {
  std::scoped_lock lock(mutex_, identityMutex_);
  path_ = std::move(path);
  forget(path_ == kNone ? State::missing : State::untried);
}

void CompilerLibrary::setSeparate(bool separate) {
  std::scoped_lock lock(mutex_, identityMutex_);
  separate_.store(separate, std::memory_order_relaxed);
  forget(path_ == kNone ? State::missing : State::untried);
}

std::string CompilerLibrary::path() {
  std::lock_guard lock(mutex_);
  return path_;
}

void CompilerLibrary::use(const tjit_compiler_functions *functions) {
  std::scoped_lock lock(mutex_, identityMutex_);
  separate_.store(false, std::memory_order_relaxed);
  forget(functions ? State::open : State::missing);
  functions_.store(functions, std::memory_order_release);
}

std::string CompilerLibrary::buildId() {
  std::lock_guard lock(identityMutex_);
  if (!buildId_.empty())
    return buildId_;
  if (const tjit_compiler_functions *open = functions_.load(std::memory_order_relaxed))
    return buildId_ = buildOfModule(reinterpret_cast<const void *>(open->compile)).buildId;
  const State state = state_.load(std::memory_order_relaxed);
  if (state == State::open)
    return buildId_ = processes_->greeting().buildId;
  if (state == State::missing)
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
  else if (separate())
    out = processes_->greeting().modules;
  return out;
}

Compilation CompilerLibrary::compile(Context &context, std::span<const uint64_t> key, uint64_t hash,
                                     const CompileTarget &target, bool unfused,
                                     const std::atomic<bool> *cancelled) {
  Compilation out;
  if (!ready(context)) {
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
  const tjit_compiler_functions *here = functions_.load(std::memory_order_acquire);
  out = here ? Compilation::run(*here, request)
             : processes_->compile(request, cancelled, context.log);
  out.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

void CompilerLibrary::clearKernelCache() {
  if (const tjit_compiler_functions *f = functions_.load(std::memory_order_acquire))
    f->clearKernelCache();
  else
    processes_->clearKernelCache();
}

std::string CompilerLibrary::describeAddress(const std::string &file, uint64_t offset) {
  const tjit_compiler_functions *f = functions_.load(std::memory_order_acquire);
  if (!f)
    return processes_->describeAddress(file, offset);
  std::unique_ptr<char, decltype(&std::free)> text(f->describeAddress(file.c_str(), offset),
                                                   std::free);
  return text ? text.get() : "";
}

} // namespace tjit::rt
