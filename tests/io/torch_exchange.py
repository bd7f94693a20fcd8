"""PyTorch's side of tests/io/torch_exchange.cpp.

    python3 torch_exchange.py <the README.md of io> FOLDER

For each NAME.safetensors of the folder, a network that lamina wrote, NAME.io holds samples x (N, H, W, C) and what lamina
predicts, y. PyTorch builds the same network from the file's metadata, and must predict the same. Then the other way:
NAME.torch and NAME.torch_io hold a network of the same layers that PyTorch drew, and what it predicts.

Files are read and written by that page's own lines. Ends with 77 where there is no PyTorch.
"""
import glob
import json
import re
import struct
import sys
import warnings

try:
    import torch
    from torch import nn
except ImportError as error:
    print(error)
    sys.exit(77)

readme, folder = sys.argv[1:]
blocks = re.findall(r"```python\n(.*?)```", open(readme, encoding="utf-8").read(), re.S)
exec(blocks[0].split("\nnet.")[0])  # read and write; what follows is an example

LAYERS = {
    "Conv": lambda o: nn.LazyConv2d(o["filters"], o["kernel"], o["stride"], o["padding"]),
    "Dense": lambda o: nn.LazyLinear(o["units"]),
    "Flatten": lambda o: nn.Flatten(),
    "ReLU": lambda o: nn.ReLU(),
    "LeakyReLU": lambda o: nn.LeakyReLU(float(o["slope"])),
    "Sigmoid": lambda o: nn.Sigmoid(),
    "Tanh": lambda o: nn.Tanh(),
    "Softmax": lambda o: nn.Softmax(dim=1),
    "Dropout": lambda o: nn.Dropout(float(o["rate"])),
    "MaxPool": lambda o: nn.MaxPool2d(o["window"], o.get("stride"), o["padding"]),
    "AvgPool": lambda o: nn.AvgPool2d(o["window"], o.get("stride"), o["padding"], count_include_pad=False),
}


class Subsample(nn.Module):
    def __init__(self, stride, channels):
        super().__init__()
        self.stride, self.channels = stride, channels

    def forward(self, x):
        x = x[:, :, ::self.stride[0], ::self.stride[1]]
        more = max(0, self.channels - x.shape[1])
        return nn.functional.pad(x, (0, 0, 0, 0, more // 2, more - more // 2))


LAYERS["GlobalAveragePool"] = lambda o: nn.AdaptiveAvgPool2d(1)
LAYERS["GlobalMaxPool"] = lambda o: nn.AdaptiveMaxPool2d(1)
LAYERS["Subsample"] = lambda o: Subsample(o["stride"], o["channels"])


def metadata(path):
    data = open(path, "rb").read()
    return json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]


def nested(layers, depth=0):
    """nn.Sequential of (place, module), where place ["1", "0"] is the first one of the second block."""
    modules, block = [], []
    for i, (place, module) in enumerate(layers):
        if len(place) == depth + 1:
            modules.append(module)
            continue
        block.append((place, module))
        if i + 1 == len(layers) or layers[i + 1][0][depth] != place[depth]:
            modules.append(nested(block, depth + 1))
            block = []
    return nn.Sequential(*modules)


def build(path, x):
    architecture = json.loads(metadata(path)["lamina.architecture"])
    assert architecture["sample"] == list(x.shape[1:])
    layers, rows = [], x.dim() == 2
    for layer in architecture["layers"]:
        rows = rows or layer["type"] == "Flatten"
        if layer["type"] == "BatchNorm":
            norm = nn.LazyBatchNorm1d if rows else nn.LazyBatchNorm2d
            module = norm(eps=float(layer["epsilon"]), momentum=float(layer["momentum"]))
        else:
            module = LAYERS[layer["type"]](layer)
        layers.append((layer["name"].split("."), module))
    network = nested(layers).to(x.dtype).eval()
    network(images(x))  # tells lazy layers their sizes
    return network


def images(x):
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


torch.manual_seed(1)
warnings.filterwarnings("ignore", message="Lazy modules")
paths = sorted(glob.glob(folder + "/*.safetensors"))
worst = 0
used = set()
for path in paths:
    name = path[:-len(".safetensors")]
    given = read(name + ".io")
    x, y = given["x"], given["y"]
    with torch.no_grad():
        network = build(path, x)
        used |= {type(module).__name__ for module in network.modules()}
        network.load_state_dict(read(path), strict=True)
        error = (network(images(x)) - y).abs().max().item() / max(1, y.abs().max().item())
        assert error <= 1e-5, (name, error)
        worst = max(worst, error)

        network = build(path, x)
        for key, value in network.state_dict().items():
            if key.endswith(("running_mean", "running_var")):
                value.uniform_(0.5, 2)
        write(name + ".torch", network.state_dict())
        write(name + ".torch_io", {"y": network(images(x))})
print(len(paths), "networks of", len(used), "kinds of modules; largest difference, relative to the largest output or 1:", worst)
