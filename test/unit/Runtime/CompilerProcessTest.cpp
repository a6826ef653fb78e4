//===- CompilerProcessTest.cpp ----------------------------------------------------------------===//
// What is said to a compiler in a process of its own, and what happens when it ends.
//
// The library that it opens is one whose compilations all fail at once (faulty-compiler.cpp); whole
// programs are in Runtime/compile_process.test.
//
//===------------------------------------------------------------------------------------------===//
#include "Runtime/CompilerProcess.h"
#include "Runtime/Log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace tjit::rt;

namespace {

const std::vector<uint64_t> kKey{1, 2, ~uint64_t(0)};

tjit_compile_request exampleRequest() {
  tjit_compile_request request{};
  request.key = kKey.data(), request.keyWords = kKey.size();
  request.cpu = "haswell", request.numThreads = 7;
  request.dumpName = "trace";
  request.unfused = 1;
  return request;
}

Compilation exampleCompilation() {
  Compilation c;
  c.bytes = {1, 0, 255}, c.remarks = "fused: everything\n";
  c.stageMs[tjit_stage_codegen] = 1.5, c.kernelsCompiled = 3, c.kernelsReused = 4;
  return c;
}

TEST(CompilerMessages, ComeAsTheyWere) {
  Message message = encodeRequest(exampleRequest());
  OwnedRequest request;
  ASSERT_TRUE(request.decode(message));
  const tjit_compile_request view = request.view();
  EXPECT_EQ(request.key, kKey);
  EXPECT_STREQ(view.cpu, "haswell");
  EXPECT_EQ(view.numThreads, 7u);
  EXPECT_EQ(view.dumpDir, nullptr);
  EXPECT_STREQ(view.dumpName, "trace");
  EXPECT_FALSE(view.wantsRemarks);
  EXPECT_TRUE(view.unfused);

  message = encodeCompilation(exampleCompilation());
  Compilation c;
  ASSERT_TRUE(decodeCompilation(message, c));
  EXPECT_EQ(c.bytes, exampleCompilation().bytes);
  EXPECT_EQ(c.error, "");
  EXPECT_EQ(c.remarks, "fused: everything\n");
  EXPECT_EQ(c.stageMs[tjit_stage_codegen], 1.5);
  EXPECT_EQ(c.kernelsCompiled, 3u);
  EXPECT_EQ(c.kernelsReused, 4u);

  Greeting greeting{"", 12, 34, "abcd", {{"/lib/a b.so", "ef"}, {"c", ""}}}, out;
  message = greeting.encode();
  ASSERT_TRUE(Greeting::decode(message, out));
  EXPECT_EQ(out.process, 12);
  EXPECT_EQ(out.operations, 34u);
  ASSERT_EQ(out.modules.size(), 2u);
  EXPECT_EQ(out.modules[0].path, "/lib/a b.so");
}

TEST(CompilerMessages, CutOnesAreNoticed) {
  auto cut = [](const Message &whole, auto decode) {
    for (size_t size = 0; size < whole.bytes().size(); ++size) {
      Message part(whole.kind(), {whole.bytes().begin(), whole.bytes().begin() + size});
      EXPECT_FALSE(decode(part)) << size;
    }
  };
  cut(encodeRequest(exampleRequest()), [](Message &m) { return OwnedRequest().decode(m); });
  cut(encodeCompilation(exampleCompilation()), [](Message &m) {
    Compilation c;
    return decodeCompilation(m, c);
  });
}

TEST(CompilerMessages, AWaitEndsWithTheOtherEndAndWhenItIsCancelled) {
  int sockets[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
  Message message;
  std::atomic<bool> cancelled{false};
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    cancelled = true;
  });
  EXPECT_FALSE(receive(sockets[0], message, &cancelled));
  later.join();
  EXPECT_TRUE(send(sockets[1], encodeRequest(exampleRequest())));
  EXPECT_TRUE(receive(sockets[0], message));
  EXPECT_EQ(message.kind(), MessageKind::compile);
  close(sockets[1]);
  EXPECT_FALSE(receive(sockets[0], message));
  EXPECT_FALSE(send(sockets[0], message)); // and no SIGPIPE
  close(sockets[0]);
}

/// Waits; false after ten seconds.
bool ends(pid_t pid) {
  for (int i = 0; i < 2000; ++i) {
    std::string stat;
    if (!std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), stat))
      return true;
    // A zombie waits for whoever is its parent now.
    if (const size_t name = stat.rfind(')'); stat.compare(name, 3, ") Z") == 0)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

class CompilerProcessesTest : public ::testing::Test {
protected:
  void SetUp() override {
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
    libraries = {"/nothing.so",
                 (program.parent_path() / "../lib/libtjit_faulty_compiler.so").string()};
    log.setFlags(logCompile);
    log.setSink([this](const std::string &line) { lines.push_back(line); });
  }
  Compilation compile() { return processes.compile(exampleRequest(), nullptr, log); }

  std::vector<std::string> libraries, lines;
  Log log;
  CompilerProcesses processes;
};

TEST_F(CompilerProcessesTest, OneIsAskedAgainAndAgain) {
  ASSERT_TRUE(processes.open(libraries, log));
  EXPECT_NE(processes.greeting().buildId, "");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(compile().error, "unknown error");
  processes.clearKernelCache();
  EXPECT_EQ(processes.describeAddress("file", 0), "");
  EXPECT_EQ(lines.size(), 1u); // about its start
}

TEST_F(CompilerProcessesTest, OneThatHasEndedIsReplaced) {
  ASSERT_TRUE(processes.open(libraries, log));
  for (int signal : {SIGKILL, SIGSEGV, SIGTERM}) {
    const size_t started = lines.size();
    // The one that was started last is the one that is idle.
    const pid_t pid = std::stoi(lines.back().substr(lines.back().find("process ") + 8));
    ASSERT_EQ(kill(pid, signal), 0);
    ASSERT_TRUE(ends(pid));
    EXPECT_EQ(compile().error, "unknown error");
    EXPECT_EQ(lines.size(), started + 1);
  }
}

TEST_F(CompilerProcessesTest, ThreadsAskAtTheSameTime) {
  ASSERT_TRUE(processes.open(libraries, log));
  std::vector<std::thread> threads;
  std::atomic<int> answers{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j)
        answers += compile().error == "unknown error";
    });
  for (std::thread &t : threads)
    t.join();
  EXPECT_EQ(answers, 20);
}

TEST_F(CompilerProcessesTest, WhatCannotBeOpenedIsNamed) {
  EXPECT_FALSE(processes.open(std::vector<std::string>{"/nothing.so"}, log));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("/nothing.so"), std::string::npos) << lines[0];
}

} // namespace
