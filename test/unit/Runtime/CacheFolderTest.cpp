//===- CacheFolderTest.cpp --------------------------------------------------------------------===//
// Files of the disk cache: private, whole, bounded, and no error is fatal.

#include "Runtime/CacheFolder.h"
#include "TemporaryFolder.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tjit;
using namespace tjit::rt;
using namespace tjit::test;

namespace {

using Bytes = std::vector<uint8_t>;

class Folder : public ::testing::Test {
protected:
  TemporaryFolder place;
  CacheFolder cache{place.path(), 1 << 20};
  std::string problem;

  bool write(const std::string &name, const Bytes &bytes) {
    return cache.write(name, bytes, problem);
  }
  std::optional<Bytes> read(const std::string &name) { return cache.read(name, problem); }

  void setAge(const std::string &name, time_t seconds) {
    const timespec then{time(nullptr) - seconds, 0}, times[2] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, (place / name).c_str(), times, 0), 0);
  }
};

TEST_F(Folder, GivesBackWhatWasWritten) {
  EXPECT_TRUE(write("a.tjit", {1, 2, 3})) << problem;
  EXPECT_EQ(read("a.tjit"), (Bytes{1, 2, 3}));
  EXPECT_TRUE(write("a.tjit", {4})) << problem;
  EXPECT_EQ(read("a.tjit"), Bytes{4});
  EXPECT_EQ(place.files(), std::vector<std::string>{"a.tjit"});
}

TEST_F(Folder, AFileThatIsNotThereIsNoProblem) {
  EXPECT_EQ(read("a.tjit"), std::nullopt);
  EXPECT_EQ(problem, "");
}

