#!/usr/bin/env python3
"""Makes golden data from PyTorch's OpInfo database, in the format that README.md describes.

make.py OUT [--filter RE] [--cases RE] [--parity even|odd|all] [--per-dtype N] [--seed N] [--like DIR]

For every operation that DIR (`data/`) has a file of, and every dtype of that file, N samples of
`reference_inputs` whose index has the parity: those that add most options, ranks, dtypes, layouts
and non-finite values, then the first of what is left. float32 and float64 have gradients, float64
second gradients where PyTorch has them. In-place variants are called where the file calls them; if
PyTorch refuses such a call it becomes an error case. The call that raises and its arguments come
from `error_inputs`, whatever the parity. `fn` and the tolerances are those of DIR's file.

A case is left out where PyTorch itself has no one answer: if OpInfo's own call, or the same call on
operands laid out otherwise (other loops of the same kernel) and with another state of the random
generator, differs by more than the tolerance. Needs PyTorch, numpy and expecttest.
"""

import argparse
import collections
import json
import math
import os
import random
import re
import struct
import sys
import warnings

import numpy
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo.core import BinaryUfuncInfo, UnaryUfuncInfo

NAMES = {torch.float64: "F64", torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16",
         torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
         torch.uint8: "U8", torch.bool: "BOOL"}
# rtol of results of a dtype: where every element is rounded once or twice, for sums and chains, and
# for factorizations and norms.
RTOL = {torch.float32: (8e-6, 2e-5, 2e-4), torch.float64: (4e-12, 1e-11, 1e-10),
        torch.bfloat16: (0.016, 0.032, 0.032), torch.float16: (0.002, 0.004, 0.004)}
MAX_BYTES = 65536
# Where OpInfo's self is not the call's first argument: the call's positional ones by the sample's.
ORDER = {"where": (1, 0, 2), "einsum": (1, 0), "nn.functional.embedding": (1, 0)}
# What PyTorch computes in a kernel for vectors and in another one for what is left over, and these
# differ: gradients at NaN, the gradient of digamma in float32, 16-bit histograms.
NO_GRADIENT_AT_NAN = re.compile(r"nn\.functional\.(elu|celu|selu|relu6|hardtanh|hardshrink|softshrink)$")
NO_GRADIENT = {("digamma", torch.float32)}
NO_RESULT = {("histc", torch.float16), ("histc", torch.bfloat16)}
# The index beside a value is any of several equal elements'.
OPEN_INDICES = ("topk", "kthvalue", "median", "nanmedian", "mode")


class Skip(Exception):
    """The sample is no case; the text says why."""


def dtype_name(dtype):
    return str(dtype).removeprefix("torch.")


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from tensors_in(element)


# --- What is called --------------------------------------------------------------------------------


class Kind:
    """What DIR's file says of an operation: functions, dtypes, tolerances."""

    def __init__(self, path):
        with open(path, "rb") as file:
            size = struct.unpack("<Q", file.read(8))[0]
            cases = json.loads(json.loads(file.read(size))["__metadata__"]["cases"])
        good = [case for case in cases if "error" not in case]
        inplace = [case for case in good if "/inplace/" in case["id"]]
        self.fn = next(c["fn"] for c in cases if c not in inplace)
        self.inplace = (inplace[0]["fn"], inplace[0]["kwargs"].get("inplace")) if inplace else None
        plain = [c for c in good if c not in inplace]
        self.dtypes = {c["id"].split("/")[1] for c in plain}
        # Which of the three tolerances; whether results are exact when there are no gradients.
        rtols = [c["rtol"] for c in good]
        self.level = max((i for dtype in (torch.float32, torch.float64)
                          for i, rtol in enumerate(RTOL[dtype]) if rtol in rtols), default=0)
        self.exact = all(c["rtol"] == 0 for c in good if "grads" not in c)


def function(fn):
    """The callable of a case's `fn`; self is the first argument of a method."""
    if fn.startswith("Tensor."):
        name = fn.removeprefix("Tensor.")
        if name in ("T", "mT"):
            return lambda self: getattr(self, name)
        return lambda self, *args, **kwargs: getattr(self, name)(*args, **kwargs)
    target = torch
    for part in fn.removeprefix("torch.").split("."):
        target = getattr(target, part)
    return target


