//===- main.cpp - a compiler in a process of its own ------------------------------------------===//
//
//   tjit-compiler LIBRARY...        started by libtjit (TJIT_COMPILE_IN=process), by nobody else
//
// Answers questions at descriptor 3 (Runtime/CompilerMessages.h) by the first of the libraries that
// can be opened, one after the other. A fault of the compiler ends this process, with a last answer
// that names the signal where one can be given. It ends, whatever it does, when the other end of
// the socket is closed.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/CompilerMessages.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace tjit::rt;

namespace {

constexpr int kSocket = 3;

//===------------------------------------------------------------------------------------------===//
// How it ends
//===------------------------------------------------------------------------------------------===//

constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
/// By signal: the bytes of the last answer, made before anything can go wrong.
std::vector<uint8_t> lastWords[SIGSYS + 1];

void sayLastWords(int signal) {
  const std::vector<uint8_t> &bytes = lastWords[signal];
  [[maybe_unused]] ssize_t sent = ::send(kSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  _exit(1);
}

void handleFaults() {
  for (int signal : kFaults) {
    Message message(MessageKind::fault);
    message.put("the compiler's process was ended by signal " + std::to_string(signal) + " (" +
                strsignal(signal) + ")");
    lastWords[signal] = message.frame();
    struct sigaction action{};
    action.sa_handler = sayLastWords;
    sigaction(signal, &action, nullptr);
  }
}

/// The program is gone, or has no more questions: nobody waits for what is being compiled.
void endWithTheProgram() {
  std::thread([] {
    pollfd closed{kSocket, POLLRDHUP, 0};
    while (poll(&closed, 1, -1) < 1) {
    }
    _exit(0);
  }).detach();
}

//===------------------------------------------------------------------------------------------===//
// What it says
//===------------------------------------------------------------------------------------------===//

const tjit_compiler_functions *open(int count, char **libraries, std::string &problem) {
  problem = "no library is named";
  for (int i = 0; i < count; ++i) {
    void *library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      problem = dlerror();
      continue;
    }
    auto entry = reinterpret_cast<tjit_compiler_entry_fn>(dlsym(library, kCompilerEntryName));
    const tjit_compiler_functions *functions = entry ? entry() : nullptr;
    if (functions && functions->abiVersion == kCompilerAbi)
      return functions;
    problem = std::string(libraries[i]) + " is of another version";
  }
  return nullptr;
}

Greeting greet(const tjit_compiler_functions *compiler, std::string problem) {
  Greeting greeting{std::move(problem), getpid(), 0, {}, {}};
  if (!compiler)
    return greeting;
  greeting.problem.clear();
  greeting.operations = compiler->operations();
  greeting.buildId = buildOfModule(reinterpret_cast<const void *>(compiler->compile)).buildId;
  for (size_t i = 0; i < compiler->numModules; ++i)
    greeting.modules.push_back(buildOfModule(compiler->modules[i]));
  return greeting;
}

/// False: it is no question.
bool answer(const tjit_compiler_functions &compiler, Message &question, Message &out) {
  out = Message(question.kind());
  switch (question.kind()) {
  case MessageKind::compile: {
    OwnedRequest request;
    if (!request.decode(question))
      return false;
    out = encodeCompilation(Compilation::run(compiler, request.view()));
    return true;
  }
  case MessageKind::clearKernelCache:
    compiler.clearKernelCache();
    return question.whole();
  case MessageKind::describeAddress: {
    const std::string file = question.takeText();
    const auto offset = question.take<uint64_t>();
    std::unique_ptr<char, decltype(&std::free)> text(compiler.describeAddress(file.c_str(), offset),
                                                     std::free);
    out.put(std::string_view(text ? text.get() : ""));
    return question.whole();
  }
  case MessageKind::greeting:
  case MessageKind::fault:
    break;
  }
  return false;
}

} // namespace

int main(int argc, char **argv) {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(kSocket, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    std::fprintf(stderr, "tjit-compiler is started by libtjit (TJIT_COMPILE_IN=process), which "
                         "talks to it by descriptor 3\n");
    return 2;
  }
  // The program waits for this process only as long as it takes to leave another one.
  if (const pid_t child = fork(); child != 0)
    _exit(child < 0);
  handleFaults();
  endWithTheProgram();
  std::string problem;
  const tjit_compiler_functions *compiler = open(argc - 1, argv + 1, problem);
  if (!send(kSocket, greet(compiler, problem).encode()) || !compiler)
    _exit(1);
  Message question;
  while (receive(kSocket, question)) {
    Message out;
    if (!answer(*compiler, question, out) || !send(kSocket, out))
      break;
  }
  _exit(0); // without the destructors of what a compilation may still use
}
