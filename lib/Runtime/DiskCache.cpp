//===- DiskCache.cpp --------------------------------------------------------------------------===//
// Executables that an earlier process compiled.
//
// See DiskCache.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/DiskCache.h"

#include "Runtime/Context.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <xxhash.h>

namespace tjit::rt {

namespace {

constexpr const char *kNone = "none";

/// Empty where the environment names no place, and for programs that run with more rights than
/// their user has.
std::string defaultFolder() {
  if (const char *cache = secure_getenv("XDG_CACHE_HOME"); cache && *cache == '/')
    return std::string(cache) + "/tjit";
  if (const char *home = secure_getenv("HOME"); home && *home == '/')
    return std::string(home) + "/.cache/tjit";
  return "";
}

/// Of the code that records, encodes, loads and interprets.
const std::string &ownBuild() {
  static const std::string &id =
      *new std::string(buildOfModule(reinterpret_cast<const void *>(&ownBuild)).buildId);
  return id;
}

const std::string &host() {
  static const std::string &text = *new std::string(describeHost());
  return text;
}

void log(Context &context, const std::string &text) {
  if (context.log.wants(logCache))
    context.log.line("cache: disk: " + text);
}

} // namespace

void DiskCache::setFolder(std::string path) {
  std::lock_guard lock(mutex_);
  path_ = std::move(path);
  folder_.reset();
}

std::string DiskCache::folder() {
  std::lock_guard lock(mutex_);
  return path_;
}

void DiskCache::setMegabytes(uint64_t megabytes) {
  std::lock_guard lock(mutex_);
  megabytes_ = megabytes;
  folder_.reset();
}

uint64_t DiskCache::megabytes() {
  std::lock_guard lock(mutex_);
  return megabytes_;
}

std::shared_ptr<CacheFolder> DiskCache::open() {
  std::lock_guard lock(mutex_);
  if (!folder_ && path_ != kNone && megabytes_) {
    std::string path = path_.empty() ? defaultFolder() : path_;
    if (!path.empty())
      folder_ = std::make_shared<CacheFolder>(std::move(path), megabytes_ << 20);
  }
  return folder_;
}

std::string DiskCache::environment(Context &context, const CompileTarget &target) {
  const std::string compiler = context.compiler.buildId();
  if (ownBuild().empty() || compiler.empty())
    return "";
  return "tjit " + ownBuild() + "\ncompiler " + compiler + "\nhost " + host() + "\ncpu " +
         target.cpu + "\nthreads " + std::to_string(target.threads) + "\n";
}

std::string DiskCache::fileName(const std::string &environment, std::span<const uint64_t> key) {
  XXH3_state_t *state = XXH3_createState();
  XXH3_128bits_reset(state);
  XXH3_128bits_update(state, environment.data(), environment.size());
  XXH3_128bits_update(state, key.data(), key.size_bytes());
  XXH128_hash_t hash = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  char name[40];
  std::snprintf(name, sizeof name, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return std::string(name) + CacheFolder::kSuffix;
}

/// Whether the file has the build that it had. What was read once in this process is believed.
bool DiskCache::unchanged(const ModuleBuild &module) {
  std::lock_guard lock(mutex_);
  auto [it, isNew] = builds_.try_emplace(module.path);
  if (isNew)
    it->second = buildIdOfFile(module.path);
  return it->second == module.buildId;
}

std::vector<uint8_t> DiskCache::load(Context &context, std::span<const uint64_t> key,
                                     const CompileTarget &target) {
  std::shared_ptr<CacheFolder> folder = open();
  if (!folder)
    return {};
  const std::string here = environment(context, target);
  if (here.empty()) {
    log(context, "not used: the compiler is missing, or has no build id");
    return {};
  }
  const std::string name = fileName(here, key);
  std::string problem;
  std::optional<std::vector<uint8_t>> bytes = folder->read(name, problem);
  if (!problem.empty())
    log(context, problem);
  if (!bytes)
    return {};
  CacheRecord record;
  if (!decodeRecord(*bytes, record)) {
    log(context, name + " is damaged");
    return {};
  }
  if (record.environment != here || !std::ranges::equal(record.key, key)) {
    log(context, name + " is of another trace or environment");
    return {};
  }
  for (const ModuleBuild &module : record.modules)
    if (!unchanged(module)) {
      log(context, name + " was made by another build of " + module.path);
      return {};
    }
  return std::move(record.executable);
}

void DiskCache::store(Context &context, std::span<const uint64_t> key, const CompileTarget &target,
                      std::vector<uint8_t> executable) {
  std::shared_ptr<CacheFolder> folder = open();
  if (!folder)
    return;
  CacheRecord record;
  record.environment = environment(context, target);
  if (record.environment.empty())
    return;
  record.modules = context.compiler.modules();
  for (const ModuleBuild &module : record.modules)
    if (module.buildId.empty())
      return log(context, "not used: " + module.path + " has no build id");
  record.key.assign(key.begin(), key.end());
  record.executable = std::move(executable);
  std::string problem;
  if (!folder->write(fileName(record.environment, key), encodeRecord(record), problem))
    log(context, problem);
}

} // namespace tjit::rt