TEST_F(Folder, IsCreatedPrivateWhenSomethingIsWritten) {
  CacheFolder below(place / "x/y/tjit", 1 << 20);
  EXPECT_EQ(below.read("a.tjit", problem), std::nullopt);
  EXPECT_EQ(problem, "");
  EXPECT_TRUE(place.files().empty());
  EXPECT_TRUE(below.write("a.tjit", Bytes{1}, problem)) << problem;
  for (const char *folder : {"x", "x/y", "x/y/tjit"}) {
    struct stat info;
    ASSERT_EQ(stat((place / folder).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u) << folder;
  }
}

TEST_F(Folder, IsNotUsedIfOthersMayEnterIt) {
  ASSERT_TRUE(write("a.tjit", {1}));
  for (mode_t mode : {0755, 0770, 0701}) {
    chmod(place.path().c_str(), mode);
    EXPECT_EQ(read("a.tjit"), std::nullopt);
    EXPECT_NE(problem.find("open to other users"), std::string::npos) << problem;
    EXPECT_FALSE(write("b.tjit", {1}));
    EXPECT_NE(problem.find("open to other users"), std::string::npos) << problem;
  }
  chmod(place.path().c_str(), 0700);
  EXPECT_EQ(read("a.tjit"), Bytes{1});
}

TEST_F(Folder, IsNotUsedIfItBelongsToSomebodyElse) {
  if (geteuid() != 0)
    GTEST_SKIP() << "only root can give a folder away";
  ASSERT_TRUE(write("a.tjit", {1}));
  ASSERT_EQ(chown(place.path().c_str(), 65534, 65534), 0);
  EXPECT_EQ(read("a.tjit"), std::nullopt);
  EXPECT_NE(problem.find("another user"), std::string::npos) << problem;
  EXPECT_FALSE(write("b.tjit", {1}));
}

TEST_F(Folder, FilesOfOthersAndLinksAreNotRead) {
  std::ofstream(place / "elsewhere") << "content";
  ASSERT_EQ(symlink((place / "elsewhere").c_str(), (place / "a.tjit").c_str()), 0);
  EXPECT_EQ(read("a.tjit"), std::nullopt);
  EXPECT_NE(problem, "");
  ASSERT_EQ(mkdir((place / "b.tjit").c_str(), 0700), 0);
  EXPECT_EQ(read("b.tjit"), std::nullopt);
  ASSERT_EQ(mkfifo((place / "c.tjit").c_str(), 0600), 0);
  EXPECT_EQ(read("c.tjit"), std::nullopt);
  if (geteuid() == 0) {
    ASSERT_TRUE(write("d.tjit", {1}));
    ASSERT_EQ(chown((place / "d.tjit").c_str(), 65534, 65534), 0);
    EXPECT_EQ(read("d.tjit"), std::nullopt);
  }
}

/// Root may write anywhere, so it becomes somebody else meanwhile.
class Unprivileged {
public:
  explicit Unprivileged(const std::string &folder) {
    if (was_ != 0)
      return;
    EXPECT_EQ(chown(folder.c_str(), 65534, 65534), 0);
    EXPECT_EQ(seteuid(65534), 0);
  }
  ~Unprivileged() { EXPECT_EQ(seteuid(was_), 0); }

private:
  const uid_t was_ = geteuid();
};

TEST_F(Folder, AReadOnlyFolderIsReadOnly) {
  Unprivileged user(place.path());
  ASSERT_TRUE(write("a.tjit", {1})) << problem;
  chmod(place.path().c_str(), 0500);
  EXPECT_EQ(read("a.tjit"), Bytes{1});
  EXPECT_FALSE(write("b.tjit", {1}));
  EXPECT_NE(problem.find("Permission denied"), std::string::npos) << problem;
  EXPECT_EQ(read("a.tjit"), Bytes{1});
  chmod(place.path().c_str(), 0700);
}

TEST_F(Folder, AFullDiskLeavesNothingBehind) {
  // The limit of a file's size stands for the disk's; without care its signal ends the process.
  ASSERT_TRUE(write("a.tjit", Bytes(100)));
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const bool written = write("a.tjit", Bytes(2000)), fits = write("b.tjit", Bytes(1000));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(written);
  EXPECT_TRUE(fits);
  EXPECT_EQ(read("a.tjit"), Bytes(100));
  EXPECT_EQ(place.files().size(), 2u);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_FALSE(sigismember(&mask, SIGXFSZ));
}

TEST_F(Folder, RemovesWhatWasUsedLeastRecently) {
  // Sixteen files of a sixteenth each fill it; then a quarter has to be free.
  const Bytes sixteenth((1 << 20) / 16);
  for (int i = 0; i < 16; ++i) {
    std::string name = "f" + std::to_string(i) + ".tjit";
    ASSERT_TRUE(write(name, sixteenth));
    setAge(name, 1000 - i);
  }
  EXPECT_EQ(place.files().size(), 16u);
  EXPECT_TRUE(read("f0.tjit")); // used now
  ASSERT_TRUE(write("new.tjit", sixteenth)) << problem;
  EXPECT_EQ(place.files().size(), 12u);
  EXPECT_TRUE(read("f0.tjit"));
  EXPECT_TRUE(read("new.tjit"));
  EXPECT_FALSE(read("f1.tjit"));
  EXPECT_FALSE(read("f5.tjit"));
  EXPECT_TRUE(read("f6.tjit"));
}

TEST_F(Folder, CountsWhatOtherProcessesWroteBefore) {
  for (int i = 0; i < 32; ++i)
    ASSERT_TRUE(cache.write("f" + std::to_string(i) + ".tjit", Bytes(1 << 13), problem));
  CacheFolder smaller(place.path(), 1 << 17);
  ASSERT_TRUE(smaller.write("new.tjit", Bytes(1 << 13), problem));
  EXPECT_LE(place.files().size() << 13, size_t(1) << 17);
}

TEST_F(Folder, OneFileDoesNotTakeThePlaceOfTheOthers) {
  ASSERT_TRUE(write("a.tjit", {1}));
  EXPECT_FALSE(write("b.tjit", Bytes(1 << 19)));
  EXPECT_NE(problem.find("too many"), std::string::npos) << problem;
  EXPECT_TRUE(read("a.tjit"));
}

TEST_F(Folder, WhatAKilledWriterLeftGoesAfterAnHour) {
  std::ofstream(place / "new-1-1") << "cut o";
  std::ofstream(place / "new-2-2") << "still being written";
  setAge("new-1-1", 4000);
  ASSERT_TRUE(write("a.tjit", {1}));
  EXPECT_FALSE(std::filesystem::exists(place / "new-1-1"));
  EXPECT_TRUE(std::filesystem::exists(place / "new-2-2"));
}

TEST_F(Folder, OtherPeoplesFilesStay) {
  std::ofstream(place / "notes.txt") << std::string(1 << 20, 'x');
  setAge("notes.txt", 100000);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(write("f" + std::to_string(i) + ".tjit", Bytes((1 << 20) / 16)));
  EXPECT_TRUE(std::filesystem::exists(place / "notes.txt"));
}

TEST_F(Folder, ReadersSeeWholeFilesWhileProcessesWriteAndAreKilled) {
  // Each process writes files of one repeated byte, long enough to be caught in the middle.
  constexpr size_t kSize = 200'000;
  std::vector<pid_t> writers;
  for (int w = 0; w < 4; ++w) {
    pid_t child = fork();
    if (child == 0) {
      CacheFolder mine(place.path(), 1 << 20);
      std::string why;
      for (;;)
        mine.write("shared.tjit", Bytes(kSize, static_cast<uint8_t>(w)), why);
    }
    writers.push_back(child);
  }
  const time_t deadline = time(nullptr) + 20;
  int found = 0;
  while (found < 200 && time(nullptr) < deadline) {
    std::optional<Bytes> bytes = read("shared.tjit");
    EXPECT_EQ(problem, "");
    if (!bytes)
      continue;
    ASSERT_EQ(bytes->size(), kSize);
    ASSERT_TRUE(std::ranges::all_of(*bytes, [&](uint8_t b) { return b == bytes->front(); }));
    ++found;
    if (found % 50 == 0 && found < 200) // one writer stays
      kill(writers[static_cast<size_t>(found / 50 - 1)], SIGKILL);
  }
  for (pid_t child : writers) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  EXPECT_EQ(found, 200);
}

} // namespace
