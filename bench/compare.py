#!/usr/bin/env python3
"""Time workloads here and in a peer framework in turn, on the machine as it is now.

usage: compare.py PYTHON FRAMEWORK WORKLOAD [WORKLOAD ...] [--rounds N] [--bench PROGRAM]

PYTHON has the peer's packages (bench/peers/README.md). Every round runs the peer and then tjit-bench; the medians over the
rounds and the median of the per-round ratios (below 1: tjit is faster) are printed. Figures hold only within one run.
"""
import argparse
import json
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
UNITS = {"ns": 1e-3, "us": 1.0, "ms": 1e3}


def ours(program, workload):
    """Median microseconds of one call."""
    out = subprocess.run([program, f"--benchmark_filter=^{workload}(/|$)", "--benchmark_format=json", "--benchmark_repetitions=5"],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for run in json.loads(out)["benchmarks"]:
        if run.get("aggregate_name") == "median":
            return run["real_time"] * UNITS[run["time_unit"]]
    raise SystemExit(f"compare.py: tjit-bench has no benchmark '{workload}'")


def peer(python, framework, workload):
    out = subprocess.run([python, str(HERE / "peers/peers.py"), framework, workload], check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True).stdout
    line = json.loads(out.splitlines()[-1])
    if "median_us" not in line:
        raise SystemExit(f"compare.py: {framework} cannot run '{workload}': {line.get('missing')}")
    return line["median_us"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python")
    parser.add_argument("framework")
    parser.add_argument("workloads", nargs="+")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--bench", default=str(HERE.parent / "build/release/bin/tjit-bench"))
    options = parser.parse_args()
    print(f"{'workload':<18}{options.framework + ' µs':>14}{'tjit µs':>12}{'ratio':>8}   over {options.rounds} rounds")
    for workload in options.workloads:
        rounds = [(peer(options.python, options.framework, workload), ours(options.bench, workload)) for _ in range(options.rounds)]
        ratio = statistics.median(mine / theirs for theirs, mine in rounds)
        theirs, mine = (statistics.median(column) for column in zip(*rounds))
        print(f"{workload:<18}{theirs:>14.1f}{mine:>12.1f}{ratio:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
