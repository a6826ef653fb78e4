//===- EmitTarget.cpp -------------------------------------------------------------------------===//
// The machine that code is made for.
//
// Widths and features come from cpuid: LLVM may take a host for an older model, and hypervisors
// mask features that the model's name promises.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/TargetMachines.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <map>
#include <mutex>
#include <unistd.h>

using namespace llvm;

namespace tjit::codegen {
namespace {

Triple x86Triple() { return Triple("x86_64-unknown-linux-gnu"); }
Triple nvptxTriple() { return Triple("nvptx64-nvidia-cuda"); }

const Target *lookUp(const Triple &triple, std::string &error) {
  static const bool initialized = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
    return true;
  }();
  (void)initialized;
  return TargetRegistry::lookupTarget(triple, error);
}

/// Idle target machines. Creating one takes as long as generating code for a small kernel, and its
/// tables of subtargets stay valid, so machines are kept; each is used by one thread at a time.
struct Pool {
  std::mutex mutex;
  std::multimap<std::string, std::unique_ptr<TargetMachine>> idle;
};
Pool &pool() {
  static Pool *instance = new Pool; // outlives threads that compile while the process exits
  return *instance;
}

uint64_t cacheBytes(int name, uint64_t otherwise) {
  long bytes = sysconf(name);
  return bytes > 0 ? static_cast<uint64_t>(bytes) : otherwise;
}

/// "+avx,-amx-tile,...", sorted, so that equal hosts have equal strings.
std::string hostFeatures() {
  std::map<std::string, bool> sorted;
  for (const auto &feature : sys::getHostCPUFeatures())
    sorted[feature.getKey().str()] = feature.getValue();
  std::string text;
  for (const auto &[name, present] : sorted)
    text += (text.empty() ? "" : ",") + std::string(present ? "+" : "-") + name;
  return text;
}

} // namespace

Expected<TargetInfo> makeTarget(StringRef cpu, unsigned numThreads) {
  std::string error;
  const Target *target = lookUp(x86Triple(), error);
  if (!target)
    return createStringError(inconvertibleErrorCode(),
                             "this LLVM makes no code for x86-64: " + error);
  TargetInfo info;
  info.numThreads = std::max(1u, numThreads);
  if (cpu == "native") {
    info.cpu = sys::getHostCPUName().str();
    info.features = hostFeatures();
    info.l1Bytes = cacheBytes(_SC_LEVEL1_DCACHE_SIZE, info.l1Bytes);
    info.l2Bytes = cacheBytes(_SC_LEVEL2_CACHE_SIZE, info.l2Bytes);
  } else {
    info.cpu = cpu.str();
  }
  std::unique_ptr<MCSubtargetInfo> base(target->createMCSubtargetInfo(x86Triple(), "", ""));
  if (!base->isCPUStringValid(info.cpu)) {
    if (cpu != "native")
      return createStringError(inconvertibleErrorCode(),
                               "unknown cpu '" + cpu +
                                   "'; use native, or LLVM's name of one, such as haswell (AVX2), "
                                   "skylake-avx512, znver4 or sapphirerapids");
    info.cpu = "x86-64";
  }
  std::unique_ptr<MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(x86Triple(), info.cpu, info.features));
  // 512-bit vectors need all of what LLVM's legal operations on them assume: bytes, words, and
  // 64-bit conversions.
  bool wide = subtarget->checkFeatures("+avx512f,+avx512bw,+avx512vl,+avx512dq");
  info.vectorBytes = wide ? 64 : subtarget->checkFeatures("+avx2") ? 32 : 16;
  info.hasFma = subtarget->checkFeatures("+fma");
  info.hasRounding = subtarget->checkFeatures("+sse4.1");
  info.hasHalf = subtarget->checkFeatures("+f16c");
  return info;
}

TargetMachineHandle::TargetMachineHandle(std::string key, std::unique_ptr<TargetMachine> machine)
    : key(std::move(key)), machine(std::move(machine)) {}
TargetMachineHandle::TargetMachineHandle(TargetMachineHandle &&) noexcept = default;
TargetMachineHandle::~TargetMachineHandle() {
  if (!machine)
    return;
  std::lock_guard lock(pool().mutex);
  pool().idle.emplace(std::move(key), std::move(machine));
}

static Expected<TargetMachineHandle> take(const Triple &triple, StringRef cpu, StringRef features,
                                          std::optional<CodeModel::Model> codeModel) {
  std::string key = (triple.str() + "|" + cpu + "|" + features).str();
  {
    std::lock_guard lock(pool().mutex);
    if (auto found = pool().idle.extract(key))
      return TargetMachineHandle(std::move(key), std::move(found.mapped()));
  }
  std::string error;
  const Target *target = lookUp(triple, error);
  if (!target)
    return createStringError(inconvertibleErrorCode(), error);
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Strict; // a*b+c rounds twice unless the program says fma
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple, cpu, features, options, Reloc::PIC_, codeModel, CodeGenOptLevel::Less));
  if (!machine)
    return createStringError(inconvertibleErrorCode(), "no code generator for " + triple.str());
  return TargetMachineHandle(std::move(key), std::move(machine));
}

Expected<TargetMachineHandle> TargetMachineHandle::forX86(const TargetInfo &target) {
  return take(x86Triple(), target.cpu, target.features, CodeModel::Small);
}
Expected<TargetMachineHandle> TargetMachineHandle::forNvptx(StringRef chip, StringRef features) {
  return take(nvptxTriple(), chip, features, std::nullopt);
}

} // namespace tjit::codegen
