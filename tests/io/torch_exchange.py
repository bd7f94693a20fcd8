"""PyTorch's side of tests/io/torch_exchange.cpp.

    python3 torch_exchange.py <the README.md of io> FOLDER

For each NAME.safetensors of the folder, a network that lamina wrote, NAME.io holds samples x (N, H, W, C) and what lamina
predicts, y. PyTorch builds the same network from the file's metadata, and must predict the same. Then the other way:
NAME.torch and NAME.torch_io hold a network of the same layers that PyTorch drew, and what it predicts.

Files are read and written by that page's own lines. Ends with 77 where there is no PyTorch.
"""
import glob
import json
import math
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

def sides(o, window, extents):
    """(left, right, top, bottom) of a padding of two numbers, of four, or "Same", for an image of these extents."""
    given = o["padding"]
    if given != "Same":
        top, left, bottom, right = given if len(given) == 4 else given * 2
        return left, right, top, bottom
    pads = []
    for extent, taps, stride, apart in zip(extents, window, o.get("stride", window), o.get("dilation", [1, 1])):
        rest = max((-(-extent // stride) - 1) * stride + (taps - 1) * apart + 1 - extent, 0)
        pads.append((rest // 2, rest - rest // 2))
    return *pads[1], *pads[0]


class Padded(nn.Module):
    """A convolution of an image that is padded before."""

    def forward(self, x):
        return nn.Conv2d.forward(self, nn.functional.pad(x, sides(self.options, self.kernel_size, x.shape[2:])))


class PaddedConv2d(Padded, nn.Conv2d):
    pass


class LazyPaddedConv2d(Padded, nn.LazyConv2d):
    cls_to_become = PaddedConv2d


def conv(o):
    module = LazyPaddedConv2d(o["filters"], o["kernel"], o["stride"], 0, o.get("dilation", 1), o.get("groups", 1),
                              o.get("bias", 1) == 1)
    module.options = o
    return module


class Cut(nn.Module):
    """A transposed convolution whose border is cut off, by numbers of the same four sides."""

    def forward(self, x):
        left, right, top, bottom = self.cut
        y = nn.ConvTranspose2d.forward(self, x)
        return y[:, :, top:y.shape[2] - bottom, left:y.shape[3] - right]


class CutConvTranspose2d(Cut, nn.ConvTranspose2d):
    pass


class LazyCutConvTranspose2d(Cut, nn.LazyConvTranspose2d):
    cls_to_become = CutConvTranspose2d


def conv_transpose(o):
    reach = [(taps - 1) * apart + 1 for taps, apart in zip(o["kernel"], o.get("dilation", [1, 1]))]
    more, padding = o.get("output_padding", 0), o["padding"]
    cut = None
    if padding == "Same":  # the image is stride times as large; what is beyond is cut off, the larger half below and on the right
        rest = [max(r - s, 0) for r, s in zip(reach, o["stride"])]
        cut = rest[1] // 2, rest[1] - rest[1] // 2, rest[0] // 2, rest[0] - rest[0] // 2
        more, padding = [max(s - r, 0) for r, s in zip(reach, o["stride"])], 0
    elif len(padding) == 4:
        cut, padding = sides(o, o["kernel"], None), 0
    make = LazyCutConvTranspose2d if cut else nn.LazyConvTranspose2d
    module = make(o["filters"], o["kernel"], o["stride"], padding, more, o.get("groups", 1), o.get("bias", 1) == 1, o.get("dilation", 1))
    module.cut = cut
    return module


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def pool(o, value, make):
    given, up = o["padding"], o.get("ceil_mode", 0) == 1
    if len(given) == 2:
        return make(o["window"], o.get("stride"), given, up)
    module = make(o["window"], o.get("stride"), 0, up)
    return Function(lambda x: module(nn.functional.pad(x, sides(o, o["window"], x.shape[2:]), value=value)))


def average_pool(o):
    """Where padding does not count, the mean is that of what is not padding: the ratio of two means that count it."""
    if len(o["padding"]) == 2 or o.get("count_include_pad"):
        return pool(o, 0, lambda w, s, p, up: nn.AvgPool2d(w, s, p, up, o.get("count_include_pad", 0) == 1))
    mean = pool(o, 0, lambda w, s, p, up: nn.AvgPool2d(w, s, p, up, True))
    return Function(lambda x: mean(x) / mean(torch.ones_like(x)))


class ChannelNorm(nn.LayerNorm):
    """Of images, each pixel's channels."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


LAYERS = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Dense": lambda o: nn.LazyLinear(o["units"], o.get("bias", 1) == 1),
    "Flatten": lambda o: nn.Flatten(),
    "ReLU": lambda o: nn.ReLU(),
    "LeakyReLU": lambda o: nn.LeakyReLU(float(o["slope"])),
    "Sigmoid": lambda o: nn.Sigmoid(),
    "Tanh": lambda o: nn.Tanh(),
    "Softmax": lambda o: nn.Softmax(dim=1),
    "Dropout": lambda o: nn.Dropout(float(o["rate"])),
    "MaxPool": lambda o: pool(o, -math.inf, lambda w, s, p, up: nn.MaxPool2d(w, s, p, ceil_mode=up)),
    "AvgPool": average_pool,
    "ReLU6": lambda o: nn.ReLU6(),
    "HardSigmoid": lambda o: nn.Hardsigmoid(),
    "HardSwish": lambda o: nn.Hardswish(),
    "SiLU": lambda o: nn.SiLU(),
    "GELU": lambda o: nn.GELU("tanh" if o.get("approximate") else "none"),
    "ELU": lambda o: nn.ELU(float(o["alpha"])),
    "Softplus": lambda o: nn.Softplus(float(o["beta"])),
    "PReLU": lambda o: nn.PReLU(o["num_parameters"]),
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
LAYERS["Upsample"] = lambda o: nn.Upsample(scale_factor=tuple(o["scale_factor"]), mode="bilinear" if o.get("bilinear") else "nearest")
LAYERS["ChannelShuffle"] = lambda o: nn.ChannelShuffle(o["groups"])
LAYERS["Narrow"] = lambda o: Function(lambda x: x.narrow(1, o["start"], o["length"]))
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
            module = norm(eps=float(layer["epsilon"]), momentum=float(layer["momentum"]), affine=layer.get("affine", 1) == 1)
        elif layer["type"] in ("GroupNorm", "LayerNorm"):
            with torch.no_grad():
                C = nested([([str(i)], module) for i, (_, module) in enumerate(layers)]).to(x.dtype)(images(x)).shape[1] if layers else x.shape[-1]
            options = {"eps": float(layer["epsilon"])}
            affine = layer.get("affine", 1) == 1
            if layer["type"] == "GroupNorm":
                module = nn.GroupNorm(layer["groups"], C, affine=affine, **options)
            else:
                module = (nn.LayerNorm if rows else ChannelNorm)(C, elementwise_affine=affine, **options)
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
