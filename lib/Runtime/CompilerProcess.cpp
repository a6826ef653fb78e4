//===- CompilerProcess.cpp --------------------------------------------------------------------===//
// Compilers in processes of their own.
//
// See CompilerProcess.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/CompilerProcess.h"

#include "IR/OpKind.h"
#include "Runtime/Log.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tjit::rt {

namespace {

/// The descriptor that the program tjit-compiler talks by (tools/tjit-compiler).
constexpr int kCompilerSocket = 3;

/// Where the program is looked for: where a build and where an installation has it, from the folder
/// of the library that holds this function.
std::vector<std::string> candidates() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void *>(&candidates), &info) || !info.dli_fname)
    return {};
  const std::string file = info.dli_fname;
  const size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
  return {folder + "../bin/tjit-compiler", folder + "tjit-compiler",
          folder + "../../bin/tjit-compiler"};
}

/// What the new process begins with: nothing of the program's but its environment and folder.
class SpawnSettings {
public:
  explicit SpawnSettings(int socket) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, socket, kCompilerSocket);
    for (int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&files, standard, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, kCompilerSocket + 1);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    // Of a session of its own: what a terminal sends to the program is not for it.
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  SpawnSettings(const SpawnSettings &) = delete;
  SpawnSettings &operator=(const SpawnSettings &) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

} // namespace

//===------------------------------------------------------------------------------------------===//
// CompilerProcess
//===------------------------------------------------------------------------------------------===//

std::unique_ptr<CompilerProcess> CompilerProcess::start(std::span<const std::string> libraries,
                                                        std::string &problem) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    problem = std::string("no socket for a compiler's process: ") + std::strerror(errno);
    return nullptr;
  }
  auto process = std::make_unique<CompilerProcess>(sockets[0]);
  problem = "tjit-compiler is not beside libtjit";
  for (const std::string &program : candidates()) {
    if (access(program.c_str(), X_OK) != 0)
      continue;
    std::vector<char *> arguments{const_cast<char *>(program.c_str())};
    for (const std::string &library : libraries)
      arguments.push_back(const_cast<char *>(library.c_str()));
    arguments.push_back(nullptr);
    SpawnSettings settings(sockets[1]);
    pid_t child = 0;
    const int error = posix_spawn(&child, program.c_str(), &settings.files, &settings.attributes,
                                  arguments.data(), environ);
    problem = error ? "cannot start " + program + ": " + std::strerror(error) : "";
    if (error == 0)
      // It forks and ends at once: what goes on is not this program's child.
      while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
    break;
  }
  close(sockets[1]);
  if (!problem.empty())
    return nullptr;
  Message message;
  if (!receive(process->socket_, message) || !Greeting::decode(message, process->greeting_))
    problem = "the compiler's process ended before it was ready";
  else if (problem = process->greeting_.problem;
           problem.empty() && process->greeting_.operations != operationsHash())
    problem = "the compiler library is of another version: operations are interpreted";
  return problem.empty() ? std::move(process) : nullptr;
}

CompilerProcess::~CompilerProcess() { close(socket_); }

bool CompilerProcess::ask(const Message &question, Message &answer,
                          const std::atomic<bool> *cancelled) {
  if (send(socket_, question) && receive(socket_, answer, cancelled) &&
      answer.kind() == question.kind())
    return true;
  if (answer.kind() == MessageKind::fault)
    problem_ = answer.takeText();
  if (problem_.empty())
    problem_ = cancelled && cancelled->load(std::memory_order_relaxed)
                   ? "cancelled"
                   : "the compiler's process ended without an answer";
  return false;
}

bool CompilerProcess::lives() const {
  pollfd ready{socket_, POLLIN, 0}; // it says nothing that was not asked for, so this is its end
  return poll(&ready, 1, 0) == 0;
}

//===------------------------------------------------------------------------------------------===//
// CompilerProcesses
//===------------------------------------------------------------------------------------------===//

