"""Writes random programs of the tjit dialect, for tjit-run --all --compare: shapes that broadcast, views of views,
reductions, writes, contractions, several results. Usage: random_programs.py <first seed> <count>
"""
import random
import sys

FLOATS = ["f32", "f64", "f16", "bf16"]
INTS = ["i32", "i64", "i8", "ui8", "i16"]
UNARY = ["neg", "abs", "sign", "relu"]
UNARY_FLOAT = ["floor", "ceil", "round", "trunc", "exp", "sin", "cos", "tanh", "sqrt"]
BINARY = ["add", "sub", "mul", "maximum", "minimum"]
COMPARE = ["eq", "lt", "ge"]


def tensor(shape, dtype):
    return "tensor<" + "".join(f"{n}x" for n in shape) + dtype + ">"


def array(values):
    return "array<i64" + (": " + ", ".join(map(str, values)) if values else "") + ">"


def elements(shape):
    n = 1
    for size in shape:
        n *= size
    return n


class Program:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.lines, self.values, self.arguments = [], [], []
        self.next = 0
        self.sizes = [self.r.choice([1, 2, 3, 4, 5, 7, 8, 16, 65, 130]) for _ in range(3)]
        for _ in range(self.r.randint(1, 4)):
            self.argument(self.shape(), self.r.choice(FLOATS[:1] * 6 + FLOATS + INTS + ["i1"]))
        for _ in range(self.r.randint(3, 24)):
            self.step()

    def shape(self):
        return [self.r.choice(self.sizes + [1]) for _ in range(self.r.choice([0, 1, 1, 2, 2, 2, 3]))]

    def argument(self, shape, dtype):
        name = f"%a{len(self.arguments)}"
        attribute = ""
        if len(shape) > 1 and self.r.random() < 0.2:
            order = list(range(len(shape)))
            self.r.shuffle(order)
            strides, stride = [0] * len(shape), 1
            for d in order:
                strides[d] = stride
                stride *= max(shape[d], 1) + self.r.randint(0, 1)
            attribute = f" {{tjit.strides = {array(strides)}}}"
        self.arguments.append(f"{name}: {tensor(shape, dtype)}{attribute}")
        self.values.append((name, shape, dtype))

    def offset(self):
        name = f"%a{len(self.arguments)}"
        self.arguments.append(f"{name}: tensor<i64>")
        return name

    def emit(self, op, operands, shape, dtype, attributes=""):
        name = f"%v{self.next}"
        self.next += 1
        types = ", ".join(tensor(s, d) for _, s, d in operands)
        names = ", ".join(n for n, _, _ in operands)
        attributes = f" {{{attributes}}}" if attributes else ""
        self.lines.append(f"  {name} = tjit.{op}{' ' if names else ''}{names}{attributes} : ({types}) -> {tensor(shape, dtype)}")
        value = (name, shape, dtype)
        self.values.append(value)
        return value

    def cast(self, value, dtype):
        return value if value[2] == dtype else self.emit("cast", [value], value[1], dtype, f"dtype = {dtype}")

    def broadcast(self, a, b):
        a, b = a[::-1], b[::-1]
        out = []
        for i in range(max(len(a), len(b))):
            x, y = a[i] if i < len(a) else 1, b[i] if i < len(b) else 1
            if x != y and x != 1 and y != 1:
                return None
            out.append(y if x == 1 else x)
        return out[::-1]

    def pick(self):
        return self.r.choice(self.values[-8:] if self.r.random() < 0.7 else self.values)

    def step(self):
        r = self.r
        value = self.pick()
        name, shape, dtype = value
        kind = r.choice("uuubbbbcwrrvvvvvvmfpx")
        if kind == "u" and dtype != "i1":
            self.emit(r.choice(UNARY_FLOAT + UNARY if dtype in FLOATS else UNARY), [value], shape, dtype)
        elif kind in "bc":
            other = self.pick()
            out = self.broadcast(shape, other[1])
            if out is None or elements(out) > 20000 or (dtype == "i1" and kind == "b"):
                return
            other = self.cast(other, dtype)
            if kind == "b":
                self.emit(r.choice(BINARY), [value, other], out, dtype)
            else:
                self.emit(r.choice(COMPARE), [value, other], out, "i1")
        elif kind == "w":
            masks = [v for v in self.values if v[2] == "i1"]
            if not masks:
                return
            mask = r.choice(masks)
            out = self.broadcast(mask[1], shape)
            if out is not None and elements(out) <= 20000:
                zero = self.emit("fill", [], [], dtype, f"sizes = array<i64>, dtype = {dtype}, value = 1.0 : f64")
                self.emit("where", [mask, value, zero], out, dtype)
        elif kind == "r" and shape:
            dims = sorted(r.sample(range(len(shape)), r.randint(1, len(shape))))
            keep = r.random() < 0.5
            out = [1 if i in dims else s for i, s in enumerate(shape) if keep or i not in dims]
            op = r.choice(["sum", "sum", "amax", "amin", "prod"])
            result = dtype
            if op in ("sum", "prod") and dtype not in FLOATS:
                result = "i64"
            self.emit(op, [value], out, result, f"dims = {array(dims)}, keepdim = {str(keep).lower()}")
        elif kind == "v":
            self.view(value)
        elif kind == "m" and len(shape) == 2 and dtype != "i1":
            others = [v for v in self.values if len(v[1]) == 2 and v[1][0] == shape[1] and v[2] == dtype]
            if others:
                other = r.choice(others)
                self.emit("matmul", [value, other], [shape[0], other[1][1]], dtype)
        elif kind == "f":
            n = r.choice(self.sizes)
            self.emit("iota", [], [n], "i64", f"size = {n} : i64")
        elif kind == "p" and shape:
            self.emit("argmax", [value], shape[1:], "i64", "dim = 0 : i64, keepdim = false")
        elif kind == "x" and shape:
            dim = r.randrange(len(shape))
            out = list(shape)
            out[dim] *= 2
            self.emit("concat", [value, value], out, dtype, f"dim = {dim} : i64")

    def view(self, value):
        r = self.r
        name, shape, dtype = value
        kind = r.choice(["permute", "reshape", "expand", "flip", "slice", "write", "as_strided"])
        if kind == "permute" and len(shape) > 1:
            dims = list(range(len(shape)))
            r.shuffle(dims)
            self.emit("permute", [value], [shape[d] for d in dims], dtype, f"dims = {array(dims)}")
        elif kind == "reshape":
            flat = elements(shape)
            out = r.choice([[flat], [1] + shape, shape + [1], shape[::-1]])
            if flat % 2 == 0 and r.random() < 0.4:
                out = [2, flat // 2]
            self.emit("reshape", [value], out, dtype, f"sizes = {array(out)}")
        elif kind == "expand":
            out = [r.choice(self.sizes) if s == 1 and r.random() < 0.5 else s for s in shape]
            if r.random() < 0.3:
                out = [2] + out
            if elements(out) <= 20000:
                self.emit("expand", [value], out, dtype, f"sizes = {array(out)}")
        elif kind == "flip" and shape:
            self.emit("flip", [value], shape, dtype, f"dims = {array([r.randrange(len(shape))])}")
        elif kind == "slice" and shape:
            dim = r.randrange(len(shape))
            step = r.choice([1, 1, 2])
            size = r.randint(1, (shape[dim] - 1) // step + 1)
            out = list(shape)
            out[dim] = size
            start = (self.offset(), [], "i64")
            self.emit("slice", [value, start], out, dtype, f"dim = {dim} : i64, size = {size} : i64, step = {step} : i64")
        elif kind == "as_strided" and elements(shape) >= 4:
            n = elements(shape)
            out, strides = r.choice([([n // 2], [2]), ([2, n // 2], [n // 2, 1]), ([n // 2, 2], [1, 1])])
            start = (self.offset(), [], "i64")
            self.emit("as_strided", [value, start], out, dtype, f"sizes = {array(out)}, strides = {array(strides)}")
        elif kind == "write" and len(shape) > 0:
            rows = shape[1:]
            strides, stride = [], 1
            for s in rows[::-1]:
                strides.insert(0, stride)
                stride *= s
            sources = [v for v in self.values if v[1] == rows]
            source = self.cast(r.choice(sources), dtype) if sources else self.emit(
                "fill", [], rows, dtype, f"sizes = {array(rows)}, dtype = {dtype}, value = 1.0 : f64")
            start = (self.offset(), [], "i64")
            self.emit("write_view", [value, source, start], shape, dtype, f"sizes = {array(rows)}, strides = {array(strides)}")

    def text(self, name):
        results = self.r.sample(self.values, min(len(self.values), self.r.randint(1, 4)))
        if self.values[-1] not in results:
            results.append(self.values[-1])
        types = ", ".join(tensor(s, d) for _, s, d in results)
        return (f"func.func @{name}({', '.join(self.arguments)}) -> ({types}) {{\n" + "\n".join(self.lines) +
                f"\n  return {', '.join(n for n, _, _ in results)} : {types}\n}}\n")


first, count = int(sys.argv[1]), int(sys.argv[2])
for seed in range(first, first + count):
    print(Program(seed).text(f"seed{seed}"))
