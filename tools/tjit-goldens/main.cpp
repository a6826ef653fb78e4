//===- main.cpp - tjit-goldens: PyTorch's results against ours --------------------------------===//
//
// tjit-goldens DIR [--filter RE] [--interpret] [--known-failures FILE] [--jobs N] [--quiet]
//
// Runs every case of every *.safetensors file of a folder; test/goldens/README.md describes them.
// Where the folder has histories.txt ("id, tab, names" in each line), grad_fn()->name() of the
// results is compared too. A file is run in a process of its own: a crash costs one file, and N run
// at a time. Prints what failed and a line for each file, by dtype, and ends with 'N passed, N
// failed'. The exit status is 0 if nothing failed that the list of known failures does not name and
// something ran.
//
//===------------------------------------------------------------------------------------------===//

#include "Case.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace tjit::goldens;

namespace {

struct Options {
  std::string folder;
  std::string filter;
  bool interpret = false, quiet = false;
  std::set<std::string> knownFailures;
  std::map<std::string, std::string> histories; // by case
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
};

struct Counts {
  unsigned passed = 0, failed = 0;
};

/// What a worker reports of one file.
struct Report {
  std::map<std::string, Counts> byDtype;
  std::vector<std::string> failures;
};

/// A running worker and what it has written so far.
struct Worker {
  std::string name;
  pid_t process = 0;
  int pipe = -1;
};

} // namespace

[[noreturn]] static void usage(const std::string &problem) {
  std::cerr << "tjit-goldens: " << problem
            << "\nusage: tjit-goldens DIR [--filter RE] [--interpret] [--known-failures FILE] "
               "[--jobs N] [--quiet]\n\n"
            << tjit::describeSettings();
  std::exit(2);
}

/// 0 where the text is no number.
static unsigned numberIn(const std::string &text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

static Options parseOptions(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    auto next = [&] {
      if (++i == argc)
        usage(argument + " needs a value");
      return std::string(argv[i]);
    };
    if (argument == "--filter")
      options.filter = next();
    else if (argument == "--interpret")
      options.interpret = true;
    else if (argument == "--quiet")
      options.quiet = true;
    else if (argument == "--jobs")
      options.jobs = std::max(1u, numberIn(next()));
    else if (argument == "--known-failures") {
      const std::string path = next();
      std::ifstream file(path);
      if (!file)
        usage("cannot read " + path);
      for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#')
          options.knownFailures.insert(line.substr(0, line.find(' ')));
    } else if (argument[0] == '-' || !options.folder.empty())
      usage("unexpected argument '" + argument + "'");
    else
      options.folder = argument;
  }
  if (!std::filesystem::is_directory(options.folder))
    usage("'" + options.folder + "' is not a folder");
  std::ifstream histories(options.folder + "/histories.txt");
  for (std::string line; std::getline(histories, line);)
    if (size_t tab = line.find('\t'); tab != std::string::npos)
      options.histories[line.substr(0, tab)] = line.substr(tab + 1);
  return options;
}

//===------------------------------------------------------------------------------------------===//
// The worker's side
//===------------------------------------------------------------------------------------------===//

/// Runs the cases of a file. A line for each goes to `out`: dtype, tab, what is wrong with which
/// case (nothing where it passed). The count comes first, so that a crash shows.
static void runFile(const std::string &path, const Options &options, std::FILE *out) {
  if (options.interpret)
    tjit::setMode(tjit::Mode::Interpret);
  const std::regex filter(options.filter);
  const File file(path);
  std::vector<const Json *> chosen;
  for (const Json &golden : file.cases())
    if (std::regex_search(golden.at("id").get<std::string>(), filter))
      chosen.push_back(&golden);
  std::fprintf(out, "%zu\n", chosen.size());
  for (const Json *golden : chosen) {
    const std::string id = golden->at("id");
    const std::string dtype = golden->contains("error")       ? "error"
                              : golden->at("dtype").is_null() ? "none"
                                                              : golden->at("dtype");
    std::fprintf(out, "%s\t%s", dtype.c_str(), id.c_str());
    std::fflush(out); // a crash must name the case
    const auto histories = options.histories.find(id);
    std::string wrong =
        runCase(file, *golden, histories == options.histories.end() ? nullptr : &histories->second);
    std::replace(wrong.begin(), wrong.end(), '\n', ' ');
    std::fprintf(out, "\t%s\n", wrong.c_str());
  }
}

