//===- Settings.cpp ---------------------------------------------------------------------------===//
// The table of settings.

#include "Runtime/Settings.h"

#include "Runtime/Context.h"

#include "tjit/Error.h"

#include <charconv>
#include <cstdlib>
#include <sched.h>

namespace tjit::rt {

namespace {

struct ModeName {
  const char *name;
  Mode mode;
};
constexpr ModeName kModes[] = {
    {"compile", Mode::Compile}, {"interpret", Mode::Interpret}, {"eager", Mode::Eager}};

struct LogName {
  const char *name;
  LogFlag flag;
};
constexpr LogName kLogNames[] = {{"cache", logCache}, {"compile", logCompile}, {"eval", logEval}};

[[noreturn]] void refuse(const char *name, const std::string &value, const char *valid) {
  throw ValueError(std::string(name) + ": '" + value + "' is not one of its values: " + valid);
}

struct Setting {
  const char *name, *defaultText, *values, *meaning;
  std::string (*get)(Context &);
  void (*set)(Context &, const Setting &, const std::string &value);
};

const Setting kSettings[] = {
    {"TJIT_MODE", "compile", "compile, interpret, eager",
     "how recorded work is run: fused and compiled; one operation at a time; the same before each "
     "call returns",
     [](Context &c) -> std::string {
       for (const ModeName &m : kModes)
         if (m.mode == c.settings.mode())
           return m.name;
       return "";
     },
     [](Context &c, const Setting &s, const std::string &value) {
       for (const ModeName &m : kModes)
         if (value == m.name)
           return c.settings.setMode(m.mode);
       refuse(s.name, value, s.values);
     }},
    {"TJIT_NUM_THREADS", "0", "a number; 0: one for each processor",
     "threads that a parallel step may use, the calling one included; never changes a result",
     [](Context &c) { return std::to_string(c.settings.threads()); },
     [](Context &c, const Setting &s, const std::string &value) {
       int n = -1;
       auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
       if (error != std::errc() || end != value.data() + value.size() || n < 0)
         refuse(s.name, value, s.values);
       c.settings.setThreads(n);
     }},
    {"TJIT_CPU", "native", "native, or a processor that LLVM knows (haswell)",
     "processor to compile for", [](Context &c) { return c.settings.cpu(); },
     [](Context &c, const Setting &, const std::string &value) {
       c.settings.setCpu(value.empty() ? "native" : value);
     }},
    {"TJIT_LOG", "", "any of cache, compile, eval, with commas between them",
     "what is explained on stderr: why a trace was not in the cache, what was compiled, what was "
     "run",
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
  for (const Setting &s : kSettings)
    if (const char *value = std::getenv(s.name))
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
