"""Debian's python3-onnx on the files of tests/io/onnx_exchange.cpp.

    python3 onnx_exchange.py FOLDER

For each NAME.onnx of the folder: the checker, with strict shape inference; then the graph computed here by the operators'
definitions, in double, for the samples NAME.input, all at once and the first alone; it must be NAME.output to 1e-5 of
its largest number, or of 1 where that is more. Ends with 77 where there is no onnx.
"""
import glob
import math
import sys

try:
    import numpy as np
    import onnx
    from numpy.lib.stride_tricks import sliding_window_view
    from onnx import checker, numpy_helper
except ImportError as error:
    print(error)
    sys.exit(77)


def windows(x, a, beyond):
    """(N, C, P, Q, R, S): the numbers under each window."""
    apart, strides, taps = a.get("dilations", [1, 1]), a["strides"], a["kernel_shape"]
    reach = [(n - 1) * d + 1 for n, d in zip(taps, apart)]
    if "auto_pad" in a:
        assert a["auto_pad"] == b"SAME_UPPER" and "pads" not in a
        rest = [max((-(-n // s) - 1) * s + r - n, 0) for n, s, r in zip(x.shape[2:], strides, reach)]
        pads = [n // 2 for n in rest] + [n - n // 2 for n in rest]
    else:
        pads = a["pads"]
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])), constant_values=beyond)
    if a.get("ceil_mode"):  # further windows begin within the padded image, but not in the padding behind; nothing is there
        more = []
        for extent, before, behind, stride, r in zip(x.shape[2:], pads, pads[2:], strides, reach):
            last = (-(-(extent - r) // stride)) * stride
            more.append(max(last + r - extent, 0) if last < extent - behind else 0)
        x = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])), constant_values=NOTHING if beyond == 0 else beyond)
    view = sliding_window_view(x, reach, (2, 3))[:, :, ::strides[0], ::strides[1]]
    return view[..., ::apart[0], ::apart[1]]


NOTHING = np.nan  # beyond the padding


def average_pool(x, a):
    return np.nanmean(windows(x, a, 0 if a["count_include_pad"] else np.nan), (4, 5))


def conv(x, w, *rest):
    *bias, a = rest
    groups = a.get("group", 1)
    y = [np.einsum("ncpqrs,kcrs->nkpq", windows(part, a, 0), own) for part, own in zip(np.split(x, groups, 1), np.split(w, groups))]
    return np.concatenate(y, 1) + (bias[0][:, None, None] if bias else 0)


def conv_transpose(x, w, *rest):
    """Each pixel adds its kernels to a larger image, of which the pads are cut off."""
    *bias, a = rest
    (top, left, bottom, right), groups, more = a["pads"], a.get("group", 1), a.get("output_padding", [0, 0])
    strides, apart, (R, S), (H, W) = a["strides"], a.get("dilations", [1, 1]), w.shape[2:], x.shape[2:]
    extents = [(n - 1) * s + (k - 1) * d + 1 + m for n, s, k, d, m in zip((H, W), strides, (R, S), apart, more)]
    y = np.zeros((len(x), w.shape[1] * groups, *extents))
    for h in range(H):
        for v in range(W):
            for r in range(R):
                for s in range(S):
                    parts = zip(np.split(x[:, :, h, v], groups, 1), np.split(w[:, :, r, s], groups))
                    y[:, :, h * strides[0] + r * apart[0], v * strides[1] + s * apart[1]] += np.concatenate([p @ own for p, own in parts], 1)
    return y[:, :, top:extents[0] - bottom, left:extents[1] - right] + (bias[0][:, None, None] if bias else 0)


def strided(x, starts, ends, axes, *rest):
    cut = [slice(None)] * x.ndim
    steps = rest[0] if len(rest) > 1 else [1] * len(axes)
    for start, end, axis, step in zip(starts, ends, axes, steps):
        cut[int(axis)] = slice(int(start), int(end), int(step))
    return x[tuple(cut)]


def pad(x, pads, a):
    return np.pad(x, [(int(n), int(m)) for n, m in zip(pads[:x.ndim], pads[x.ndim:])])


def resize(x, region, scales, a):
    """Sums of the rows, then columns, that each row or column of the larger image takes."""
    assert region.size == 0 and list(scales[:2]) == [1, 1]
    for axis in (2, 3):
        taken = np.zeros((int(x.shape[axis] * scales[axis]), x.shape[axis]))
        for p, row in enumerate(taken):
            if a["mode"] == b"nearest":
                assert (a["coordinate_transformation_mode"], a["nearest_mode"]) == (b"asymmetric", b"floor")
                row[int(p / scales[axis])] = 1
            else:
                assert (a["coordinate_transformation_mode"], a["mode"]) == (b"half_pixel", b"linear")
                u = (p + 0.5) / scales[axis] - 0.5
                for at, weight in ((math.floor(u), 1 - u % 1), (math.floor(u) + 1, u % 1)):
                    row[min(max(at, 0), x.shape[axis] - 1)] += weight
        x = np.moveaxis(np.tensordot(taken, x, (1, axis)), 0, axis)
    return x


