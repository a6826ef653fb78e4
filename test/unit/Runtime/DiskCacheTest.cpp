//===- DiskCacheTest.cpp ----------------------------------------------------------------------===//
// Code from the disk is run only if it is what would be compiled here and now.

#include "RuntimeTest.h"
#include "TemporaryFolder.h"

#include "Runtime/CacheRecord.h"

#include <fstream>
#include <gnu/libc-version.h>
#include <mutex>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

using namespace tjit;
using namespace tjit::test;

namespace {

using Floats = std::vector<float>;
using Bytes = std::vector<uint8_t>;

//===------------------------------------------------------------------------------------------===//
// Records
//===------------------------------------------------------------------------------------------===//

CacheRecord exampleRecord() {
  return {"tjit 1\n", {{"/lib/a b.so", "0123"}, {"/lib/c.so", "45"}}, {1, 2, 3}, {9, 8, 7, 6, 5}};
}

TEST(Record, ComesBackAsItWas) {
  CacheRecord record = exampleRecord(), out;
  ASSERT_TRUE(decodeRecord(encodeRecord(record), out));
  EXPECT_EQ(out.environment, record.environment);
  ASSERT_EQ(out.modules.size(), 2u);
  EXPECT_EQ(out.modules[0].path, "/lib/a b.so");
  EXPECT_EQ(out.modules[1].buildId, "45");
  EXPECT_EQ(out.key, record.key);
  EXPECT_EQ(out.executable, record.executable);
  ASSERT_TRUE(decodeRecord(encodeRecord({}), out = {}));
}

TEST(Record, EveryFlippedBitIsFound) {
  const Bytes good = encodeRecord(exampleRecord());
  CacheRecord out;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bytes = good;
    bytes[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
    EXPECT_FALSE(decodeRecord(bytes, out = {})) << bit;
  }
}

TEST(Record, EveryTruncationAndAnAppendedByteAreFound) {
  const Bytes good = encodeRecord(exampleRecord());
  CacheRecord out;
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(decodeRecord({good.data(), size}, out = {})) << size;
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(decodeRecord(longer, out = {}));
}

//===------------------------------------------------------------------------------------------===//
// Builds and processors
//===------------------------------------------------------------------------------------------===//

TEST(BuildIdentity, OfAnOpenModuleAndOfItsFileAreTheSame) {
  ModuleBuild self = buildOfModule(reinterpret_cast<const void *>(&exampleRecord));
  EXPECT_EQ(self.path, "/proc/self/exe");
  EXPECT_EQ(self.buildId.size(), 40u);
  EXPECT_EQ(buildIdOfFile(self.path), self.buildId);
  // Of a function that sanitizers do not replace.
  ModuleBuild libc = buildOfModule(reinterpret_cast<const void *>(&gnu_get_libc_version));
  EXPECT_NE(libc.path.find("libc"), std::string::npos) << libc.path;
  EXPECT_EQ(buildIdOfFile(libc.path), libc.buildId);
  EXPECT_NE(libc.buildId, self.buildId);
}

TEST(BuildIdentity, OfWhatIsNoLibraryIsUnknown) {
  EXPECT_EQ(buildIdOfFile("/"), "");
  EXPECT_EQ(buildIdOfFile("/does/not/exist"), "");
  TemporaryFolder place;
  std::ofstream(place / "text") << std::string(5000, 'x');
  EXPECT_EQ(buildIdOfFile(place / "text"), "");
  std::ofstream(place / "elf") << "\x7f"
                                  "ELF\x02"
                               << std::string(5000, '\xff');
  EXPECT_EQ(buildIdOfFile(place / "elf"), "");
  int onStack = 0;
  EXPECT_EQ(buildOfModule(&onStack).buildId, "");
}

TEST(Host, IsTheSameOnEveryCore) {
  // Threads move between cores; a description with a core's number in it would change.
  const std::string once = describeHost();
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(describeHost(), once);
    sched_yield();
  }
}

//===------------------------------------------------------------------------------------------===//
// The cache
//===------------------------------------------------------------------------------------------===//