def overlaps_itself(t):
    """Other than by a stride of 0, which calls in place refuse: what is written twice is arbitrary."""
    extent = 1 + sum((n - 1) * s for n, s in zip(t.shape, t.stride()))
    if t.numel() == 0 or 0 in t.stride():
        return False
    return torch.arange(extent).as_strided(t.shape, t.stride()).unique().numel() < t.numel()


def laid_out(values, strides):
    """A tensor of these strides (0 expands) with the values of another one."""
    sizes = values.shape
    if strides is None or values.numel() == 0:
        return values.clone(memory_format=torch.contiguous_format)
    extent = 1 + sum((n - 1) * s for n, s in zip(sizes, strides))
    at = torch.arange(extent).as_strided(sizes, strides).flatten()
    flat = torch.zeros(extent, dtype=values.dtype)
    flat[at] = values.flatten()
    return flat.as_strided(sizes, strides)


class Case:
    """A call in the file's terms, and the tensors that belong to it."""

    def __init__(self, case_id, dtype, fn):
        self.json = {"id": case_id, "dtype": dtype, "fn": fn}
        self.tensors = {}  # by the name without the case's
        self.inputs = []  # the sample's own tensors
        self.strides = []

    def encode(self, value, index=False):
        if isinstance(value, torch.Tensor):
            known = [i for i, t in enumerate(self.inputs) if t is value]
            if not known:
                if value.dtype not in NAMES or value.layout != torch.strided:
                    raise Skip("dtype or layout of an operand")
                if value.numel() * value.element_size() > MAX_BYTES:
                    raise Skip("a big operand")
                self.inputs.append(value)
                self.strides.append(None if value.is_contiguous() else list(value.stride()))
                self.tensors[f"in{len(self.inputs) - 1}"] = value.detach().clone()
            i = known[0] if known else len(self.inputs) - 1
            result = {"tensor": f"in{i}", "requires_grad": value.requires_grad}
            return result | ({"strides": self.strides[i]} if self.strides[i] else {})
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else {"float": str(value)}
        if index and isinstance(value, tuple):
            return {"tuple": [self.encode(v) for v in value]}
        if value is Ellipsis:
            return {"ellipsis": True}
        if isinstance(value, (list, tuple)):
            return [self.encode(v, index) for v in value]
        if isinstance(value, torch.dtype) and value in NAMES:
            return {"dtype": dtype_name(value)}
        if isinstance(value, torch.memory_format):
            return {"memory_format": dtype_name(value)}
        if isinstance(value, slice):
            return {"slice": [value.start, value.stop, value.step]}
        raise Skip(f"an argument of type {type(value).__name__}")

    def encode_call(self, args, kwargs):
        index = self.json["fn"] == "Tensor.__getitem__"
        self.json["args"] = [self.encode(a, index) for a in args]
        neutral = {"device": ("cpu", torch.device("cpu")), "layout": (torch.strided,),
                   "pin_memory": (False,)}
        self.json["kwargs"] = {key: self.encode(value) for key, value in kwargs.items()
                               if value not in neutral.get(key, ())}

    def decode(self, value, operands):
        if isinstance(value, list):
            return [self.decode(v, operands) for v in value]
        if not isinstance(value, dict):
            return value
        kind, what = next(iter(value.items()))
        if kind == "tensor":
            return operands[int(what.removeprefix("in"))]
        if kind == "tuple":
            return tuple(self.decode(v, operands) for v in what)
        if kind == "slice":
            return slice(*what)
        return {"float": float, "dtype": lambda d: getattr(torch, d), "ellipsis": lambda _: ...,
                "memory_format": lambda m: getattr(torch, m)}[kind](what)

    def operands(self, otherwise=()):
        """Fresh ones as the runner makes them; those of `otherwise` with gaps between elements."""
        made = []
        for i, (tensor, strides) in enumerate(zip(self.inputs, self.strides)):
            if i in otherwise and not strides:
                strides = [2 * s for s in tensor.stride()]
            values = self.tensors[f"in{i}"]  # OpInfo's own call may change the sample
            made.append(laid_out(values, strides).requires_grad_(tensor.requires_grad))
        return made

    def call(self, operands):
        args = self.decode(self.json["args"], operands)
        kwargs = {k: self.decode(v, operands) for k, v in self.json["kwargs"].items()}
        return function(self.json["fn"])(*args, **kwargs)