def concat(*tensors):
    *tensors, a = tensors
    return np.concatenate(tensors, a["axis"])


def softmax(x, a):
    e = np.exp(x - x.max(a["axis"], keepdims=True))
    return e / e.sum(a["axis"], keepdims=True)


def gemm(x, w, *rest):
    *bias, a = rest
    assert a == {"transB": 1}
    return x @ w.T + (bias[0] if bias else 0)


def erf(x):
    return np.vectorize(math.erf)(x)


def normalised(x, axes, epsilon):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def instance_norm(x, scale, offset, a):
    return normalised(x, 2, a["epsilon"]) * scale[:, None] + offset[:, None]


def layer_norm(x, scale, *rest):
    *offset, a = rest
    assert a["axis"] == -1
    return normalised(x, -1, a["epsilon"]) * scale + (offset[0] if offset else 0)


def batch_norm(x, scale, offset, mean, variance, a):
    scale, offset, mean, variance = (v.reshape(-1, *[1] * (x.ndim - 2)) for v in (scale, offset, mean, variance))
    return (x - mean) / np.sqrt(variance + a["epsilon"]) * scale + offset


OPERATORS = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Clip": lambda x, least, most, a: np.clip(x, least, most),
    "HardSigmoid": lambda x, a: np.clip(a["alpha"] * x + a["beta"], 0, 1),
    "HardSwish": lambda x, a: x * np.clip(x / 6 + 0.5, 0, 1),
    "Elu": lambda x, a: np.where(x > 0, x, a["alpha"] * (np.exp(np.minimum(x, 0)) - 1)),
    "Softplus": lambda x, a: np.log1p(np.exp(x)),
    "PRelu": lambda x, slope, a: np.where(x > 0, x, slope * x),
    "Erf": lambda x, a: erf(x),
    "Pow": lambda x, y, a: x ** y,
    "Mul": lambda x, y, a: x * y,
    "Div": lambda x, y, a: x / y,
    "Add": lambda x, y, a: x + y,
    "Reshape": lambda x, to, a: x.reshape([x.shape[i] if n == 0 else int(n) for i, n in enumerate(to)]),
    "InstanceNormalization": instance_norm,
    "LayerNormalization": layer_norm,
    "Gemm": gemm,
    "BatchNormalization": batch_norm,
    "MaxPool": lambda x, a: windows(x, a, -np.inf).max((4, 5)),
    "AveragePool": average_pool,
    "GlobalMaxPool": lambda x, a: x.max((2, 3), keepdims=True),
    "GlobalAveragePool": lambda x, a: x.mean((2, 3), keepdims=True),
    "Relu": lambda x, a: np.maximum(x, 0),
    "LeakyRelu": lambda x, a: np.where(x < 0, a["alpha"] * x, x),
    "Sigmoid": lambda x, a: 1 / (1 + np.exp(-x)),
    "Tanh": lambda x, a: np.tanh(x),
    "Softmax": softmax,
    "Flatten": lambda x, a: x.reshape(int(np.prod(x.shape[:a["axis"]])), -1),
    "Transpose": lambda x, a: x.transpose(a["perm"]),
    "Identity": lambda x, a: x,
    "Slice": strided,
    "Pad": pad,
    "Resize": resize,
    "Concat": concat,
}


def run(graph, x):
    values = {t.name: numpy_helper.to_array(t).astype(np.float64) for t in graph.initializer}
    values[graph.input[0].name] = x.astype(np.float64)
    for node in graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input), attributes)
    return values[graph.output[0].name]


def extents(value):
    dims = value.type.tensor_type.shape.dim
    assert dims[0].dim_param == "N"
    return [-1] + [dim.dim_value for dim in dims[1:]]


worst, used = 0, set()
paths = sorted(glob.glob(sys.argv[1] + "/*.onnx"))
assert paths
for path in paths:
    model = onnx.load(path)
    checker.check_model(path, full_check=True)
    assert (model.ir_version, model.opset_import[0].version, model.producer_name) == (8, 17, "lamina")
    assert "lamina" in [entry.key for entry in model.metadata_props]
    graph = model.graph
    used |= {node.op_type for node in graph.node}
    x, y = (np.fromfile(path[:-len("onnx")] + value.name, "<f4").reshape(extents(value)) for value in (graph.input[0], graph.output[0]))
    for n in (len(x), 1):
        error = np.abs(run(graph, x[:n]) - y[:n]).max() / max(1, np.abs(y).max())
        assert error <= 1e-5, (path, n, error)
        worst = max(worst, error)
assert used == set(OPERATORS), set(OPERATORS) - used
print(len(paths), "networks of", len(used), "operators pass onnx", onnx.__version__ + "; largest difference by the definitions:", worst)