class Disk : public RuntimeTest {
protected:
  TemporaryFolder place;
  /// What was logged; the background thread logs too.
  class Lines {
  public:
    void add(const std::string &line) {
      std::lock_guard lock(mutex_);
      text_ += line + "\n";
    }
    void clear() {
      std::lock_guard lock(mutex_);
      text_.clear();
    }
    std::string text() {
      std::lock_guard lock(mutex_);
      return text_;
    }

  private:
    std::mutex mutex_;
    std::string text_;
  } log;

  void SetUp() override {
    RuntimeTest::SetUp();
    setSetting("TJIT_CACHE_DIR", place.path());
    Context::get().log.setFlags(logCache);
    Context::get().log.setSink([this](const std::string &line) { log.add(line); });
  }
  void TearDown() override {
    synchronize();
    RuntimeTest::TearDown();
    setSetting("TJIT_CACHE_DIR", "none");
    setSetting("TJIT_CACHE_MB", "256");
    setSetting("TJIT_CPU", "native");
  }

  /// a * a + 1, checked.
  static void compute() {
    ValueRef a = ready({1, 2, 3});
    EXPECT_EQ(read(add(mul(a, a), number(1))), (Floats{2, 5, 10}));
  }
  /// As a new process would; what the last one queued has been written.
  void computeInNewProcess() {
    synchronize();
    clearCaches();
    resetStatistics();
    log.clear();
    compute();
  }
  void expectLoaded() {
    EXPECT_EQ(statistics().loads, 1u);
    EXPECT_EQ(statistics().compilations, 0u);
    EXPECT_EQ(statistics().interpretations, 0u);
  }
  void expectCompiled(const char *because) {
    EXPECT_EQ(statistics().loads, 0u);
    EXPECT_EQ(statistics().compilations, 1u);
    const std::string all = log.text();
    EXPECT_NE(all.find(because), std::string::npos) << all;
  }
  /// The only file, as a path.
  std::string file() {
    synchronize();
    std::vector<std::string> files = place.files();
    EXPECT_EQ(files.size(), 1u);
    return files.empty() ? "" : place / files[0];
  }
  static Bytes bytesOf(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void replace(const std::string &path, const Bytes &bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char *>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  /// A record that claims what `change` makes of it, whole and with a right checksum, is replaced.
  template <class F> void expectReplaced(const char *because, F change) {
    compute();
    const std::string path = file();
    const Bytes good = bytesOf(path);
    CacheRecord record;
    ASSERT_TRUE(decodeRecord(good, record));
    change(record);
    replace(path, encodeRecord(record));
    computeInNewProcess();
    expectCompiled(because);
    EXPECT_EQ(bytesOf(file()), good);
    computeInNewProcess();
    expectLoaded();
  }
};

TEST_F(Disk, ASecondProcessLoadsWhatTheFirstCompiled) {
  compute();
  EXPECT_EQ(statistics().compilations, 1u);
  EXPECT_EQ(statistics().loads, 0u);
  computeInNewProcess();
  expectLoaded();
  compute();
  EXPECT_EQ(statistics().hits, 1u);
  EXPECT_EQ(statistics().loads, 1u);
}

TEST_F(Disk, FilesAreForTheUserAlone) {
  compute();
  struct stat info;
  ASSERT_EQ(stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Disk, ANewProcessNeedsNoCompilerWhileItFindsEverything) {
  compute();
  synchronize();
  // A compiler that was never opened: only the build of its file is known.
  fakeCompilerOptions().fail = true;
  computeInNewProcess();
  expectLoaded();
}

TEST_F(Disk, OtherTracesAreOtherFiles) {
  compute();
  read(sum(ready({1, 2})));
  synchronize();
  EXPECT_EQ(place.files().size(), 2u);
}

TEST_F(Disk, ChangedBitsAreNeverRun) {
  compute();
  const std::string path = file();
  const Bytes good = bytesOf(path);
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    Bytes bytes = good;
    for (int flips = 1 + static_cast<int>(random() % 4); flips-- > 0;)
      bytes[random() % bytes.size()] ^= static_cast<uint8_t>(1 + random() % 255);
    if (bytes == good)
      continue;
    synchronize(); // the last round's file
    replace(path, bytes);
    computeInNewProcess();
    expectCompiled("is damaged");
  }
  EXPECT_EQ(bytesOf(file()), good); // replaced
}

TEST_F(Disk, TruncatedAndEmptyFilesAreReplaced) {
  compute();
  const std::string path = file();
  const Bytes good = bytesOf(path);
  for (size_t size : {size_t(0), size_t(1), good.size() / 2, good.size() - 1}) {
    replace(path, {good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
    computeInNewProcess();
    expectCompiled("is damaged");
    EXPECT_EQ(bytesOf(file()), good);
  }
}

TEST_F(Disk, CodeOfAnotherBuildIsReplaced) {
  expectReplaced("another trace or environment", [](CacheRecord &r) {
    r.environment.replace(r.environment.find("tjit ") + 5, 8, "deadbeef");
  });
}
TEST_F(Disk, CodeOfAnotherCompilerIsReplaced) {
  expectReplaced("another trace or environment", [](CacheRecord &r) {
    r.environment.replace(r.environment.find("compiler ") + 9, 8, "deadbeef");
  });
}
TEST_F(Disk, CodeForAnotherProcessorIsReplaced) {
  expectReplaced("another trace or environment", [](CacheRecord &r) {
    r.environment.replace(r.environment.find("host ") + 12, 1, "f");
  });
}
TEST_F(Disk, CodeOfAnotherTraceIsReplaced) {
  // As if two traces had the same name.
  expectReplaced("another trace or environment", [](CacheRecord &r) { r.key.back() += 1; });
}
TEST_F(Disk, CodeOfAnotherLlvmIsReplaced) {
  expectReplaced("another build of /proc/self/exe",
                 [](CacheRecord &r) { r.modules.at(0).buildId = "deadbeef"; });
}
TEST_F(Disk, CodeOfAnLlvmThatIsGoneIsReplaced) {
  expectReplaced("another build of /lib/gone.so",
                 [](CacheRecord &r) { r.modules.at(0).path = "/lib/gone.so"; });
}
TEST_F(Disk, CodeThatTheLoaderRefusesIsReplaced) {
  expectReplaced("malformed executable", [](CacheRecord &r) { r.executable.resize(60); });
}

TEST_F(Disk, SettingsOfTheCompilerAreOtherFiles) {
  compute();
  synchronize();
  setSetting("TJIT_CPU", "haswell");
  computeInNewProcess();
  EXPECT_EQ(statistics().loads, 0u);
  synchronize();
  EXPECT_EQ(place.files().size(), 2u);
  setSetting("TJIT_CPU", "native");
  computeInNewProcess();
  expectLoaded();
}

TEST_F(Disk, IsOffWithoutAFolderOrWithoutMegabytes) {
  setSetting("TJIT_CACHE_DIR", "none");
  compute();
  synchronize();
  setSetting("TJIT_CACHE_DIR", place.path());
  setSetting("TJIT_CACHE_MB", "0");
  computeInNewProcess();
  synchronize();
  EXPECT_TRUE(place.files().empty());
  EXPECT_EQ(statistics().compilations, 1u);
}

TEST_F(Disk, AFolderThatOthersMayEnterIsNotUsedAndTheLogSaysSo) {
  chmod(place.path().c_str(), 0755);
  computeInNewProcess();
  expectCompiled("is open to other users");
  synchronize();
  EXPECT_TRUE(place.files().empty());
}

TEST_F(Disk, AFullDiskCostsNothingButSpeed) {
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  compute();
  synchronize();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(place.files().empty());
  EXPECT_NE(log.text().find("File too large"), std::string::npos) << log.text();
  computeInNewProcess();
  EXPECT_EQ(statistics().compilations, 1u);
}

TEST_F(Disk, ADumpIsMadeByTheCompiler) {
  compute();
  synchronize();
  TemporaryFolder dump;
  setSetting("TJIT_DUMP", dump.path());
  computeInNewProcess();
  setSetting("TJIT_DUMP", "");
  EXPECT_EQ(statistics().compilations, 1u);
}

TEST_F(Disk, ThreadsMayLoadTheSameTraceAtTheSameTime) {
  compute();
  synchronize();
  clearCaches();
  resetStatistics();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back(compute);
  for (std::thread &t : threads)
    t.join();
  EXPECT_EQ(statistics().loads, 1u);
  EXPECT_EQ(statistics().hits, 3u);
}

} // namespace
