//===- tjit-process.cpp -----------------------------------------------------------------------===//
// Processes for the tests of what a process opens, how it ends, and what it leaves on the disk.
//
// usage: tjit-process step            a training step; prints its bits and where its code came from
//        tjit-process end <how>       ends while the compiler works: return, exit, thread, main
//        tjit-process fork            forks while the compiler works; the child goes on
//        tjit-process fork-first      forks before the first use; both sides compute
//        tjit-process fork-after      forks after work on several threads, 20 times; each child
//                                     does the same
//        tjit-process late            evaluates in the destructor of a global object
//        tjit-process globals         leaves a graph, hooks and foreign memory in global tensors
//
//===------------------------------------------------------------------------------------------===//

#include <tjit/torch.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <pthread.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

/// Read by LeakSanitizer. What threads had registered to run at their end is the C library's, and a
/// child of a fork has the lists of threads that it does not have.
extern "C" const char *__lsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
  return "leak:__cxa_thread_atexit_impl\n";
}

/// Read by ThreadSanitizer, which ends a child that starts threads where its parent had some: what
/// these tests are about.
extern "C" const char *__tsan_default_options() { // NOLINT(bugprone-reserved-identifier)
  return "die_after_fork=0";
}

namespace {

/// The demo's first training step: the loss.
float step() {
  torch::manual_seed(1);
  auto x = torch::rand({64, 64}), w1 = torch::randn({64, 128}) * 0.1,
       w2 = torch::randn({128, 10}) * 0.1;
  auto labels = torch::arange(64).remainder(10);
  auto b1 = torch::zeros({128}, torch::requires_grad()),
       b2 = torch::zeros({10}, torch::requires_grad());
  w1.requires_grad_(true), w2.requires_grad_(true);
  auto loss = torch::cross_entropy(torch::relu(x.matmul(w1) + b1).matmul(w2) + b2, labels);
  loss.backward();
  torch::NoGradGuard guard;
  for (auto *p : {&w1, &b1, &w2, &b2})
    p->sub_(p->grad(), 0.1);
  torch::eval({w1, b1, w2, b2, loss});
  auto total = loss + w1.sum() + b1.sum() + w2.sum() + b2.sum();
  return total.item<float>();
}

/// A signature of its own for each number: one that the compiler is busy with for a while.
float work(int number) {
  auto x = torch::ones({4 + number, 8}), y = x;
  for (int i = 0; i < 6; ++i)
    y = torch::softmax(torch::sin(y) * x + torch::tanh(y), 1);
  return y.sum().item<float>();
}

bool isMapped(const char *library) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(library) != std::string::npos)
      return true;
  return false;
}

/// How a library is there, in a word.
const char *presence(const char *library) { return isMapped(library) ? "mapped" : "absent"; }

int runStep() {
  const float total = step();
  torch::synchronize();
  uint32_t bits;
  std::memcpy(&bits, &total, sizeof bits);
  torch::Statistics s = torch::statistics();
  std::printf("bits %08x, %llu loaded, %llu compiled, %llu interpreted, compiler %s, LLVM %s\n",
              bits, static_cast<unsigned long long>(s.loads),
              static_cast<unsigned long long>(s.compilations),
              static_cast<unsigned long long>(s.interpretations), presence("libtjit_compiler"),
              presence("libLLVM"));
  return 0;
}

int end(const std::string &how) {
  torch::set_on_miss(torch::OnMiss::Interpret);
  for (int i = 0; i < 40; ++i)
    work(i);
  // Some are compiled while the process ends.
  std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(std::getenv("DELAY"))));
  std::puts("ends");
  if (how == "exit")
    std::exit(0);
  if (how == "thread") {
    std::thread([] {
      torch::set_on_miss(torch::OnMiss::Interpret);
      work(0);
      std::exit(0);
    }).join();
  }
  if (how == "main") { // the main thread ends before the process
    static pthread_t main;
    main = pthread_self();
    std::thread([] {
      pthread_join(main, nullptr);
      torch::set_on_miss(torch::OnMiss::Block);
      std::exit(work(100) > 0 ? 0 : 1);
    }).detach();
    pthread_exit(nullptr);
  }
  return 0;
}

