"""Runs kernels' PTX on an NVIDIA GPU and compares every bit with what tjit-run computes on the processor.

  on_gpu.py FOLDER [--chip sm_80] [--jobs N] [--keep FOLDER] [FILE.mlir ...]

FOLDER has tjit-opt, tjit-run and tjit-op-examples. The programs are the examples of all operations, larger ones made from
them in other dtypes, and the functions of FILEs. A function is run if the default pipeline makes one kernel of it. The GPU
is reached by the CUDA driver's own functions (libcuda.so.1), so nothing else is needed. Exit status 1: a difference.
"""
import argparse
import concurrent.futures
import ctypes
import math
import os
import random
import re
import subprocess
import sys
import tempfile

SIZES = {"f32": 4, "f64": 8, "f16": 2, "bf16": 2, "i1": 1, "i8": 1, "ui8": 1, "i16": 2, "i32": 4, "i64": 8}
TENSOR = re.compile(r"tensor<((?:\d+x)*)(\w+)>")
THREADS = 128  # kBlock


def functions_of(text):
    """Name and text of each function of a module."""
    return {m[1]: m[0] for m in re.finditer(r"func\.func @(\w+)\(.*?\n *}\n", text, re.S)}


def enlarged(name, text):
    """The function with 61 x 67 elements in every place, and in other dtypes, where it has one type in all places."""
    kinds = {(m[1], m[2]) for m in TENSOR.finditer(text)}
    if len({sizes for sizes, _ in kinds}) != 1 or not next(iter(kinds))[0] or "sizes =" in text:
        return
    large = TENSOR.sub(r"tensor<61x67x\2>", text)
    yield name + "_large", large.replace("@" + name + "(", "@" + name + "_large(")
    if {dtype for _, dtype in kinds} == {"f32"}:
        for dtype in ("f64", "f16", "bf16"):
            other = f"{name}_{dtype}"
            yield other, large.replace("xf32", "x" + dtype).replace("@" + name + "(", f"@{other}(")


def argument(sizes, dtype, path, wide):
    """A file of numbers: of all magnitudes and with what is special among them if `wide`."""
    n = math.prod(sizes)
    if dtype[0] in "iu":
        top = 1 if dtype == "i1" else 100
        numbers = [random.randint(0, top) if dtype[0] == "u" or not wide else random.randint(-top, top) for _ in range(n)]
        numbers = [abs(x) for x in numbers] if dtype == "i1" else numbers
    else:
        top = {"f64": 300, "f32": 37, "bf16": 37, "f16": 4}[dtype]
        special = ["inf", "-inf", "nan", "0", "-0.0", "1", "-1", "0.5", "1e-40", "-1e-42", "5e-324", "88.7", "-103.9", "1e-7", "65504"]
        numbers = [random.choice((-1, 1)) * 10 ** random.uniform(-top if i % 2 else -2, top if i % 4 == 1 else 2) if wide
                   else random.uniform(0.01, 2) for i in range(n)]
        for i in range(min(n, len(special)) if wide and n > len(special) else 0):
            numbers[random.randrange(n)] = special[i]
    with open(path, "w") as file:
        file.write(" ".join(str(x) for x in numbers))
    return path


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def prepare(options, folder, name, text, wide):
    """(PTX, entry, arguments, results, what stands in the results' memory before, count) with the values as bytes; a text
    that says why there is none."""
    path = os.path.join(folder, f"{name}.mlir")
    with open(path, "w") as file:
        file.write(f"module {{\n{text}}}\n")
    opt = [os.path.join(options.programs, "tjit-opt"), path, "--tjit-default-pipeline"]
    fused = run(opt)
    if fused is None:
        return "invalid"
    kernels = re.findall(r"tjit\.kernel domain \[([\d, ]*)\](?: reduce (\d+))?.*?(?: ins\(([^:)]*).*?\))?(?: dests\(([^:)]*).*?\))? maps", fused)
    body = re.sub(r"\n    \^bb0.*?\n    }", "", fused, flags=re.S)  # without kernels' insides
    if len(kernels) != 1 or len(re.findall(r"tjit\.", body)) != 1:
        return "not one kernel"
    domain, reduced, ins, dests = kernels[0]
    operands = re.findall(r"%arg(\d+)", ins)
    result = re.search(r"return ([^:\n]*)", fused)[1]
    order = re.findall(r"%0(?:#(\d+))?", result)
    written = re.findall(r"%arg(\d+)", dests)  # arguments that are results too
    if len(operands) != ins.count("%") or len(order) != result.count("%") or len(written) not in (0, len(order)):
        return "not one kernel"
    ptx = run(opt + [f"--tjit-to-nvptx=chip={options.chip}", "--emit=ptx"])
    if ptx is None or f".entry {name}_kernel0" not in ptx:
        return "no PTX"
    types = [([int(s) for s in m[1].split("x") if s], m[2]) for m in TENSOR.finditer(re.search(r"@\w+\((.*?)\) ->", text)[1])]
    files = [argument(sizes, dtype, os.path.join(folder, f"{name}.{i}.txt"), wide) if sizes else "2" for i, (sizes, dtype) in enumerate(types)]
    values = os.path.join(folder, "values")
    if run([os.path.join(options.programs, "tjit-run"), path, f"--write={values}"] + [f"--arg={f}" for f in files]) is None:
        return "raises"
    read = lambda what: open(os.path.join(values, f"{name}.{what}"), "rb").read()
    extents = [int(d) for d in domain.split(",") if d.strip()]
    count = math.prod(extents[: len(extents) - int(reduced or 0)])
    results = [None] * len(order)
    for i, place in enumerate(order):
        results[int(place or 0)] = read(f"out{i}")
    before = [read(f"in{i}") for i in written] or [b"\xa5" * len(want) for want in results]
    dtypes = re.findall(r"tensor<(?:\d+x)*(\w+)>", re.search(r"tjit\.kernel.*?-> (.*?) \{", fused, re.S)[1])
    return ptx, f"{name}_kernel0", [read(f"in{i}") for i in map(int, operands)], list(zip(results, dtypes)), before, count


