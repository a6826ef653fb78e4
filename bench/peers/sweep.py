#!/usr/bin/env python3
"""Runs two programs made from sweep.cpp in turn and prints the functions by the ratio of their times.

usage: sweep.py OURS THEIRS [ROUNDS]
"""

import statistics
import subprocess
import sys


def times(program):
    """The program's functions with their times in microseconds; one that threw has none."""
    lines = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout.splitlines()
    return {name: float(value) for name, value, *_ in map(str.split, lines) if value != "error"}


def main():
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    rounds = [(times(sys.argv[1]), times(sys.argv[2])) for _ in range(int(sys.argv[3]) if len(sys.argv) == 4 else 3)]
    rows = []
    for name in rounds[0][0]:
        both = [(ours[name], theirs[name]) for ours, theirs in rounds if name in ours and name in theirs]
        if both:
            rows.append((statistics.median(o / t for o, t in both), name, *map(statistics.median, zip(*both))))
    for ratio, name, ours, theirs in sorted(rows, reverse=True):
        print(f"{name:16} {ours:10.1f} {theirs:10.1f} us  {ratio:.2f}")
    print(f"{sum(r[0] <= 1 for r in rows)} of {len(rows)} functions take no longer than theirs")


if __name__ == "__main__":
    main()
