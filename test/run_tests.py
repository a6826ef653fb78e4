#!/usr/bin/env python3
"""Run every test of a build folder and end with a line 'N passed, N failed'.

usage: run_tests.py BUILD_FOLDER [PART_OF_NAME ...]

Four kinds: the GoogleTest programs of test/unit (each test counts), lit tests (passes, tools, programs, examples, the
installed package, the fuzz test), PyTorch's results (each file of test/goldens/data counts), and the source format. With parts of names only what matches runs. The exit status is 0
if nothing failed and at least one test ran.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIT = "/usr/lib/llvm-22/bin/lit"


class Report:
    """Counts, and what failed with its output."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def result(self, name, ok, output=""):
        self.passed += ok
        self.failed += not ok
        if not ok:
            print(f"FAILED {name}\n{output.rstrip()[-6000:]}\n", flush=True)


def run_unit_program(program, wanted):
    """One program's run: its time, exit status, output, and its tests as GoogleTest lists them."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [str(program), f"--gtest_output=json:{file.name}", "--gtest_brief=1"]
        if wanted and not any(w in program.name for w in wanted):
            command.append("--gtest_filter=" + ":".join(f"*{w}*" for w in wanted))
        started = time.time()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        try:
            suites = json.loads(Path(file.name).read_text() or "{}").get("testsuites", [])
        except json.JSONDecodeError:
            suites = []
    return time.time() - started, done, [(suite["name"], test) for suite in suites for test in suite["testsuite"]]


def run_unit_programs(build, wanted, report):
    programs = sorted((build / "bin").glob("tjit-unit-*"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # side by side: most tests use one thread
        for program, (seconds, done, tests) in zip(programs, pool.map(lambda p: run_unit_program(p, wanted), programs)):
            before = report.failed
            count = 0
            for suite, test in tests:
                if test.get("result") == "SKIPPED":
                    report.skipped += 1
                elif test.get("status") == "RUN":
                    count += 1
                    messages = "\n".join(f["failure"] for f in test.get("failures", []))
                    report.result(f"{program.name}: {suite}.{test['name']}", not messages, messages)
            if done.returncode and report.failed == before:  # a crash leaves no list of results
                report.result(program.name, False, done.stdout + f"\nexit status {done.returncode}")
            print(f"{program.name}: {count} tests, {seconds:.1f} s", flush=True)


def run_lit(build, wanted, report):
    if not (build / "test/lit.site.cfg.py").exists():
        report.result("lit", False, f"{build}/test/lit.site.cfg.py is missing")
        return
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, LIT, "-q", "--order=lexical", "-o", file.name, str(build / "test")]
        if wanted:
            command += ["--allow-empty-runs", "--filter", "|".join(wanted)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        text = Path(file.name).read_text()
    if not text:  # lit leaves no results if nothing matched, or if it could not run at all
        if done.returncode or not wanted:
            report.result("lit", False, done.stdout)
        return
    tests = json.loads(text)["tests"]
    for test in tests:
        if test["code"] in ("PASS", "XFAIL", "FLAKYPASS"):
            report.result(test["name"], True)
        elif test["code"] in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
            report.skipped += test["code"] != "EXCLUDED"
        else:
            report.result(test["name"], False, test["output"])
    print(f"lit: {len(tests)} tests", flush=True)


def run_goldens(build, wanted, report):
    """PyTorch's results, compiled and interpreted: a line with the cases passed by dtype for each operation."""
    known = ROOT / "test/goldens/known_failures.txt"
    names = [w for w in wanted if w != "goldens"] if "goldens" not in wanted else []
    for folder in (ROOT / "test/goldens/data", ROOT / "test/goldens/data_more"):
        if names and not any(list(folder.glob(f"*{w}*.safetensors")) for w in names):
            continue
        for mode, options in (("compiled", []), ("interpreted", ["--interpret"])):
            command = [str(build / "bin/tjit-goldens"), str(folder), "--known-failures", str(known), *options]
            if names:
                command += ["--filter", "|".join(names)]
            run_folder(command, f"{folder.name}, {mode}", report)


def run_folder(command, label, report):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    details, files = [], 0
    for line in done.stdout.splitlines():
        verdict, name = line.split(" ")[0], line.split(" ")[1].rstrip(":") if " " in line else ""
        if verdict not in ("passed", "FAILED"):
            details.append(line)
            continue
        files += 1
        if verdict == "passed" or not line.endswith("-- known"):
            report.result(f"goldens: {label}: {name}", verdict == "passed", "\n".join(details))
        details = []
        print(f"goldens, {label}: {line}", flush=True)
    if not files:
        report.result(f"goldens, {label}", False, done.stdout)
    print(f"goldens, {label}: {done.stdout.strip().splitlines()[-1] if done.stdout else 'nothing'} of the cases", flush=True)


def check_format(wanted, report):
    if wanted and not any(w in "format" for w in wanted):
        return
    files = subprocess.run(["git", "ls-files", "*.cpp", "*.h"], cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.split()
    formatter = shutil.which("clang-format-22")
    if not files or not formatter:
        report.result("format", False, "no sources, or no clang-format-22")
        return
    done = subprocess.run([formatter, "--dry-run", "--Werror", *files], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    report.result("format", done.returncode == 0, done.stdout)


def main():
    build, wanted = Path(sys.argv[1]).resolve(), sys.argv[2:]
    # Compiled code is compiled, at its first use, unless a test says otherwise; nothing goes to the user's cache.
    os.environ.setdefault("TJIT_CACHE_DIR", "none")
    os.environ.setdefault("TJIT_ON_MISS", "block")
    report = Report()
    check_format(wanted, report)
    run_unit_programs(build, wanted, report)
    run_lit(build, wanted, report)
    run_goldens(build, wanted, report)
    if report.skipped:
        print(f"{report.skipped} skipped, each with its reason in its file")
    print(f"{report.passed} passed, {report.failed} failed", flush=True)
    return 0 if report.passed and not report.failed else 1


if __name__ == "__main__":
    sys.exit(main())