# --- What comes out --------------------------------------------------------------------------------


def flattened(result):
    if isinstance(result, (list, tuple)):
        return [r for part in result for r in flattened(part)]
    return [result]


class Answer:
    """Results, what changed, gradients and second gradients of a call."""

    def __init__(self, case, operands, seeds=None, second=False):
        before = [(o.detach().clone(), o.shape) for o in operands]
        self.outputs = flattened(case.call(operands))
        self.histories = " ".join(o.grad_fn.name() if o.grad_fn else "-"
                                  for o in self.outputs if isinstance(o, torch.Tensor))
        self.mutated = {i: o.detach().clone() for i, (o, (old, sizes)) in enumerate(zip(operands, before))
                        if o.shape != sizes or not same(o.detach(), old, 0, 0)}
        self.grads, self.second = {}, {}
        self.seeds = seeds or ([], {})
        watched = [(i, o) for i, o in enumerate(operands) if o.requires_grad]
        of = [o for o in self.outputs if isinstance(o, torch.Tensor) and o.requires_grad]
        if not watched or not of:
            return
        if not seeds:
            self.seeds[0].extend(torch.randn_like(o, memory_format=torch.contiguous_format) for o in of)
        got = torch.autograd.grad(of, [o for _, o in watched], self.seeds[0], create_graph=second,
                                  retain_graph=True, allow_unused=True)
        self.grads = {i: g for (i, _), g in zip(watched, got) if g is not None}
        of = {i: g for i, g in self.grads.items() if g.requires_grad}
        if second and of:
            if not seeds:
                self.seeds[1].update({i: torch.randn_like(g, memory_format=torch.contiguous_format)
                                      for i, g in of.items()})
            got = torch.autograd.grad(list(of.values()), [o for _, o in watched],
                                      [self.seeds[1][i] for i in of], allow_unused=True)
            self.second = {i: g for (i, _), g in zip(watched, got) if g is not None}

    def values(self):
        return self.outputs + [*self.mutated.values(), *self.grads.values(), *self.second.values()]


def same(a, b, rtol, atol):
    if not isinstance(a, torch.Tensor):
        return type(a) is type(b) and (a == b or a != a and b != b)
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.is_floating_point:
        return torch.allclose(a.detach().double(), b.detach().double(), rtol, atol, equal_nan=True)
    return torch.equal(a, b)


def tolerance(answer, kind):
    values = [v.detach() for v in answer.values() if isinstance(v, torch.Tensor) and v.dtype in RTOL]
    if not values or kind.exact and not answer.grads:
        return 0.0, 0.0
    rtol = max(RTOL[v.dtype][kind.level] for v in values)
    every = torch.cat([v.flatten().double() for v in values]).abs()
    every = every[every.isfinite()]
    scale = max(1.0, every.median().item()) if len(every) else 1.0
    return rtol, float(f"{rtol * scale:.1e}")


def unspecified(case):
    return case.json["fn"].split(".")[-1].startswith("empty")


def index_is_open(case, i):
    return (i == 1 and case.json["fn"].split(".")[-1] in OPEN_INDICES
            and case.inputs[0].unique().numel() < case.inputs[0].numel())


def libtorch_history(case, history):
    """The history's name where C++ chooses another overload than Python: numbers are no tensors."""
    name = case.json["fn"].removeprefix("Tensor.").removeprefix("torch.")
    if name == "nn.functional.kl_div" and history == "DivBackward0":  # by the size of the batch
        return "DivBackward1"
    if name == "nn.functional.smooth_l1_loss":  # Python calls l1_loss where beta is 0
        return "SmoothL1LossBackward0"
    operands = case.operands()
    args = case.decode(case.json["args"], operands)
    mode = case.json["kwargs"].get("rounding_mode")
    call = getattr(torch.ops.aten, name, None)
    if name == "norm":
        if len(args) > 1 and isinstance(args[1], str):
            return history
    else:
        call = getattr(call, "Scalar_mode" if mode else "Scalar", None)
        if call is None or len(args) < 2 or isinstance(args[1], torch.Tensor):
            return history
    try:
        out = call(*args, **case.json["kwargs"])
        return out.grad_fn.name() if out.grad_fn else "-"
    except (RuntimeError, TypeError, AttributeError):  # no such overload
        return history


