"""ONNX files of others, for tests/io/load_onnx_exchange.cpp.

    python3 load_onnx_exchange.py FOLDER

Writes to the folder, for each network, NAME.onnx, samples NAME.input and what PyTorch makes of them, NAME.output,
floats in ONNX's order: networks that torch.onnx.export writes, and graphs put together by onnx.helper, whose outputs
are computed by PyTorch's functions. And NAME.onnx with NAME.refused, the texts that its refusal must have. Ends with 77
where there is no PyTorch or no onnx.
"""
import sys
import warnings

try:
    import numpy as np
    import onnx
    import torch
    import torch.nn.functional as F
    from onnx import TensorProto, checker, helper, numpy_helper
    from torch import nn
except ImportError as error:
    print(error)
    sys.exit(77)

warnings.filterwarnings("ignore")
torch.manual_seed(1)
folder = sys.argv[1] + "/"
written = 0


def keep(name, x, y):
    global written
    x.numpy().astype("<f4").tofile(folder + name + ".input")
    y.detach().numpy().astype("<f4").tofile(folder + name + ".output")
    written += 1


def export(name, net, *sample, opset=13, batch=None, refused=(), **options):
    """What torch.onnx.export writes of a network, of any batch or of a fixed one."""
    x = torch.randn(batch or 4, *sample)
    axes = None if batch else {"input": {0: "n"}}
    torch.onnx.export(net, x, folder + name + ".onnx", opset_version=opset, input_names=["input"], dynamic_axes=axes,
                      **options)
    if refused:
        open(folder + name + ".refused", "w").write("\n".join(refused))
    else:
        keep(name, x, net.eval()(x))


def images(*tail):
    return nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(4, 3, (3, 2), stride=(1, 2), bias=False), nn.Tanh(), nn.Flatten(),
                         nn.Linear(3 * 3 * 2, 6), nn.Sigmoid(), nn.Linear(6, 3), *tail).eval()


class View(nn.Module):
    """Flattens as many programs do, and multiplies by weights without a bias."""

    def __init__(self):
        super().__init__()
        self.conv, self.dense = nn.Conv2d(2, 3, 3), nn.Linear(3 * 8 * 6, 4, bias=False)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        return self.dense(x.view(x.size(0), -1))


class TwoPaths(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(4, 4)

    def forward(self, x):
        return torch.tanh(self.one(x)) + x


for opset in (7, 9, 11, 12, 13, 15, 17):
    export(f"torch-{opset}", images(nn.Softmax(1)), 2, 10, 8, opset=opset)
export("torch-fixed-batch", images(), 2, 10, 8, batch=3)
export("torch-view", View().eval(), 2, 10, 8, batch=3)
export("torch-not-folded", images(), 2, 10, 8, do_constant_folding=False)
export("torch-rows", nn.Sequential(nn.Linear(5, 7), nn.LeakyReLU(0.2), nn.Linear(7, 2, bias=False)).eval(), 5)
export("torch-pools", nn.Sequential(nn.AvgPool2d(2), nn.AvgPool2d(3, 2, 1, count_include_pad=False),
                                    nn.MaxPool2d(3, 1, 1), nn.Conv2d(2, 5, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                                    nn.Linear(5, 2)).eval(), 2, 13, 9)
export("torch-batch-norm", nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveMaxPool2d(1),
                                         nn.Flatten()).eval(), 2, 8, 8)
for opset in (11, 17):
    export(f"torch-training-{opset}",
           nn.Sequential(nn.Linear(5, 7), nn.Dropout(0.25), nn.ReLU(), nn.Linear(7, 2)).train(), 5, opset=opset,
           training=torch.onnx.TrainingMode.TRAINING)

class Residual(nn.Module):
    """A residual block with a shortcut: of a convolution, or of none (option A)."""

    def __init__(self, option):
        super().__init__()
        self.option = option
        self.body = nn.Sequential(nn.Conv2d(2, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 6, 3, 1, 1))
        self.shortcut = nn.Sequential(nn.Conv2d(2, 6, 1, 2, bias=False), nn.BatchNorm2d(6))

    def forward(self, x):
        x = torch.relu(x)
        beside = self.shortcut(x) if self.option == "B" else F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2))
        return torch.relu(self.body(x) + beside).mean((2, 3))


