//===- CompileThreadTest.cpp ------------------------------------------------------------------===//
// Fatal errors of LLVM end a compilation, not the process.

#include "Codegen/CompileThread.h"

#include "llvm/Support/ErrorHandling.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <pthread.h>

using namespace tjit::codegen;

TEST(CompileThread, RunsTheWorkBeforeItReturns) {
  bool done = false;
  EXPECT_EQ(runOnCompileThread([&] { done = true; }), std::nullopt);
  EXPECT_TRUE(done);
}

TEST(CompileThread, AFatalErrorComesBackAsItsMessage) {
  std::optional<std::string> error =
      runOnCompileThread([] { llvm::report_fatal_error("cannot select: everything"); });
  ASSERT_TRUE(error);
  EXPECT_NE(error->find("cannot select: everything"), std::string::npos);
}

TEST(CompileThread, TheNextCompilationWorksAfterAFatalError) {
  runOnCompileThread([] { llvm::report_fatal_error("once"); });
  EXPECT_EQ(runOnCompileThread([] {}), std::nullopt);
}

TEST(CompileThread, AThreadThatIsEndedIsAnError) {
  std::optional<std::string> error = runOnCompileThread([] { pthread_exit(nullptr); });
  ASSERT_TRUE(error);
  EXPECT_NE(error->find("ended"), std::string::npos) << *error;
}

TEST(CompileThread, SignalsAreLeftToTheProgramsThreads) {
  sigset_t mask;
  EXPECT_EQ(runOnCompileThread([&] { pthread_sigmask(SIG_SETMASK, nullptr, &mask); }),
            std::nullopt);
  EXPECT_TRUE(sigismember(&mask, SIGINT) && sigismember(&mask, SIGALRM));
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_FALSE(sigismember(&mask, SIGINT));
}

TEST(CompileThread, DeepRecursionHasRoom) {
  std::function<int(int)> depth = [&](int n) {
    volatile char frame[4096];
    frame[0] = static_cast<char>(n);
    return n == 0 ? 0 : 1 + depth(n - 1) + (frame[0] & 0);
  };
  int reached = 0;
  EXPECT_EQ(runOnCompileThread([&] { reached = depth(8000); }), std::nullopt);
  EXPECT_EQ(reached, 8000);
}