class Gpu:
    """The few functions of the CUDA driver that are needed."""

    def __init__(self):
        self.cuda = ctypes.CDLL("libcuda.so.1")
        device, context = ctypes.c_int(), ctypes.c_void_p()
        self.call("cuInit", 0)
        self.call("cuDeviceGet", ctypes.byref(device), 0)
        self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
        self.call("cuCtxSetCurrent", context)

    def call(self, name, *arguments):
        status = getattr(self.cuda, name)(*arguments)
        if status:
            text = ctypes.c_char_p()
            self.cuda.cuGetErrorString(status, ctypes.byref(text))
            raise RuntimeError(f"{name}: {text.value.decode() if text.value else status}")

    def allocate(self, data):
        address = ctypes.c_uint64()
        self.call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(max(len(data), 16)))
        self.call("cuMemcpyHtoD_v2", address, data, ctypes.c_size_t(len(data)))
        return address

    def launch(self, ptx, entry, inputs, before, count):
        """The bytes of the results; memory that a kernel does not write stays what it is before."""
        module, function = ctypes.c_void_p(), ctypes.c_void_p()
        self.call("cuModuleLoadData", ctypes.byref(module), ptx.encode())
        self.call("cuModuleGetFunction", ctypes.byref(function), module, entry.encode())
        addresses = [self.allocate(data) for data in inputs + before]
        arguments = addresses + [ctypes.c_int64(count)]
        pointers = (ctypes.c_void_p * len(arguments))(*(ctypes.addressof(a) for a in arguments))
        blocks = min(max(1, -(-count // 4)), 64)  # several rounds of the grid-stride loops
        self.call("cuLaunchKernel", function, blocks, 1, 1, THREADS, 1, 1, 0, None, pointers, None)
        self.call("cuCtxSynchronize")
        results = []
        for address, memory in zip(addresses[len(inputs):], before):
            data = ctypes.create_string_buffer(max(len(memory), 1))
            self.call("cuMemcpyDtoH_v2", data, address, ctypes.c_size_t(len(memory)))
            results.append(data.raw[: len(memory)])
        for address in addresses:
            self.call("cuMemFree_v2", address)
        self.call("cuModuleUnload", module)
        return results


def is_nan(element, dtype):
    bits = int.from_bytes(element, "little")
    exponent, fraction = {"f32": (8, 23), "f64": (11, 52), "f16": (5, 10), "bf16": (8, 7)}[dtype]
    return bits >> fraction & (1 << exponent) - 1 == (1 << exponent) - 1 and bits & (1 << fraction) - 1 != 0


def difference(got, want, dtype):
    """The first difference in bits and how many there are; any NaN equals any NaN."""
    size, bad = SIZES[dtype], []
    if got == want:
        return None
    for i in range(0, len(want), size):
        a, b = got[i : i + size], want[i : i + size]
        if a != b and not ("f" in dtype and is_nan(a, dtype) and is_nan(b, dtype)):
            bad.append(f"[{i // size}] {a[::-1].hex()} instead of {b[::-1].hex()}")
    return f"{len(bad)} of {len(want) // size} elements, {bad[0]}" if bad else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--chip", default="sm_80")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", help="folder for the programs, arguments and results")
    options = parser.parse_args()
    gpu = Gpu()
    folder = options.keep or tempfile.mkdtemp(prefix="tjit-on-gpu-")
    programs = functions_of(run([os.path.join(options.programs, "tjit-op-examples")]))
    for name, text in list(programs.items()):
        programs.update(enlarged(name, text))
    for file in options.files:
        programs.update(functions_of(open(file).read()))
    compared, skipped, failed = 0, {}, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        tasks = [(name, wide, pool.submit(prepare, options, folder if not wide else os.path.join(folder, "wide"), name, text, wide))
                 for wide in (False, True) for name, text in programs.items()]
        os.makedirs(os.path.join(folder, "wide"), exist_ok=True)
        for name, wide, task in tasks:
            prepared = task.result()
            if isinstance(prepared, str):
                skipped[prepared] = skipped.get(prepared, 0) + 1
                continue
            ptx, entry, inputs, results, before, count = prepared
            got = gpu.launch(ptx, entry, inputs, before, count)
            found = [f"result {i}: {d}" for i, ((want, dtype), value) in enumerate(zip(results, got)) if (d := difference(value, want, dtype))]
            compared += 1
            if found:
                failed.append(name)
                print(f"{name}{' (wide)' if wide else ''}: {'; '.join(found)}")
    print(f"{compared - len(failed)} passed, {len(failed)} failed; not run: " + ", ".join(f"{n} {why}" for why, n in sorted(skipped.items())))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