class Squeeze(nn.Module):
    """Squeeze and excitation, with rows that become (N, C, 1, 1) in one of several ways."""

    def __init__(self, way):
        super().__init__()
        self.way, self.down, self.up, self.conv = way, nn.Linear(3, 2), nn.Linear(2, 3), nn.Conv2d(3, 3, 1)

    def forward(self, x):
        n, c = x.shape[:2]
        if self.way == "conv":
            return F.adaptive_max_pool2d(torch.sigmoid(self.conv(F.adaptive_avg_pool2d(x, 1))) * x, 1).flatten(1)
        s = x.mean((2, 3)) if self.way == "unsqueeze" else F.adaptive_avg_pool2d(x, 1).squeeze(3).squeeze(2)
        s = torch.sigmoid(self.up(torch.relu(self.down(s))))
        s = s.unsqueeze(2).unsqueeze(3) if self.way == "unsqueeze" else s.view(n, c, 1, 1)
        return (x * s).mean((2, 3), keepdim=True).view(n, -1)


class Dense(nn.Module):
    """Layers that see all before them, side by side; x·σ(x); rows that are added, multiplied and put side by side."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(2, 3, 3, padding=1), nn.Conv2d(5, 4, 3, padding=1)
        self.u, self.v = nn.Linear(9, 5), nn.Linear(5, 5)

    def forward(self, x):
        y = torch.cat([x, F.silu(self.a(x))], 1)
        y = torch.cat([x, y[:, :, :, :], F.silu(self.b(y))], 1)[:, :, ::3, ::2]
        y = torch.cat([y.mean((2, 3))[:, :], F.adaptive_max_pool2d(y, 1).flatten(1)], 1)
        return self.last(y)

    def last(self, y):
        z = self.v(torch.relu(y @ torch.ones(22, 5)))
        return torch.cat([z * torch.sigmoid(z) + z, self.v(z)], 1)


class Shuffle(nn.Module):
    """Channels that are parted in several ways, shuffled and put together, as in ShuffleNet."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.last = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(5, 5, 1), nn.Linear(14, 6)

    def forward(self, x):
        n, c, h, w = x.shape
        a, b = x.chunk(2, 1)
        x = torch.cat([b, torch.relu(self.a(a))], 1).view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        a, b = x.split([3, 5], 1)
        x = torch.cat([a, self.b(b), x[:, 2:-1], x[:, -1:]], 1).mean((2, 3))
        x, gate = self.last(x).chunk(2, 1)
        return x * torch.sigmoid(gate)


class Enlarged(nn.Module):
    """Images that are made larger, by factors or to sizes."""

    def __init__(self, bilinear, sizes=True):
        super().__init__()
        self.sizes, self.mode, self.conv = sizes, "bilinear" if bilinear else "nearest", nn.Conv2d(2, 3, 3, padding=1)

    def forward(self, x):
        y = F.interpolate(self.conv(x), scale_factor=2, mode=self.mode)
        z = F.interpolate(torch.relu(y), scale_factor=(1, 3), mode=self.mode)
        if self.sizes:
            z = z * F.interpolate(y, size=(10, 24), mode=self.mode)
        return F.max_pool2d(z, 5).mean((2, 3))


for opset in (9, 11, 13, 17):
    export(f"torch-nearest-{opset}", Enlarged(False, opset > 9).eval(), 2, 5, 4, opset=opset)
    if opset > 9:
        export(f"torch-bilinear-{opset}", Enlarged(True).eval(), 2, 5, 4, opset=opset)
export("torch-view-any-batch", View().eval(), 2, 10, 8)
export("torch-view-not-folded", View().eval(), 2, 10, 8, do_constant_folding=False)
export("torch-paths", TwoPaths().eval(), 4)
for opset in (11, 13, 17):
    for option in "AB":
        export(f"torch-residual-{option}-{opset}", Residual(option).eval(), 2, 9, 7, opset=opset)
    for way in ("conv", "unsqueeze", "view"):
        export(f"torch-squeeze-{way}-{opset}", Squeeze(way).eval(), 3, 6, 5, opset=opset)
    export(f"torch-shuffle-{opset}", Shuffle().eval(), 8, 5, 4, opset=opset)
    export(f"torch-dense-{opset}", Dense().eval(), 2, 7, 6, opset=opset)
