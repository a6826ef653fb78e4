//===- Settings.cpp ---------------------------------------------------------------------------===//
// The table of settings.

#include "Runtime/Settings.h"

#include "Runtime/Context.h"

#include "tjit/Error.h"

#include <charconv>
#include <cstdlib>
#include <sched.h>
#include <span>

namespace tjit::rt {

namespace {

template <class E> struct Named {
  const char *name;
  E value;
};
constexpr Named<Mode> kModes[] = {
    {"compile", Mode::Compile}, {"interpret", Mode::Interpret}, {"eager", Mode::Eager}};
constexpr Named<OnMiss> kPolicies[] = {{"automatic", OnMiss::Automatic},
                                       {"block", OnMiss::Block},
                                       {"interpret", OnMiss::Interpret},
                                       {"fail", OnMiss::Fail}};

template <class E> std::string nameOf(std::span<const Named<E>> names, E value) {
  for (const Named<E> &n : names)
    if (n.value == value)
      return n.name;
  return "";
}

struct LogName {
  const char *name;
  LogFlag flag;
};
constexpr LogName kLogNames[] = {
    {"cache", logCache}, {"compile", logCompile}, {"eval", logEval}, {"fuse", logFuse}};

[[noreturn]] void refuse(const char *name, const std::string &value, const char *valid) {
  throw ValueError(std::string(name) + ": '" + value + "' is not one of its values: " + valid);
}

struct Setting {
  const char *name, *defaultText, *values, *meaning;
  std::string (*get)(Context &);
  void (*set)(Context &, const Setting &, const std::string &value);
};

template <class E>
E valueOf(std::span<const Named<E>> names, const Setting &setting, const std::string &text) {
  for (const Named<E> &n : names)
    if (text == n.name)
      return n.value;
  refuse(setting.name, text, setting.values);
}

/// A decimal number of at most `most`.
uint64_t numberOf(const Setting &setting, const std::string &text, uint64_t most) {
  uint64_t n = 0;
  const char *end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, n);
  if (error != std::errc() || stop != end || n > most)
    refuse(setting.name, text, setting.values);
  return n;
}

constexpr Setting kSettings[] = {
    {"TJIT_MODE", "compile", "compile, interpret, eager",
     "how recorded work is run: fused and compiled; one operation at a time; the same before each "
     "call returns",
     [](Context &c) { return nameOf<Mode>(kModes, c.settings.mode()); },
     [](Context &c, const Setting &s, const std::string &value) {
       c.settings.setMode(valueOf<Mode>(kModes, s, value));
     }},
    {"TJIT_ON_MISS", "automatic", "automatic, block, interpret, fail",
     "what a thread does with work that is not compiled yet: interpret it if that is short, else "
     "wait; wait for the compiler; interpret it; throw an error",
     [](Context &c) { return nameOf<OnMiss>(kPolicies, c.settings.onMiss()); },
     [](Context &c, const Setting &s, const std::string &value) {
       c.settings.setOnMiss(valueOf<OnMiss>(kPolicies, s, value));
     }},
    {"TJIT_NUM_THREADS", "0", "a number; 0: one for each processor",
     "threads that a parallel step may use, the calling one included; never changes a result",
     [](Context &c) { return std::to_string(c.settings.threads()); },
     [](Context &c, const Setting &s, const std::string &value) {
       c.settings.setThreads(static_cast<int>(numberOf(s, value, 1 << 16)));
     }},
    {"TJIT_CPU", "native", "native, or a processor that LLVM knows (haswell)",
     "processor to compile for", [](Context &c) { return c.settings.cpu(); },
     [](Context &c, const Setting &, const std::string &value) {
       c.settings.setCpu(value.empty() ? "native" : value);
     }},
    {"TJIT_CACHE_DIR", "",
     "a folder; empty: tjit in XDG_CACHE_HOME or ~/.cache; none: no cache on disk",
     "where compiled code is kept for later processes; used only if it is this user's alone",
     [](Context &c) { return c.disk.folder(); },
     [](Context &c, const Setting &, const std::string &value) { c.disk.setFolder(value); }},
    {"TJIT_CACHE_MB", "256", "a number; 0: no cache on disk",
     "megabytes that the cache on disk may take; what was used least recently is removed",
     [](Context &c) { return std::to_string(c.disk.megabytes()); },
     [](Context &c, const Setting &s, const std::string &value) {
       c.disk.setMegabytes(numberOf(s, value, uint64_t(1) << 40));
     }},
    {"TJIT_LOG", "", "any of cache, compile, eval, fuse, with commas between them",
     "what is explained on stderr: why a trace was not in the cache, what was compiled and how "
     "long "
     "each stage took, what was run, what was fused",
     [](Context &c) {
       std::string text;
       for (const LogName &l : kLogNames)
         if (c.log.wants(l.flag))
           text += (text.empty() ? "" : ",") + std::string(l.name);
       return text;
     },
     [](Context &c, const Setting &s, const std::string &value) {
       unsigned flags = 0;
       for (size_t at = 0; at < value.size();) {
         size_t comma = std::min(value.find(',', at), value.size());
         std::string word = value.substr(at, comma - at);
         unsigned flag = 0;
         for (const LogName &l : kLogNames)
           if (word == l.name)
             flag = l.flag;
         if (!flag)
           refuse(s.name, word, s.values);
         flags |= flag;
         at = comma + 1;
       }
       c.log.setFlags(flags);
     }},
    {"TJIT_DUMP", "", "a folder", "where the stages of each compiled trace are written",
     [](Context &c) { return c.settings.dumpFolder(); },
     [](Context &c, const Setting &, const std::string &value) {
       c.settings.setDumpFolder(value);
     }},
    {"TJIT_COMPILER", "",
     "a path; empty: libtjit_compiler.so beside libtjit.so; none: interpret everything",
     "the compiler library", [](Context &c) { return c.compiler.path(); },
     [](Context &c, const Setting &, const std::string &value) { c.compiler.setPath(value); }},
    {"TJIT_COMPILE_IN", "thread", "thread, process",
     "where the compiler runs: on a thread of this process; in a process of its own, whose faults "
     "cost speed only",
     [](Context &c) { return std::string(c.compiler.separate() ? "process" : "thread"); },
     [](Context &c, const Setting &s, const std::string &value) {
       if (value != "thread" && value != "process")
         refuse(s.name, value, s.values);
       c.compiler.setSeparate(value == "process");
     }},
};

} // namespace

