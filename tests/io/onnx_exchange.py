"""Debian's python3-onnx on the files of tests/io/onnx_exchange.cpp.

    python3 onnx_exchange.py FOLDER

For each NAME.onnx of the folder: the checker, with strict shape inference; then the graph computed here by the operators'
definitions, in double, for the samples NAME.input, all at once and the first alone; it must be NAME.output to 1e-5 of
its largest number, or of 1 where that is more. Ends with 77 where there is no onnx.
"""
import glob
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
    top, left, bottom, right = a["pads"]
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=beyond)
    down, across = a["strides"]
    return sliding_window_view(x, a["kernel_shape"], (2, 3))[:, :, ::down, ::across]


def average_pool(x, a):
    assert a["count_include_pad"] == 0
    return np.nanmean(windows(x, a, np.nan), (4, 5))


def softmax(x, a):
    e = np.exp(x - x.max(a["axis"], keepdims=True))
    return e / e.sum(a["axis"], keepdims=True)


def gemm(x, w, b, a):
    assert a == {"transB": 1}
    return x @ w.T + b


def batch_norm(x, scale, offset, mean, variance, a):
    scale, offset, mean, variance = (v.reshape(-1, *[1] * (x.ndim - 2)) for v in (scale, offset, mean, variance))
    return (x - mean) / np.sqrt(variance + a["epsilon"]) * scale + offset


OPERATORS = {
    "Conv": lambda x, w, b, a: np.einsum("ncpqrs,kcrs->nkpq", windows(x, a, 0), w) + b[:, None, None],
    "Gemm": gemm,
    "BatchNormalization": batch_norm,
    "MaxPool": lambda x, a: windows(x, a, -np.inf).max((4, 5)),
    "AveragePool": average_pool,
    "Relu": lambda x, a: np.maximum(x, 0),
    "LeakyRelu": lambda x, a: np.where(x < 0, a["alpha"] * x, x),
    "Sigmoid": lambda x, a: 1 / (1 + np.exp(-x)),
    "Tanh": lambda x, a: np.tanh(x),
    "Softmax": softmax,
    "Flatten": lambda x, a: x.reshape(int(np.prod(x.shape[:a["axis"]])), -1),
    "Transpose": lambda x, a: x.transpose(a["perm"]),
    "Identity": lambda x, a: x,
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
