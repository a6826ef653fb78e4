#!/usr/bin/env python3
"""Random programs of Actions.inc, run by libtorch and by tjit: what differs, by statement.

  beside.py --torch-root T --tjit build/release/bin/tjit-beside [--seed N] [--programs K] [--length L] [--show S]

T is libtorch's folder with include/ and lib/ (site-packages/torch). beside.cpp is built against it once. A program ends
at its first difference: an error in one library only, other facts (dtype, sizes, strides, offset, history) or other
values. Differences whose key begins with a line of known.txt are counted apart. Exit status 0: no others.
"""
import argparse
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Of a tensor's largest magnitude, by the narrowest dtype that the program has: rounding errors grow from statement to
# statement.
TOLERANCE = {"bf16": 3e-1, "f16": 6e-2, "f32": 2e-3, "f64": 1e-7}
# What a write leaves behind that fails half-way is the library's own.
WRITES = re.compile(r"_(\(|out)|= |withoutGradient")
HISTORY = re.compile(r" \S*(Backward\d|CopySlices)")


def build(torch_root):
    program = Path(tempfile.gettempdir()) / "tjit-beside-libtorch"
    sources = [HERE / "beside.cpp", HERE / "Actions.inc"]
    if not program.exists() or program.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        root = Path(torch_root)
        subprocess.run(["g++", "-O0", "-std=c++20", "-w", "-DTJIT_BESIDE_LIBTORCH", sources[0],
                        f"-I{root}/include", f"-I{root}/include/torch/csrc/api/include", f"-L{root}/lib", "-ltorch",
                        "-ltorch_cpu", "-lc10", f"-Wl,-rpath,{root}/lib", "-Wl,--no-as-needed",
                        "-Wl,--allow-shlib-undefined", "-o", program], check=True)
    return program


def run(program, options):
    """The lines of each program by its seed, and those that crashed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TJIT_NUM_THREADS": "1"}
    programs, crashed = {}, []
    at, end = options.seed, options.seed + options.programs
    while at < end:
        done = subprocess.run([program, "--seed", str(at), "--programs", str(end - at), "--length", str(options.length)],
                              env=environment, capture_output=True, text=True, errors="replace")
        current = None
        for line in done.stdout.split("\n"):
            if re.fullmatch(r"# \d+", line):
                current = int(line[2:])
                programs[current] = []
            elif current is not None and " => " in line:
                programs[current].append(line)
        if done.returncode == 0:
            break
        if current is None:
            sys.exit(f"{program} failed: {done.stderr[-500:]}")
        crashed.append(current)
        del programs[current]
        at = current + 1
    return programs, crashed


def tolerance(lines):
    return next((t for dtype, t in TOLERANCE.items() if any(f"=> {dtype} " in l for l in lines)), 0)


def values_differ(a, b, tol):
    x, y = [float(v) for v in a.split()], [float(v) for v in b.split()]
    if len(x) != len(y):
        return True
    largest = max([abs(v) for v in x if math.isfinite(v)] + [1])
    for u, v in zip(x, y):
        if u == v or (u != u and v != v):
            continue
        if not (math.isfinite(u) and math.isfinite(v)) or abs(u - v) > tol * largest:
            return True
    return False


def facts(own, other):
    if re.search(r"\[(\d+,)*0,", own):  # nothing is in it
        return own.split()[:2]
    if "AsStridedBackward0" in own + other:  # how a view's history is renewed
        own = HISTORY.sub("", own)
    return own


def difference(x, y, tol):
    """The key of the difference of two results, "" if there is none, None where nothing can be compared after it."""
    (head, a), (other, b) = x.split(" => ", 1), y.split(" => ", 1)
    if head != other:
        return "order"
    raised = a.startswith("error"), b.startswith("error")
    if raised[0] != raised[1]:
        return "error only in " + ("libtorch" if raised[0] else "tjit")
    if raised[0]:
        return None if WRITES.search(head.split(" ; ")[0]) else ""
    (fa, _, va), (fb, _, vb) = a.partition(" |"), b.partition(" |")
    if facts(fa, fb) != facts(fb, fa):
        return "facts"
    return "value" if values_differ(va, vb, tol) else ""


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--torch-root", required=True)
    ap.add_argument("--tjit", required=True, help="tjit-beside")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--programs", type=int, default=1000)
    ap.add_argument("--length", type=int, default=14, help="statements at most, after the first few")
    ap.add_argument("--show", type=int, default=1, help="examples of each difference")
    options = ap.parse_args()
    known = [l.split("#")[0].strip() for l in (HERE / "known.txt").read_text().split("\n")]
    known = [l for l in known if l]
    with ThreadPoolExecutor(2) as pool:
        (torch, torch_crashed), (tjit, tjit_crashed) = pool.map(
            run, [build(options.torch_root), options.tjit], [options, options])
    found, same, expected = defaultdict(list), 0, 0
    for seed in sorted(torch.keys() & tjit.keys()):
        tol = tolerance(torch[seed])
        key = ""
        for x, y in zip(torch[seed], tjit[seed]):
            key = difference(x, y, tol)
            if key is None or key:
                break
        if not key:
            same += 1
            continue
        statement = re.sub(r"^\d+ ", "", x.split(" => ")[0]).split(" ; ")[0]
        key += ": " + ("(end)" if statement.startswith("= ") else statement)
        if any(key.startswith(k) for k in known):
            expected += 1
        else:
            found[key].append((seed, x, y))
    for key, examples in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"{len(examples)} {key}")
        for seed, x, y in examples[:options.show]:
            print(f"    seed {seed}: {x[:260]}\n    tjit: {y.split(' => ', 1)[1][:200]}")
    print(f"{len(torch)} programs: {same} the same, {expected} differ as known, "
          f"{sum(map(len, found.values()))} otherwise; crashed: {len(torch_crashed)} of libtorch, {tjit_crashed} of tjit")
    return 1 if found or tjit_crashed else 0


if __name__ == "__main__":
    sys.exit(main())