int Settings::processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return 1;
  int n = CPU_COUNT(&set);
  return n > 0 ? n : 1;
}

void Settings::setThreads(int threads) {
  threads_.store(threads > 0 ? threads : processors(), std::memory_order_relaxed);
}

void readEnvironment(Context &context) {
  // A program with more rights than its user takes no folders or libraries from them.
  for (const Setting &s : kSettings)
    if (const char *value = secure_getenv(s.name))
      try {
        s.set(context, s, value);
      } catch (const ValueError &e) {
        context.log.line(e.what());
      }
}

} // namespace tjit::rt

using namespace tjit::rt;

namespace tjit {
inline namespace v1 {

std::string describeSettings() {
  Context &context = Context::get();
  std::string text;
  for (const Setting &s : kSettings) {
    text += std::string(s.name) + " = '" + s.get(context) + "' (default '" + s.defaultText + "')\n";
    text += std::string("    ") + s.meaning + "\n    values: " + s.values + "\n";
  }
  return text;
}

void setSetting(const std::string &name, const std::string &value) {
  Context &context = Context::get();
  std::string names;
  for (const Setting &s : kSettings) {
    if (name == s.name)
      return s.set(context, s, value);
    names += (names.empty() ? "" : ", ") + std::string(s.name);
  }
  throw ValueError("there is no setting '" + name + "'; the settings are " + names);
}

void setMode(Mode mode) { Context::get().settings.setMode(mode); }
Mode mode() { return Context::get().settings.mode(); }

void set_num_threads(int n) {
  if (n < 1)
    throw ValueError("set_num_threads: the number of threads must be at least 1, not " +
                     std::to_string(n));
  Context::get().settings.setThreads(n);
}
int get_num_threads() { return Context::get().settings.threads(); }

} // namespace v1
} // namespace tjit