bool CompilerProcesses::open(std::span<const std::string> libraries, Log &log) {
  close();
  {
    std::lock_guard lock(mutex_);
    libraries_.assign(libraries.begin(), libraries.end());
    greeting_ = {};
  }
  std::string problem;
  Lease first = take(problem, log);
  if (!first.process) {
    if (log.wants(logCompile))
      log.line("compile: " + problem);
    return false;
  }
  {
    std::lock_guard lock(mutex_);
    greeting_ = first.process->greeting();
  }
  give(std::move(first));
  return true;
}

void CompilerProcesses::close() {
  std::vector<std::unique_ptr<CompilerProcess>> ended;
  std::lock_guard lock(mutex_);
  ++generation_;
  ended.swap(idle_);
}

CompilerProcesses::Lease CompilerProcesses::takeIdle() {
  std::lock_guard lock(mutex_);
  Lease lease{nullptr, generation_, false};
  while (!lease.process && !idle_.empty()) {
    if (idle_.back()->lives())
      lease.process = std::move(idle_.back());
    idle_.pop_back();
  }
  return lease;
}

CompilerProcesses::Lease CompilerProcesses::take(std::string &problem, Log &log) {
  Lease lease = takeIdle();
  if (lease.process)
    return lease;
  std::vector<std::string> libraries;
  std::string buildId;
  {
    std::lock_guard lock(mutex_);
    libraries = libraries_;
    buildId = greeting_.buildId;
  }
  const auto start = std::chrono::steady_clock::now();
  std::unique_ptr<CompilerProcess> process = CompilerProcess::start(libraries, problem);
  if (!process)
    return lease;
  if (!buildId.empty() && process->greeting().buildId != buildId) {
    problem = "the compiler library was replaced while the program ran";
    return lease;
  }
  if (log.wants(logCompile)) {
    char text[96];
    std::snprintf(
        text, sizeof text, "compile: process %lld compiles; it was ready in %.2f ms",
        static_cast<long long>(process->greeting().process),
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    log.line(text);
  }
  lease.process = std::move(process);
  lease.isNew = true;
  return lease;
}

void CompilerProcesses::give(Lease lease) {
  std::lock_guard lock(mutex_);
  if (lease.generation == generation_ && idle_.size() < kMostIdle)
    idle_.push_back(std::move(lease.process));
}

Compilation CompilerProcesses::compile(const tjit_compile_request &request,
                                       const std::atomic<bool> *cancelled, Log &log) {
  Compilation out;
  const Message question = encodeRequest(request);
  Message answer;
  Lease lease = take(out.error, log);
  bool answered = lease.process && lease.process->ask(question, answer, cancelled);
  if (lease.process && !answered && !lease.isNew &&
      !(cancelled && cancelled->load(std::memory_order_relaxed))) {
    lease = take(out.error, log);
    answered = lease.process && lease.process->ask(question, answer, cancelled);
  }
  if (!answered) {
    if (lease.process)
      out.error = lease.process->problem();
    return out;
  }
  if (!decodeCompilation(answer, out)) {
    out = {};
    out.error = "the compiler's process answered something else";
    return out;
  }
  give(std::move(lease));
  return out;
}

void CompilerProcesses::clearKernelCache() {
  Message answer;
  std::vector<Lease> asked;
  for (Lease lease = takeIdle(); lease.process; lease = takeIdle())
    asked.push_back(std::move(lease));
  for (Lease &lease : asked)
    if (lease.process->ask(Message(MessageKind::clearKernelCache), answer))
      give(std::move(lease));
}

std::string CompilerProcesses::describeAddress(const std::string &file, uint64_t offset) {
  Lease lease = takeIdle();
  Message question(MessageKind::describeAddress), answer;
  question.put(file);
  question.put(offset);
  if (!lease.process || !lease.process->ask(question, answer))
    return {};
  std::string text = answer.takeText();
  if (!answer.whole())
    return {};
  give(std::move(lease));
  return text;
}

Greeting CompilerProcesses::greeting() {
  std::lock_guard lock(mutex_);
  return greeting_;
}

void CompilerProcesses::becomeChild() {
  // Closing the child's copies ends nothing: the parent has its own.
  idle_.clear();
  ++generation_;
  mutex_.unlock();
}

} // namespace tjit::rt