def answered(case, second):
    """The stored call's answer, without second gradients where PyTorch has none."""
    for twice in ((True, False) if second else (False,)):
        torch.manual_seed(1)
        try:
            return Answer(case, case.operands(), second=twice)
        except RuntimeError:
            if not twice:
                raise


def store(case, answer, kind):
    """Adds what the call gives to the case."""
    out, tensors = case.json, case.tensors
    out["outputs"], out_seeds, seeds = [], [], iter(answer.seeds[0])
    for i, result in enumerate(answer.outputs):
        seed = None
        if not isinstance(result, torch.Tensor):
            out["outputs"].append({"value": case.encode(result)})
        elif unspecified(case):
            out["outputs"].append({"shape": list(result.shape), "dtype": dtype_name(result.dtype)})
        elif index_is_open(case, i):
            out["outputs"].append(None)
        else:
            if result.dtype not in NAMES or result.numel() * result.element_size() > 4 * MAX_BYTES:
                raise Skip("dtype or size of a result")
            out["outputs"].append(f"out{i}")
            tensors[f"out{i}"] = result.detach()
        if isinstance(result, torch.Tensor) and result.requires_grad and answer.seeds[0]:
            seed = f"gout{i}"
            tensors[seed] = next(seeds)
        out_seeds.append(seed)

    def named(name, of):
        tensors.update({f"{name}{i}": t.detach() for i, t in of.items()})
        return {f"in{i}": f"{name}{i}" for i in of}

    if answer.mutated:
        out["mutated"] = named("mut", answer.mutated)
    if answer.seeds[0]:
        out["grad_seed"] = out_seeds
        out["grads"] = named("grad", answer.grads)
    if answer.seeds[1]:
        out["grad_grad_seed"] = named("ggout", answer.seeds[1])
        out["grad_grads"] = named("ggrad", answer.second)
    out["rtol"], out["atol"] = tolerance(answer, kind)


def check_steady(case, answer, own):
    """A Skip where PyTorch has no one answer; `own` is OpInfo's call."""
    if unspecified(case):
        return
    if own:
        torch.manual_seed(1)
        results = flattened(own())
        if len(results) != len(answer.outputs) or not all(
                same(a, b, 0, 0) for a, b in zip(answer.outputs, results)):
            raise Skip("OpInfo's call gives something else")
    if case.json["fn"].rstrip("_").endswith("as_strided"):  # means another thing with gaps
        return
    torch.manual_seed(2)
    read = set(range(len(case.inputs))) - set(answer.mutated)
    try:
        other = Answer(case, case.operands(read), answer.seeds, bool(answer.seeds[1]))
    except (RuntimeError, ValueError):  # a view that there is not with gaps
        return
    for i, (a, b) in enumerate(zip(answer.values(), other.values())):
        if not index_is_open(case, i) and not same(a, b, case.json["rtol"], case.json["atol"]):
            raise Skip("PyTorch's answer depends on the layout or is random")


# --- Which samples ---------------------------------------------------------------------------------


def features(sample):
    """What a sample exercises, as a set of facts."""
    def facts(where, value):
        if isinstance(value, torch.Tensor):
            yield where, "rank", value.dim(), value.dtype
            yield where, "layout", value.is_contiguous(), 0 in value.stride()
            if value.numel() == 0:
                yield where, "empty"
            elif value.dtype.is_floating_point and not value.isfinite().all():
                yield where, "not finite"
        elif isinstance(value, (list, tuple)) and any(True for _ in tensors_in(value)):
            yield where, "length", len(value)
            for element in value:
                yield from facts(where, element)
        else:
            yield where, type(value).__name__, str(value)
    found = set(facts("self", sample.input))
    for i, value in enumerate(sample.args):
        found |= set(facts(i, value))
    for key, value in sample.kwargs.items():
        found |= set(facts(key, value))
    return found


