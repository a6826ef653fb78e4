#!/usr/bin/env python3
"""clang-tidy over the project's own sources, one for each core at a time. usage: tidy.py BUILD_FOLDER [PART_OF_PATH ...]"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
build, wanted = Path(sys.argv[1]).resolve(), sys.argv[2:]
files = sorted({entry["file"] for entry in json.loads((build / "compile_commands.json").read_text())})
files = [f for f in files if f.startswith(str(ROOT) + "/") and not f.startswith(str(build))]
files = [f for f in files if not wanted or any(w in f for w in wanted)]


def tidy(file):
    done = subprocess.run(["clang-tidy-22", "-p", str(build), "--quiet", "--warnings-as-errors=*", file],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return file, done.returncode, done.stdout


failed = 0
with ThreadPoolExecutor(os.cpu_count()) as pool:
    for file, status, output in pool.map(tidy, files):
        if status:
            failed += 1
            print(output)
print(f"{len(files) - failed} passed, {failed} failed")
sys.exit(failed > 0 or not files)
