"""Writes OUT/add.safetensors: calls of add and mul that are recorded rightly and wrongly. usage: write_cases.py OUT"""
import json
import struct
import sys


def main():
    tensors, data, cases = {}, b"", []

    def tensor(name, values):
        nonlocal data
        raw = struct.pack(f"<{len(values)}f", *values)
        tensors[name] = {"dtype": "F32", "shape": [len(values)], "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
        return name

    def case(name, fn, inputs, result, kwargs=None, **more):
        prefix = f"c{len(cases)}"
        args = []
        for i, values in enumerate(inputs):
            args.append({"tensor": tensor(f"{prefix}.in{i}", values), "requires_grad": "grads" in more})
        golden = {"id": name, "dtype": "float32", "fn": fn, "args": args, "kwargs": kwargs or {}}
        if result is not None:
            golden |= {"outputs": [tensor(f"{prefix}.out0", result)], "rtol": 1e-6, "atol": 1e-6}
        if "grads" in more:
            golden["grad_seed"] = [tensor(f"{prefix}.gout0", more["seed"])]
            golden["grads"] = {f"{prefix}.in0": tensor(f"{prefix}.grad0", more["grads"])}
        for key in ("mutated", "error"):
            if key in more:
                golden[key] = more[key] if key == "error" else {f"{prefix}.in0": tensor(f"{prefix}.mut0", more[key])}
        if "error" in more:
            golden["message"] = "as PyTorch says"
        cases.append(golden)

    case("right", "torch.add", [[1, 2], [3, 4]], [4, 6])
    case("keyword", "torch.add", [[1, 2], [3, 4]], [7, 10], {"alpha": 2})
    case("value", "torch.add", [[1, 2], [3, 4]], [4, 7])
    case("sizes", "torch.add", [[1, 2], [3, 4]], [4, 6, 6])
    case("unknown", "torch.no_such_function", [[1, 2]], [1, 2])
    case("gradient", "torch.mul", [[1, 2]] * 2, [1, 4], seed=[1, 1], grads=[1, 3])
    case("mutated", "Tensor.add_", [[1, 2], [3, 4]], [4, 6], mutated=[4, 6])
    case("unchanged", "Tensor.add_", [[1, 2], [3, 4]], [4, 6])
    case("raises", "torch.add", [[1, 2], [3, 4, 5]], None, error="RuntimeError")
    case("silent", "torch.add", [[1, 2], [3, 4]], None, error="RuntimeError")
    header = json.dumps(tensors | {"__metadata__": {"cases": json.dumps(cases)}}).encode()
    with open(f"{sys.argv[1]}/add.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


main()
