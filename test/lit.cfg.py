"""lit configuration of tjit's tests; lit.site.cfg.py of a build folder sets the paths and loads this.

Programs of the build folder (tjit-opt, tjit-run) and LLVM's FileCheck, not and count are found by name. Substitutions:
%bin, %lib: the build folder's programs and libraries; %build: the build folder; %root: the source folder.
"""
import os

import lit.formats

config.name = "tjit"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["CMakeLists.txt", "Inputs", "unit", "tools", "expected"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.tjit_build, "test")

bin_dir = os.path.join(config.tjit_build, "bin")
config.environment["PATH"] = os.pathsep.join([bin_dir, config.llvm_tools, config.environment["PATH"]])
for name in ("TJIT_CACHE_DIR", "TJIT_ON_MISS", "TJIT_CPU", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "CCACHE_DIR", "HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# Compiled code is compiled, at its first use, unless a test says otherwise; nothing goes to the user's cache.
config.environment.setdefault("TJIT_CACHE_DIR", "none")
config.environment.setdefault("TJIT_ON_MISS", "block")

config.substitutions += [
    ("%bin", bin_dir),
    ("%lib", os.path.join(config.tjit_build, "lib")),
    ("%build", config.tjit_build),
    ("%root", config.tjit_root),
    ("%llvm_include", config.llvm_include),
    ("%cxx", config.cxx),
    ("%python", config.python),
]
if os.path.exists("/usr/local/cuda/bin/ptxas") or any(
    os.path.exists(os.path.join(d, "ptxas")) for d in os.environ.get("PATH", "").split(os.pathsep)
):
    config.available_features.add("ptxas")
if os.path.exists("/dev/nvidiactl"):
    config.available_features.add("nvidia-gpu")
# What code can be run on: the processor's flags, where the system tells them.
try:
    with open("/proc/cpuinfo") as cpuinfo:
        flags = next((line.split() for line in cpuinfo if line.startswith("flags")), [])
except OSError:
    flags = []
if "avx2" in flags and "fma" in flags:
    config.available_features.add("avx2")
if all(name in flags for name in ("avx512f", "avx512bw", "avx512vl", "avx512dq")):
    config.available_features.add("avx512")
if config.fuzzers in ("ON", "1", "TRUE"):
    config.available_features.add("libfuzzer")
if config.sanitize:
    config.available_features.add("sanitizer")
if "thread" in config.sanitize:
    config.available_features.add("thread-sanitizer")
    # ThreadSanitizer does not see how MLIR's thread pool, which is not instrumented, synchronizes.
    config.substitutions.append((r"\btjit-opt\b", "tjit-opt --mlir-disable-threading"))