def chosen(samples, count):
    """`count` of [(index, sample)], each the one that adds most to those before."""
    if len(samples) <= count:
        return samples
    left = [(i, s, features(s)) for i, s in samples]
    seen, picked = set(), []
    while left and len(picked) < count:
        best = max(left, key=lambda entry: len(entry[2] - seen))
        left = [entry for entry in left if entry is not best]
        seen |= best[2]
        picked.append(best[:2])
    return sorted(picked, key=lambda entry: entry[0])


def cut(sample):
    """Big matrices of elementwise operations show no more than small ones."""
    def smaller(t):
        if isinstance(t, torch.Tensor) and t.dim() >= 2 and t.numel() * t.element_size() > MAX_BYTES:
            return t[..., :16, :16].detach().clone().requires_grad_(t.requires_grad)
        return t
    return sample.transform(smaller)


def differentiable(value):
    floating = isinstance(value, torch.Tensor) and value.dtype.is_floating_point
    return value.detach().requires_grad_() if floating else value


def undifferentiable(value):
    return value.detach() if isinstance(value, torch.Tensor) else value


class Maker:
    def __init__(self, op, kind, options):
        self.op, self.kind, self.options = op, kind, options
        self.name = op.name + ("." + op.variant_test_name if op.variant_test_name else "")
        self.cases, self.histories = [], []
        self.skipped = collections.Counter()

    def seed(self):
        torch.manual_seed(self.options.seed)
        numpy.random.seed(self.options.seed)
        random.seed(self.options.seed)

    def generated(self, dtype, gradients):
        self.seed()
        return list(enumerate(self.op.reference_inputs("cpu", dtype, requires_grad=gradients)))

    def gradient_varies(self, sample, dtype):
        return (self.name, dtype) in NO_GRADIENT or (
            NO_GRADIENT_AT_NAN.match(self.name) and any(t.isnan().any() for t in tensors_in([sample.input])))

    def arguments(self, sample):
        every = (sample.input, *sample.args)
        order = ORDER.get(self.name, ())
        return (*(every[i] for i in order), *every[len(order):])

    def samples(self, dtype):
        gradients = dtype in (torch.float32, torch.float64) and self.op.supports_autograd
        parity = {"even": (0,), "odd": (1,), "all": (0, 1)}[self.options.parity]
        elementwise = isinstance(self.op, (UnaryUfuncInfo, BinaryUfuncInfo))
        try:
            every = self.generated(dtype, gradients)
        except ValueError:  # a generator that asks for gradients of integers
            every = [(i, s.transform(differentiable)) for i, s in self.generated(dtype, False)]
        every = [(i, cut(s) if elementwise else s) for i, s in every if i % 2 in parity]
        if (self.name, dtype) in NO_RESULT:
            return []
        every = [(i, s.transform(undifferentiable) if self.gradient_varies(s, dtype) else s) for i, s in every]
        if self.options.cases:
            return every
        floating = dtype in (torch.float32, torch.float64)
        return chosen(every, self.options.per_dtype if floating else self.options.per_dtype // 2)

    def add(self, case_id, fn, dtype, arguments, kwargs, second=False, own=None, raises=False):
        if not re.search(self.options.cases, case_id):
            return
        case = Case(case_id, dtype_name(dtype) if dtype else None, fn)
        try:
            case.encode_call(arguments, kwargs)
            if raises:
                self.add_error(case)
            else:
                answer = answered(case, second)
                store(case, answer, self.kind)
                check_steady(case, answer, own)
                if "grads" in case.json:
                    self.histories.append((case_id, libtorch_history(case, answer.histories)))
        except Skip as e:
            self.skipped[str(e)] += 1
            return
        self.cases.append(case)

    def add_error(self, case):
        try:
            case.call(case.operands())
        except Exception as e:  # whatever it is
            case.json |= {"error": type(e).__name__, "message": str(e)}
            return
        raise Skip("the stored call does not raise")

    def make(self):
        for dtype in NAMES:
            if dtype_name(dtype) not in self.kind.dtypes or dtype not in self.op.supported_dtypes("cpu"):
                continue
            for i, sample in self.samples(dtype):
                arguments = self.arguments(sample)
                label = f"{self.name}/{dtype_name(dtype)}/{i}"
                second = dtype == torch.float64 and self.op.supports_gradgrad
                own = lambda s=sample: self.op(s.input, *s.args, **s.kwargs)
                try:
                    self.add(label, self.kind.fn, dtype, arguments, sample.kwargs, second, own)
                except Exception as e:
                    self.skipped[f"{type(e).__name__}: {str(e)[:100]}"] += 1
                if self.kind.inplace:
                    self.add_inplace(f"{self.name}/inplace/{dtype_name(dtype)}/{i}", dtype, sample)
        self.seed()
        for i, error in enumerate(self.op.error_inputs("cpu") if self.op.error_inputs_func else ()):
            sample = error.sample_input
            arguments = self.arguments(sample)
            first = next(tensors_in(list(arguments)), None)
            self.add(f"{self.name}/error/{i}", self.kind.fn, first.dtype if first is not None else None,
                     arguments, sample.kwargs, raises=True)

    def add_inplace(self, case_id, dtype, sample):
        fn, inplace = self.kind.inplace
        plain = sample.transform(undifferentiable)
        kwargs = plain.kwargs | ({"inplace": True} if inplace else {})
        arguments = self.arguments(plain)
        if not isinstance(plain.input, torch.Tensor) or overlaps_itself(plain.input):
            return
        try:
            self.add(case_id, fn, dtype, arguments, kwargs)
        except Exception:
            self.add(case_id, fn, dtype, arguments, kwargs, raises=True)

    def write(self, folder):
        entries, cases = {}, []
        for n, case in enumerate(self.cases):
            prefix = f"c{n}."
            cases.append(prefixed(case.json, prefix, set(case.tensors)))
            entries.update({prefix + name: tensor for name, tensor in case.tensors.items()})
        order = sorted(entries, key=lambda name: (-entries[name].element_size(), name))
        header, blobs, at = {"__metadata__": {"cases": json.dumps(cases)}}, [], 0
        for name in order:
            t = entries[name].clone(memory_format=torch.contiguous_format).flatten()
            raw = (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()
            header[name] = {"dtype": NAMES[t.dtype], "shape": list(entries[name].shape),
                            "data_offsets": [at, at + len(raw)]}
            blobs.append(raw)
            at += len(raw)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(os.path.join(folder, self.name + ".safetensors"), "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def prefixed(value, prefix, names):
    if isinstance(value, dict):
        return {prefix + k if k in names else k: prefixed(v, prefix, names) for k, v in value.items()}
    if isinstance(value, list):
        return [prefixed(v, prefix, names) for v in value]
    return prefix + value if isinstance(value, str) and value in names else value


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--filter", default="", help="operations whose name matches")
    parser.add_argument("--cases", default="", help="all cases whose id matches, however many")
    parser.add_argument("--parity", choices=("even", "odd", "all"), default="even")
    parser.add_argument("--per-dtype", type=int, default=4, help="half as many where there are no gradients")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--like", default=os.path.join(here, "data"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    os.makedirs(options.out, exist_ok=True)
    total, histories = 0, []
    for op in op_db:
        name = op.name + ("." + op.variant_test_name if op.variant_test_name else "")
        path = os.path.join(options.like, name + ".safetensors")
        if not os.path.exists(path) or not re.search(options.filter, name):
            continue
        maker = Maker(op, Kind(path), options)
        maker.make()
        if maker.cases:
            maker.write(options.out)
        total += len(maker.cases)
        histories += maker.histories
        left = ", ".join(f"{n} {why}" for why, n in maker.skipped.items())
        print(f"{name}: {len(maker.cases)}" + (f"; left out: {left}" if left else ""), flush=True)
    with open(os.path.join(options.out, "histories.txt"), "w") as file:
        file.writelines(f"{case}\t{names}\n" for case, names in histories)
    print(f"{total} cases")
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
