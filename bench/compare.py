#!/usr/bin/env python3
"""Time workloads here and in other frameworks in turn, on the machine as it is now.

usage: compare.py PYTHON [--peers P,P,...] [--workloads W,W,...] [--rounds N] [--bench PROGRAM] [--libtorch PROGRAM]

PYTHON has the peers' packages, PROGRAM after --libtorch is built from peers/libtorch_bench.cpp (see bench/peers/README.md). Every round runs,
a workload at a time, what the machine can do at all (the benchmarks limit_*), every peer and tjit-bench, each in a process of its own; those of the
Python frameworks stay for all rounds of a workload, compiled, and wait while others are timed. Printed
for each workload: the median of each, which peer was best, the median over the rounds of tjit's time by the best peer's time of the same
round (below 1: tjit is faster), the fraction of the machine's limit, the first call in milliseconds (compilation included) and by how much the process
grew in MB, for tjit and for the best peer. Figures hold only within one run.
"""
import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}
PEERS = ["numpy", "torch", "torch-compile", "jax", "drjit"]
WORKLOADS = ["chain_1k", "chain_100k", "chain_10m", "gelu_10m", "sum_10m", "colsum_4kx4k", "transpose_4kx4k", "softmax_4kx1k",
             "layernorm_4kx1k", "gemm_64", "gemm_256", "gemm_1024", "gemm_2048", "gemm_tall", "gemv_4k", "gemm_bias_gelu",
             "autograd_seed", "linreg_train", "mlp_train"]


def google_benchmark(program, name, seconds=0.1):
    """The benchmark's result with its counters, time in `us`; None if the program has no such benchmark."""
    out = subprocess.run([program, f"--benchmark_filter=^{name}(/|$)", "--benchmark_format=json", "--benchmark_repetitions=5",
                          f"--benchmark_min_time={seconds}"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if out.returncode:
        raise SystemExit(f"compare.py: {program} failed on '{name}':\n{out.stderr}")
    if not out.stdout.strip():
        return None
    for run in json.loads(out.stdout)["benchmarks"]:
        if run.get("aggregate_name") == "median":
            return run | {"us": run["real_time"] * MICROSECONDS[run["time_unit"]]}
    return None


class Peer:
    """A framework's process for one workload, which times it whenever it is asked; libtorch's program is started each time."""

    def __init__(self, options, framework, workload):
        self.framework, self.workload, self.program = framework, workload, options.libtorch
        self.process, self.missing = None, False
        if framework != "libtorch":
            self.process = subprocess.Popen([options.python, str(HERE / "peers/peers.py"), framework, "--on-request", workload],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            # Its first calls compile: nobody is timed meanwhile.
            self.missing = self.ask() is None

    def ask(self):
        """The workload's figures now, or None where the framework has no such workload."""
        if self.process is None:
            return google_benchmark(self.program, self.workload)
        if self.missing:
            return None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        if not (text := self.process.stdout.readline()):
            raise SystemExit(f"compare.py: {self.framework} failed on '{self.workload}'; peers.py {self.framework} {self.workload} says why")
        line = json.loads(text)
        return None if "missing" in line else line | {"us": line["median_us"]}

    def stop(self):
        if self.process:
            self.process.communicate()


def installed(python, framework):
    module = {"torch-compile": "torch", "mlx": "mlx.core"}.get(framework, framework)
    return framework == "libtorch" or subprocess.run([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0


class Limits:
    """What the machine can do, measured once a round: seconds for a byte read or written, for an operation."""

    def __init__(self, program):
        read, copy, stream, flops = (google_benchmark(program, name, 0.03)
                                     for name in ("limit_read", "limit_copy", "chain_10m_stream", "limit_flops"))
        self.read = 1 / read["bytes_per_second"]
        # A copy's and a stream's bytes cost their reading and their writing; the better of the two is the limit.
        self.write = max(0, min(2 / copy["bytes_per_second"] - self.read, 4 / stream["bytes_per_second"] - 3 * self.read))
        self.operation = 1 / flops["flops"]

    def fraction(self, run):
        least = max(run["read_bytes"] * self.read + run["written_bytes"] * self.write, run["flops"] * self.operation)
        return 1e6 * least / run["us"] if least else None


def median(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def text(value, form):
    return "-" if value is None else format(value, form)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = lambda value: value.split(",")
    parser.add_argument("python")
    parser.add_argument("--peers", type=names, default=None)
    parser.add_argument("--workloads", type=names, default=WORKLOADS)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--bench", default=str(HERE.parent / "build/release/bin/tjit-bench"))
    parser.add_argument("--libtorch")
    options = parser.parse_args()
    peers = list(options.peers or PEERS + (["libtorch"] if options.libtorch else []))
    if "libtorch" in peers and not options.libtorch:
        parser.error("the peer libtorch needs --libtorch PROGRAM")
    for missing in [p for p in peers if not installed(options.python, p)]:
        print(f"compare.py: {options.python} cannot import what '{missing}' needs; going on without it", file=sys.stderr)
        peers.remove(missing)

    print(f"medians in µs over {options.rounds} rounds; ratio: tjit by the best peer of the same round")
    print(f"{'workload':<16}{'tjit':>10}" + "".join(f"{p:>14}" for p in peers) +
          f"{'best':>15}{'ratio':>7}{'limit':>7}{'first':>8}{'(best)':>9}{'MB':>6}{'(best)':>7}")
    for workload in options.workloads:
        mine, theirs, ratios, fractions = [], {p: [] for p in peers}, [], []
        processes = [Peer(options, p, workload) for p in peers]
        for _ in range(options.rounds):
            limits = Limits(options.bench)
            for p in processes:
                if (run := p.ask()) is not None:
                    theirs[p.framework].append(run)
            run = google_benchmark(options.bench, workload)
            if run is None:
                raise SystemExit(f"compare.py: {options.bench} has no benchmark '{workload}'")
            mine.append(run)
            if best := min((runs[-1]["us"] for runs in theirs.values() if runs), default=None):
                ratios.append(run["us"] / best)
            fractions.append(limits.fraction(run))
        for p in processes:
            p.stop()
        medians = {p: median(r["us"] for r in runs) for p, runs in theirs.items()}
        best = min((p for p in peers if theirs[p]), key=lambda p: medians[p], default=None)
        of_best = theirs.get(best, [])
        print(f"{workload:<16}{text(median(r['us'] for r in mine), '10.1f'):>10}" +
              "".join(f"{text(medians[p], '.1f'):>14}" for p in peers) +
              f"{best or '-':>15}{text(median(ratios), '.2f'):>7}{text(median(fractions), '.2f'):>7}"
              f"{text(median(r['first_ms'] for r in mine), '.0f'):>8}{text(median(r['first_ms'] for r in of_best), '.0f'):>9}"
              f"{text(median(r['peak_bytes'] / 1e6 for r in mine), '.0f'):>6}"
              f"{text(median(r['peak_bytes'] / 1e6 for r in of_best), '.0f'):>7}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