export("torch-residual-fixed-batch", Residual("A").eval(), 2, 8, 8, batch=2)
export("torch-residual-not-folded", Residual("B").eval(), 2, 8, 8, do_constant_folding=False)
export("torch-batch-norm-apart", Residual("B").eval(), 2, 8, 8, training=torch.onnx.TrainingMode.PRESERVE, keep_initializers_as_inputs=True)
class Constants(nn.Module):
    """Pixels that are normalised, layers that are scaled and shifted, and rows that were images."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.randn(3, 1, 1))
        self.register_buffer("std", torch.rand(3, 1, 1) + 0.5)
        self.register_buffer("v", torch.randn(4 * 2 * 3))
        self.conv, self.last = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.Linear(24, 5)
        self.gamma, self.beta = nn.Parameter(torch.randn(4, 1, 1)), nn.Parameter(torch.randn(1, 4, 1, 1))

    def forward(self, x):
        x = (x * 2 - self.mean) / self.std
        x = torch.relu(self.conv(1 - x) + self.beta)
        x = torch.tanh(x * self.gamma + 0.5) / 3
        x = F.max_pool2d(x, 2).flatten(1) * self.v + self.v
        y = self.last(x)
        return -0.5 * (y @ torch.ones(5, 5) + self.v[:5]) * self.v[2]


class Pads(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(2, 4, 3, 2), nn.Conv2d(4, 4, (2, 3), padding=(1, 0), dilation=2)

    def forward(self, x):
        x = torch.relu(self.a(F.pad(F.pad(x, (1, 2, 0, 3)), (0, 1, 2, 0))))
        x = F.max_pool2d(F.pad(x, (0, 1, 1, 0)), 2, 1) + F.avg_pool2d(F.pad(x, (1, 0, 1, 0)), 2, 1)
        x = self.b(F.pad(x, (2, 2, 1, 1)))
        return F.max_pool2d(F.pad(x, (1, 1, 1, 1), value=-float("inf")), 3, 2).mean((2, 3))


for opset in (9, 11, 13, 17):
    export(f"torch-constants-{opset}", Constants().eval(), 3, 4, 6, opset=opset)
    export(f"torch-pads-{opset}", Pads().eval(), 2, 9, 8, opset=opset)
export("torch-average-pool", nn.Sequential(nn.AvgPool2d(3, padding=1), nn.Flatten(), nn.Linear(9, 2)).eval(), 1, 9, 9)
export("refused-pads", nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(1, 1, 3), nn.Flatten(), nn.Linear(81, 2)).eval(), 1, 9, 9,
       refused=["1 of its ", "Pad: is none that is read"])
export("torch-layers", nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), nn.ELU(), nn.Conv2d(4, 4, 3, dilation=2, groups=4),
                                     nn.PReLU(4), nn.ReLU6(), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.Flatten(),
                                     nn.Linear(36, 8), nn.PReLU(), nn.Linear(8, 8, bias=False), nn.Softplus()).eval(), 2, 10, 10)
export("torch-activations", nn.Sequential(nn.Conv2d(2, 4, 3), nn.Hardswish(), nn.Conv2d(4, 4, 1), nn.Hardsigmoid(),
                                          nn.Conv2d(4, 4, 1), nn.SiLU(), nn.Flatten(), nn.Linear(256, 8), nn.GELU(),
                                          nn.Linear(8, 3), nn.SiLU()).eval(), 2, 10, 10, opset=14)
class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.smaller = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU())
        self.larger = nn.Sequential(nn.ConvTranspose2d(8, 6, 3, 2, 1, 1), nn.BatchNorm2d(6), nn.ReLU(),
                                    nn.ConvTranspose2d(6, 4, (2, 3), (1, 2), (0, 1), (0, 1), 2, False),
                                    nn.ConvTranspose2d(4, 4, 2, groups=4, dilation=2))
        self.last = nn.Linear(4, 5)

    def forward(self, x):
        return self.last(self.larger(self.smaller(x)).mean((2, 3)))


for opset in (9, 13, 17):
    export(f"torch-conv-transpose-{opset}", Autoencoder().eval(), 3, 8, 6, opset=opset)
export("torch-layer-norm", nn.Sequential(nn.Linear(5, 7), nn.LayerNorm(7), nn.Linear(7, 2)).eval(), 5, opset=17)
export("refused-layers", nn.Sequential(nn.Conv2d(2, 4, 3), nn.Hardtanh(-1, 1), nn.Flatten(), nn.Linear(256, 2),
                                       nn.LogSoftmax(1)).eval(), 2, 10, 10,
       refused=["2 of its 7 nodes are not supported", "is between -1 and 1", "LogSoftmax: "])


def build(name, nodes, weights, x, y, opset=15, free=True, channels_last=False):
    """A graph by onnx.helper: nodes as (operator, constants, attributes), each of the one before or, with {"of": i}, of others."""
    proto, at = [], "x"
    for i, (op, constants, attributes) in enumerate(nodes):
        at = attributes.pop("of", at)
        proto.append(helper.make_node(op, [at, *constants], [f"v{i}"], **attributes))
        at = f"v{i}"
    N = "N" if free else x.shape[0]
    sample = x.movedim(1, -1).shape[1:] if channels_last else x.shape[1:]
    graph = helper.make_graph(proto, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [N, *sample])],
                              [helper.make_tensor_value_info(at, TensorProto.FLOAT, [N, y.shape[1]])],
                              [numpy_helper.from_array(a, key) if isinstance(a, np.ndarray) else a
                               for key, a in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    checker.check_model(model, full_check=True)
    onnx.save(model, folder + name + ".onnx")
    keep(name, x, y)


x, rows = torch.randn(4, 2, 7, 6), torch.randn(4, 5)
kernel, u, w, b = torch.randn(3, 2, 3, 2), torch.randn(4, 3 * 5 * 5), torch.randn(5, 3), torch.randn(1, 3)
build("helper-conv-valid",
      [("Conv", ["k"], {"auto_pad": "VALID"}), ("Reshape", ["to"], {}), ("Gemm", ["u"], {"transB": 1})],
      {"k": helper.make_tensor("k", TensorProto.FLOAT, kernel.shape, kernel.flatten().tolist()),  # float_data
       "u": u.numpy(), "to": np.array([-1, 75], np.int64)}, x, F.conv2d(x, kernel).flatten(1) @ u.T)
up = torch.randn(2, 3, 4, 3)
for name, attributes, (top, left, bottom, right) in [("upper", {"auto_pad": "SAME_UPPER"}, (1, 0, 1, 1)), ("lower", {"auto_pad": "SAME_LOWER"}, (1, 1, 1, 0)),
                                                     ("shape", {"output_shape": [13, 12]}, (2, 1, 1, 0))]:
    larger = F.conv_transpose2d(x, up, stride=2)
    build("helper-conv-transpose-" + name, [("ConvTranspose", ["k"], {"strides": [2, 2], **attributes}), ("GlobalMaxPool", [], {}), ("Flatten", [], {})],
          {"k": up.numpy()}, x, larger[:, :, top:larger.shape[2] - bottom, left:larger.shape[3] - right].amax((2, 3)))
build("helper-matmul-add",
      [("Identity", [], {}), ("MatMul", ["w"], {}), ("Add", ["b"], {}), ("Softmax", [], {}), ("Dropout", [], {})],
      {"w": w.numpy(), "b": b.numpy()}, rows, F.softmax(rows @ w + b, 1))
build("helper-transposed", [("MaxPool", [], {"kernel_shape": [2, 3], "pads": [1, 1, 1, 1]}),
                            ("Transpose", [], {"perm": [0, 2, 3, 1]}), ("Flatten", [], {"axis": 1})],
      {}, x, F.max_pool2d(F.pad(x, (1, 1, 1, 1), value=-np.inf), (2, 3), 1).permute(0, 2, 3, 1).flatten(1))
build("helper-leaky", [("LeakyRelu", [], {}), ("GlobalAveragePool", [], {}), ("Flatten", [], {})], {}, x,
      F.leaky_relu(x, 0.01).mean((2, 3)), opset=9, free=False)

# As tf2onnx writes what Keras made: images (N, H, W, C) outside, (N, C, H, W) within.
mean, deep, up, down = torch.randn(2), torch.randn(4, 5 * 4 * 3), torch.randn(2, 3, 1, 1), torch.randn(3, 2, 1, 1)
first, last = {"perm": [0, 3, 1, 2]}, {"perm": [0, 2, 3, 1]}
y = F.relu(F.conv2d((x - mean[:, None, None]) / 4, kernel) + b[0, :, None, None])
build("helper-channels-last",
      [("Sub", ["m"], {}), ("Div", ["four"], {}), ("Transpose", [], first), ("Conv", ["k"], {}), ("Transpose", [], last), ("Add", ["b"], {}),
       ("Relu", [], {}), ("Reshape", ["to"], {}), ("MatMul", ["u"], {}), ("Softmax", [], {})],
      {"m": mean.numpy(), "four": np.array(4, np.float32), "k": kernel.numpy(), "b": b[0].numpy(), "to": np.array([-1, 75], np.int64),
       "u": u.T.contiguous().numpy()}, x, F.softmax(y.movedim(1, -1).flatten(1) @ u.T, 1), channels_last=True)
grey = x[:, :1]
build("helper-one-channel",
      [("Reshape", ["to"], {}), ("Conv", ["k"], {"pads": [1, 1, 1, 1]}), ("ReduceMean", [], {"axes": [2, 3], "keepdims": 0})],
      {"to": np.array([-1, 1, 7, 6], np.int64), "k": kernel[:, :1].numpy()}, grey, F.conv2d(grey, kernel[:, :1], padding=1).mean((2, 3)),
      channels_last=True)
gate = torch.sigmoid(F.conv2d(torch.relu(F.conv2d(x.mean((2, 3), keepdim=True), down)), up))
for name, reduced in {"mean": [("ReduceMean", [], {"axes": [2, 3], "keepdims": 0}), ("Reshape", ["row"], {}), ("Transpose", [], first)],
                      "last": [("Transpose", [], last), ("ReduceMean", [], {"axes": [1, 2], "keepdims": 1}), ("Transpose", [], first)],
                      "rows": [("GlobalAveragePool", [], {}), ("Squeeze", ["axes"], {}), ("Unsqueeze", ["between"], {}), ("Reshape", ["column"], {})]}.items():
    build("helper-excitation-" + name,
          [("Transpose", [], first), *reduced, ("Conv", ["down"], {}), ("Relu", [], {}), ("Conv", ["up"], {}), ("Sigmoid", [], {}),
           ("Mul", ["v0"], {}), ("Transpose", [], last), ("ReduceMax", [], {"axes": [1, 2], "keepdims": 0})],
          {"row": np.array([-1, 1, 1, 2], np.int64), "down": down.numpy(), "up": up.numpy(), "axes": np.array([2, 3], np.int64),
           "between": np.array([1, 2], np.int64), "column": np.array([-1, 2, 1, 1], np.int64)}, x, (x * gate).amax((2, 3)), channels_last=True)
g, h, scale = torch.randn(3), torch.randn(3), torch.randn(3)
pointwise, norm = torch.randn(2, 3), torch.randn(3)
z = F.layer_norm(x.movedim(1, -1) @ pointwise + norm, (3,), g, h) * scale
build("helper-pixelwise",
      [("Transpose", [], last), ("MatMul", ["p"], {}), ("Add", ["n"], {}), ("LayerNormalization", ["g", "h"], {}), ("Mul", ["s"], {}),
       ("Transpose", [], first), ("GlobalAveragePool", [], {}), ("Flatten", [], {})],
      {"p": pointwise.numpy(), "n": norm.numpy(), "g": g.numpy(), "h": h.numpy(), "s": scale.numpy()}, x, z.mean((1, 2)), opset=17)
print(written, "networks written by torch", torch.__version__, "and onnx", onnx.__version__)