int forkWhileCompiling() {
  torch::set_on_miss(torch::OnMiss::Interpret);
  float expected[8];
  for (int i = 0; i < 8; ++i)
    expected[i] = work(i);
  pid_t child = fork();
  if (child == 0) {
    torch::set_on_miss(torch::OnMiss::Block);
    torch::resetStatistics();
    bool right = true;
    for (int i = 0; i < 8; ++i)
      right &= work(i) == expected[i];
    std::exit(right && torch::statistics().interpretations == 0 ? 0 : 1);
  }
  int status = 0;
  const bool waited = waitpid(child, &status, 0) == child;
  torch::synchronize();
  bool right = true;
  for (int i = 0; i < 8; ++i)
    right &= work(i) == expected[i];
  std::printf("child %s, parent %s\n", waited && status == 0 ? "right" : "WRONG",
              right ? "right" : "WRONG");
  return 0;
}

/// Above what runs on the calling thread alone, with a gradient.
float parallelWork() {
  torch::manual_seed(5);
  auto x = torch::rand({512, 512}), w = torch::rand({512, 512}, torch::requires_grad());
  auto loss = torch::tanh(x.matmul(w) * 0.01).sum();
  loss.backward();
  return (w.grad().sum() + loss).item<float>();
}

int forkAround(bool after) {
  torch::set_num_threads(2);
  // Work's end is when a worker may hold a lock: each fork meets another moment of it.
  const int forks = after ? 20 : 1;
  bool children = true, parent = true;
  for (int i = 0; i < forks; ++i) {
    const float before = after ? parallelWork() : 0;
    const pid_t child = fork();
    if (child == 0) {
      const float first = parallelWork(), second = parallelWork();
      std::exit(first > 0 && first == second ? 0 : 1);
    }
    const float mine = parallelWork();
    parent &= mine > 0 && (!after || mine == before);
    int status = 0;
    children &= waitpid(child, &status, 0) == child && status == 0;
  }
  std::printf("child %s, parent %s\n", children ? "right" : "WRONG", parent ? "right" : "WRONG");
  return 0;
}

/// Global tensors of every kind, which die after main in the reverse order of their definition.
torch::Tensor globalSum, globalLeaf, globalView;
float foreignMemory[4] = {1, 2, 3, 4};
torch::Tensor globalForeign;

int leaveGlobals() {
  globalForeign =
      torch::from_blob(foreignMemory, {4}, [](void *) { std::puts("memory released"); });
  globalLeaf = torch::ones({4}, torch::requires_grad());
  auto product = globalLeaf * globalForeign;
  product.register_hook([](torch::Tensor g) { return g * 2; });
  globalSum = product.sum();
  globalSum.backward({}, true);
  globalView = torch::ones({2, 2}).mul(3)[1];
  globalView.add_(1); // pending
  std::printf("gradient %g\n", globalLeaf.grad().sum().item<float>());
  return 0;
}

/// Dies after main, and after what the library knows of the process's end.
struct Late {
  torch::Tensor tensor;
  ~Late() {
    if (tensor.defined())
      std::printf("late %g\n", (tensor * 2 + torch::sin(tensor * 0)).sum().item<float>());
  }
};
Late late;

} // namespace

int main(int argc, char **argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "step")
    return runStep();
  if (command == "end" && argc > 2)
    return end(argv[2]);
  if (command == "fork")
    return forkWhileCompiling();
  if (command == "fork-first" || command == "fork-after")
    return forkAround(command == "fork-after");
  if (command == "globals")
    return leaveGlobals();
  if (command == "late") {
    late.tensor = torch::ones({3});
    work(0);
    return 0;
  }
  std::fputs("usage: tjit-process step | end <return, exit, thread, main> | fork | fork-first | "
             "fork-after | "
             "late | globals\n",
             stderr);
  return 2;
}