static Worker startWorker(const std::filesystem::path &path, const Options &options) {
  int ends[2];
  if (pipe(ends) != 0)
    usage("no pipe");
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process < 0)
    usage("cannot start a process");
  if (process == 0) {
    close(ends[0]);
    std::FILE *out = fdopen(ends[1], "w");
    int status = 0;
    try {
      runFile(path, options, out);
    } catch (const std::exception &e) {
      std::fprintf(out, "none\t%s\t%s\n", path.stem().c_str(), e.what());
      status = 1;
    }
    std::fclose(out);
    _exit(status); // destroying what other threads may use is not the worker's task
  }
  close(ends[1]);
  return {path.stem(), process, ends[0]};
}

//===------------------------------------------------------------------------------------------===//
// The report
//===------------------------------------------------------------------------------------------===//

static Report finish(const Worker &worker) {
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(worker.pipe, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<size_t>(n));
  close(worker.pipe);
  int status = 0;
  waitpid(worker.process, &status, 0);
  Report report;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const unsigned expected = numberIn(line);
  unsigned seen = 0;
  for (; std::getline(lines, line); ++seen) {
    const size_t first = line.find('\t'), second = line.find('\t', first + 1);
    const bool crashed = second == std::string::npos;
    const std::string wrong = crashed ? "crashed" : line.substr(second + 1);
    Counts &counts = report.byDtype[line.substr(0, first)];
    ++(wrong.empty() ? counts.passed : counts.failed);
    if (!wrong.empty())
      report.failures.push_back(line.substr(first + 1, second - first - 1) + ": " + wrong);
  }
  if (seen < expected || status != 0) { // what a crash left undone
    const unsigned missing = std::max(expected, seen + (seen == 0)) - seen;
    report.byDtype["not run"].failed += missing;
    report.failures.push_back(
        worker.name + ": the process ended with status " +
        std::to_string(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)) + ", " +
        std::to_string(missing) + " cases were not run");
  }
  return report;
}

/// A line of the file's results; its counts.
static Counts print(const std::string &name, const Report &report, const Options &options,
                    bool known) {
  Counts total;
  std::string details;
  for (const auto &[dtype, counts] : report.byDtype) {
    total.passed += counts.passed;
    total.failed += counts.failed;
    details += (details.empty() ? "" : ", ") + dtype + " " + std::to_string(counts.passed) + "/" +
               std::to_string(counts.passed + counts.failed);
  }
  if (total.passed + total.failed == 0)
    return total;
  if (!options.quiet)
    for (const std::string &failure : report.failures)
      std::cout << "  " << failure << "\n";
  std::cout << (total.failed == 0 ? "passed " : "FAILED ") << name << ": " << total.passed
            << " passed, " << total.failed << " failed (" << details << ")"
            << (!known              ? ""
                : total.failed == 0 ? " -- passes now: take it off the known failures"
                                    : " -- known")
            << std::endl;
  return total;
}

int main(int argc, char **argv) {
  const Options options = parseOptions(argc, argv);
  std::vector<std::filesystem::path> files;
  for (const auto &entry : std::filesystem::directory_iterator(options.folder))
    if (entry.path().extension() == ".safetensors")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Worker> workers; // in the order of the files; the first one is read first
  Counts total;
  unsigned unexpected = 0;
  auto finishFirst = [&] {
    const Worker worker = workers.front();
    workers.erase(workers.begin());
    const bool known = options.knownFailures.count(worker.name);
    const Counts counts = print(worker.name, finish(worker), options, known);
    total.passed += counts.passed;
    total.failed += counts.failed;
    unexpected += known ? 0 : counts.failed;
  };
  for (const auto &path : files) {
    while (workers.size() >= options.jobs)
      finishFirst();
    workers.push_back(startWorker(path, options));
  }
  while (!workers.empty())
    finishFirst();
  if (!options.knownFailures.empty())
    std::cout << unexpected << " failed that are not known failures\n";
  std::cout << total.passed << " passed, " << total.failed << " failed" << std::endl;
  return unexpected == 0 && total.passed + total.failed > 0 ? 0 : 1;
}
