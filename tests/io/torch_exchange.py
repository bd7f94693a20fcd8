"""PyTorch's side of tests/io/torch_exchange.cpp.

    python3 torch_exchange.py FOLDER

The folder holds lamina.safetensors, a network written by lamina, and lamina_io.safetensors, samples x (N, H, W, C) and
what lamina predicts, y. PyTorch must predict the same from the same file. Then the other way: torch.safetensors and
torch_io.safetensors hold a network that PyTorch made, and what it predicts.

Ends with 77 where there is no PyTorch.
"""
import array
import json
import struct
import sys

try:
    import torch
    from torch import nn
except ImportError as error:
    print(error)
    sys.exit(77)

TYPES = {"F32": (torch.float32, "f"), "F64": (torch.float64, "d")}


def read(path):
    data = open(path, "rb").read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    assert header.pop("__metadata__")["format"] == "pt"
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        numbers = array.array(TYPES[entry["dtype"]][1], data[start + begin:start + end])
        tensors[name] = torch.tensor(numbers.tolist(), dtype=TYPES[entry["dtype"]][0]).reshape(entry["shape"])
    return tensors


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        dtype, code = next((name, code) for name, (kind, code) in TYPES.items() if kind == tensor.dtype)
        numbers = array.array(code, tensor.detach().flatten().tolist()).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)


def network(dtype):
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(2, 3, (3, 2), padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Conv2d(3, 4, 2, stride=(1, 2)),
        nn.Tanh(),
        nn.Flatten(),
        nn.LeakyReLU(0.01),
        nn.Sequential(nn.Linear(4 * 2 * 3, 5), nn.Sigmoid()),
        nn.Linear(5, 3),
    ).to(dtype)


def images(x):
    return x.permute(0, 3, 1, 2)


folder = sys.argv[1]
torch.manual_seed(1)

given = read(folder + "/lamina_io.safetensors")
x, y = given["x"], given["y"]
model = network(x.dtype)
model.load_state_dict(read(folder + "/lamina.safetensors"), strict=True)
error = (model(images(x)) - y).abs().max().item()
print("largest difference", error)
assert error <= 1e-5 * y.abs().max().item()

model = network(x.dtype)
write(folder + "/torch.safetensors", model.state_dict())
write(folder + "/torch_io.safetensors", {"x": x, "y": model(images(x))})
