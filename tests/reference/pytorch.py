#!/usr/bin/python3
"""Reference numbers from PyTorch (Debian's python3-torch 1.13, in double).

  pytorch.py > pytorch.txt          makes them
  pytorch.py --check pytorch.txt    makes them again and compares; says `skipped: …` where there is no PyTorch

Inputs are not stored: numbers(seed, …) below and in reference.hpp are the same. Everything is written as lamina lays it
out: images (N, H, W, C), convolution weights (R, S, C, K). A line is a name and its numbers.
"""
import math
import sys
import warnings

try:
    import torch
    import torch.nn.functional as F
except ImportError as trouble:
    print(f"skipped: reference/regenerate: {sys.executable} has no PyTorch ({trouble}); install python3-torch")
    sys.exit(0)

warnings.filterwarnings("ignore")  # SequentialLR, of its own doing
torch.set_default_dtype(torch.float64)
results = {}


def words(seed, count):
    """`count` words of 32 bits, by an integer hash of seed and place."""
    mask = 0xFFFFFFFF
    x = (torch.arange(count, dtype=torch.int64) + seed * 0x10001) & mask
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & mask
    x = ((x ^ (x >> 15)) * 0x846CA68B) & mask
    return x ^ (x >> 16)


def numbers(seed, *shape):
    """Numbers in [−1, 1) that float holds exactly."""
    return ((words(seed, math.prod(shape)) >> 8).to(torch.float64) * 2.0**-23 - 1.0).reshape(shape)


def keep(name, tensor):
    results[name] = [float(value) for value in tensor.detach().reshape(-1)]


def nchw(x):
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def nhwc(x):
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def layer(name, function, x, scale=1.0):
    """y and dx of a layer without parameters, for dy = numbers(2, …)."""
    x = (x * scale).requires_grad_()
    y = nhwc(function(nchw(x)))
    y.backward(numbers(2, *y.shape))
    keep(name + ".y", y)
    keep(name + ".dx", x.grad)


def conv(name, shape, filters, kernel, stride, padding, dilation=1, groups=1):
    """A padding of four numbers is (top, left, bottom, right)."""
    x = numbers(1, *shape).requires_grad_()
    w = numbers(3, *kernel, shape[3] // groups, filters).requires_grad_()
    b = numbers(4, filters).requires_grad_()
    image = nchw(x)
    if isinstance(padding, tuple) and len(padding) == 4:
        top, left, bottom, right = padding
        image, padding = F.pad(image, (left, right, top, bottom)), 0
    y = nhwc(F.conv2d(image, w.permute(3, 2, 0, 1), b, stride, padding, dilation, groups))
    y.backward(numbers(2, *y.shape))
    for part, tensor in {"y": y, "dx": x.grad, "dw": w.grad, "db": b.grad}.items():
        keep(f"{name}.{part}", tensor)


def conv_transpose(name, shape, filters, kernel, *rest, cut=None):
    """The rest: stride, padding, output padding, groups and dilation. `cut` is (top, left, bottom, right), cut off the output."""
    groups = rest[3] if len(rest) > 3 else 1
    x = numbers(1, *shape).requires_grad_()
    w = numbers(3, *kernel, filters // groups, shape[3]).requires_grad_()
    b = numbers(4, filters).requires_grad_()
    y = nhwc(F.conv_transpose2d(nchw(x), w.permute(3, 2, 0, 1), b, *rest))
    if cut:
        y = y[:, cut[0]:y.shape[1] - cut[2], cut[1]:y.shape[2] - cut[3]]
    y.backward(numbers(2, *y.shape))
    for part, tensor in {"y": y, "dx": x.grad, "dw": w.grad, "db": b.grad}.items():
        keep(f"{name}.{part}", tensor)


def with_features(name, shape, function, bias=True):
    """A layer with a weight and maybe a bias for each feature, numbers(3) and numbers(4)."""
    x = numbers(1, *shape).requires_grad_()
    parts = {"w": numbers(3, shape[-1]).requires_grad_()}
    if bias:
        parts["b"] = numbers(4, shape[-1]).requires_grad_()
    y = function(x, *parts.values())
    y.backward(numbers(2, *y.shape))
    keep(f"{name}.y", y)
    keep(f"{name}.dx", x.grad)
    for part, tensor in parts.items():
        keep(f"{name}.d{part}", tensor.grad)


def layers():
    with_features("prelu", (3, 4, 5, 2), lambda x, w: nhwc(F.prelu(nchw(x), w)), False)
    with_features("group_norm", (3, 4, 5, 6), lambda x, w, b: nhwc(F.group_norm(nchw(x), 3, w, b, 1e-5)))
    with_features("layer_norm", (3, 4, 5, 6), lambda x, w, b: F.layer_norm(x, (6,), w, b, 0.01))
    with_features("layer_norm_rows", (5, 11), lambda x, w, b: F.layer_norm(x, (11,), w, b))
    conv("conv_plain", (2, 6, 5, 1), 3, (3, 3), 1, 0)
    conv("conv_oblong", (2, 7, 6, 3), 4, (3, 2), (2, 1), (1, 0))
    conv("conv_stride_padding", (3, 8, 7, 2), 5, (5, 5), 2, 2)
    conv("conv_wide", (1, 6, 5, 8), 9, (3, 3), 1, 1)
    conv("conv_groups", (2, 7, 6, 4), 6, (3, 2), (2, 1), (1, 0), 1, 2)
    conv("conv_dilated", (2, 9, 8, 2), 4, (3, 2), (2, 3), 2, (2, 3), 2)
    conv("conv_depthwise", (2, 7, 6, 5), 5, (3, 3), 1, 1, 1, 5)
    conv("conv_depthwise_apart", (2, 7, 8, 5), 5, (3, 2), 2, 1, (1, 2), 5)
    conv("conv_asymmetric", (2, 7, 6, 3), 4, (3, 3), 2, (0, 1, 2, 0))
    conv("conv_same", (2, 7, 6, 3), 4, (3, 3), 2, (1, 0, 1, 1))
    conv_transpose("conv_transpose", (2, 3, 2, 3), 4, (3, 3), 2, 1, 1)
    conv_transpose("conv_transpose_oblong", (2, 2, 3, 3), 2, (2, 4), (2, 3), (0, 1), (1, 2))
    conv_transpose("conv_transpose_wide", (1, 4, 3, 8), 9, (3, 3), 1, 1)
    conv_transpose("conv_transpose_groups", (2, 3, 2, 4), 6, (3, 2), (2, 1), (1, 0), (1, 0), 2)
    conv_transpose("conv_transpose_dilated", (1, 2, 3, 4), 2, (3, 2), (2, 1), (1, 2), (1, 2), 2, (2, 3))
    conv_transpose("conv_transpose_depthwise", (1, 2, 3, 5), 5, (4, 4), 2, 1, 0, 5)
    conv_transpose("conv_transpose_asymmetric", (2, 3, 2, 3), 2, (4, 3), 2, cut=(0, 1, 2, 0))
    for name, count in (("", False), ("_counted", True)):
        layer("avg_pool_up" + name, lambda x: F.avg_pool2d(x, 3, 2, 1, True, count), numbers(1, 2, 6, 8, 3))
        layer("avg_pool_down" + name, lambda x: F.avg_pool2d(x, (3, 2), 2, (1, 1), False, count), numbers(1, 2, 7, 5, 3))
    layer("max_pool_up", lambda x: F.max_pool2d(x, 3, 2, 0, 1, True), numbers(1, 2, 6, 8, 3))
    layer("max_pool_up_padded", lambda x: F.max_pool2d(x, 2, 2, 1, 1, True), numbers(1, 2, 4, 7, 3))
    pools = {"plain": ((2, 6, 8, 3), 2, None, 0), "overlapping": ((2, 7, 9, 2), 3, 2, 1), "oblong": ((2, 7, 6, 2), (3, 2), (1, 2), (1, 0))}
    for name, (shape, window, stride, padding) in pools.items():
        layer("max_pool_" + name, lambda x: F.max_pool2d(x, window, stride, padding), numbers(1, *shape))
        layer("avg_pool_" + name, lambda x: F.avg_pool2d(x, window, stride, padding, count_include_pad=False), numbers(1, *shape))
    x = numbers(1, 3, 4, 5, 2)
    layer("relu", torch.relu, x, 3)
    layer("leaky_relu", lambda x: F.leaky_relu(x, 0.01), x, 3)
    layer("leaky_relu_steep", lambda x: F.leaky_relu(x, 0.25), x, 3)
    layer("sigmoid", torch.sigmoid, x, 6)
    layer("tanh", torch.tanh, x, 3)
    layer("relu6", F.relu6, x, 8)
    layer("hard_sigmoid", lambda x: F.relu6(x + 3) / 6, x, 5)  # F.hardsigmoid has 1/6 in float
    layer("hard_swish", F.hardswish, x, 5)
    layer("silu", F.silu, x, 6)
    layer("gelu", F.gelu, x, 4)
    layer("gelu_approximate", lambda x: F.gelu(x, approximate="tanh"), x, 4)
    layer("elu", lambda x: F.elu(x, 0.7), x, 3)
    layer("softplus", lambda x: F.softplus(x, 1.5), x, 6)
    layer("softmax", lambda x: torch.softmax(x, 1), numbers(1, 6, 7), 4)
    x = numbers(1, 5, 11).requires_grad_()
    w = numbers(3, 6, 11).requires_grad_()
    b = numbers(4, 6).requires_grad_()
    y = F.linear(x, w, b)
    y.backward(numbers(2, 5, 6))
    for part, tensor in {"y": y, "dx": x.grad, "dw": w.grad, "db": b.grad}.items():
        keep(f"dense.{part}", tensor)


def losses():
    """Mean over the batch only: what the sums over several labels are divided by is N."""
    N, K = 6, 5
    labels = words(7, N) % K
    one_hot = F.one_hot(labels, K).to(torch.float64)
    soft = torch.softmax(3 * numbers(8, N, K), 1)
    several = (numbers(9, N, K) > 0).to(torch.float64)
    between = numbers(9, N, K) * 0.5 + 0.5

    def loss(name, function, z):
        z = z.clone().requires_grad_()
        value = function(z)
        value.backward()
        keep(name + ".loss", value)
        keep(name + ".dz", z.grad)

    z = 4 * numbers(6, N, K)
    p = torch.softmax(z, 1)
    a = torch.sigmoid(z)
    loss("softmax_cross_entropy_labels", lambda z: F.cross_entropy(z, labels), z)
    loss("softmax_cross_entropy_rows", lambda z: F.cross_entropy(z, soft), z)
    loss("cross_entropy_labels", lambda p: F.nll_loss(torch.log(p), labels), p)
    loss("cross_entropy_rows", lambda p: -(soft * torch.log(p)).sum() / N, p)
    weight = numbers(17, K) + 1.5
    for name, w, smoothing in (("weighted", weight, 0.0), ("smoothed", None, 0.1), ("both", weight, 0.3)):
        loss(f"softmax_cross_entropy_labels_{name}", lambda z: F.cross_entropy(z, labels, w, label_smoothing=smoothing), z)
        loss(f"softmax_cross_entropy_rows_{name}", lambda z: F.cross_entropy(z, soft, w, label_smoothing=smoothing), z)
    for gamma in (0.5, 2.0):
        focal = lambda z: -(1 - torch.softmax(z, 1)) ** gamma * torch.log_softmax(z, 1)
        loss(f"focal_labels_{gamma}", lambda z: (one_hot * focal(z)).sum() / N, z)
        loss(f"focal_rows_{gamma}", lambda z: (weight * soft * focal(z)).sum() / N, z)
    loss("cross_entropy_labels_weighted", lambda p: F.nll_loss(torch.log(p), labels, weight), p)
    loss("sigmoid_cross_entropy_several", lambda z: F.binary_cross_entropy_with_logits(z, several, reduction="sum") / N, z)
    loss("sigmoid_cross_entropy_between", lambda z: F.binary_cross_entropy_with_logits(z, between, reduction="sum") / N, z)
    loss("sigmoid_cross_entropy_labels", lambda z: F.binary_cross_entropy_with_logits(z, one_hot, reduction="sum") / N, z)
    loss("binary_cross_entropy_several", lambda a: F.binary_cross_entropy(a, several, reduction="sum") / N, a)
    loss("binary_cross_entropy_between", lambda a: F.binary_cross_entropy(a, between, reduction="sum") / N, a)
    loss("mean_squared_error_rows", lambda z: F.mse_loss(z, numbers(9, N, K)), z)
    loss("mean_squared_error_labels", lambda z: F.mse_loss(z, one_hot), z)
    loss("mean_absolute_error_rows", lambda z: F.l1_loss(z, numbers(9, N, K)), z)
    loss("mean_absolute_error_labels", lambda z: F.l1_loss(z, one_hot), z)
    for delta in (0.5, 2.0):
        loss(f"huber_rows_{delta}", lambda z: F.huber_loss(z, numbers(9, N, K), delta=delta), z)
        loss(f"huber_labels_{delta}", lambda z: F.huber_loss(z, one_hot, delta=delta), z)


def sgd():
    """Five steps of eleven numbers along given gradients, the rate falling."""
    for momentum, nesterov in ((0.0, False), (0.9, False), (0.9, True)):
        for weight_decay in (0.0, 0.03):
            theta = numbers(10, 11).requires_grad_()
            optimizer = torch.optim.SGD([theta], 0.2, momentum, 0, weight_decay, nesterov)
            for step in range(5):
                optimizer.param_groups[0]["lr"] = 0.2 * (1 - 0.125 * step)
                theta.grad = numbers(11 + step, 11)
                optimizer.step()
                keep(f"sgd_{momentum}_{int(nesterov)}_{weight_decay}.{step}", theta)


def adam():
    """Five steps of eleven numbers along given gradients, the rate falling; l1 by the term l1·Σ|θ| of the loss."""
    for name, make in (("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)):
        for settings, betas, eps, weight_decay, l1 in (
                ("plain", (0.9, 0.999), 1e-8, 0.0, 0.0), ("decay", (0.9, 0.999), 1e-8, 0.03, 0.0),
                ("other", (0.5, 0.8), 1e-2, 0.1, 0.0), ("l1", (0.9, 0.99), 1e-8, 0.03, 0.05)):
            theta = numbers(10, 11).requires_grad_()
            optimizer = make([theta], lr=0.02, betas=betas, eps=eps, weight_decay=weight_decay)
            for step in range(5):
                optimizer.param_groups[0]["lr"] = 0.02 * (1 - 0.125 * step)
                theta.grad = numbers(11 + step, 11) + l1 * torch.sign(theta.detach())
                optimizer.step()
                keep(f"{name}_{settings}.{step}", theta)


def penalties():
    """SGD with an L1 term in the loss; gradients clipped by their global norm and by value."""
    theta = numbers(10, 11).requires_grad_()
    optimizer = torch.optim.SGD([theta], 0.2, 0.9, 0, 0.03)
    for step in range(5):
        optimizer.zero_grad()
        ((numbers(11 + step, 11) * theta).sum() + 0.05 * theta.abs().sum()).backward()
        optimizer.step()
        keep(f"sgd_l1.{step}", theta)
    for name, clip in (("norm", lambda p: torch.nn.utils.clip_grad_norm_(p, 0.3)), ("value", lambda p: torch.nn.utils.clip_grad_value_(p, 0.02))):
        net = torch.nn.Sequential(torch.nn.Linear(5, 9), torch.nn.Tanh(), torch.nn.Linear(9, 3))
        with torch.no_grad():
            for place, theta in enumerate(net.parameters()):
                theta.copy_(numbers(20 + place, *theta.shape))
        optimizer = torch.optim.SGD(net.parameters(), 0.5, 0.9)
        values = []
        for step in range(5):
            optimizer.zero_grad()
            value = F.cross_entropy(net(3 * numbers(40 + step, 8, 5)), words(60 + step, 8) % 3)
            value.backward()
            clip(net.parameters())
            optimizer.step()
            values.append(value)
        keep(f"clip_{name}.losses", torch.stack(values))
        for place, theta in net.named_parameters():
            keep(f"clip_{name}.{place}", theta)


def schedules():
    """The factors of a rate of 1, epoch after epoch or step after step."""
    def factors(name, count, make):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
        schedule = make(optimizer)
        rates = []
        for _ in range(count):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        keep("schedule_" + name, torch.tensor(rates))

    from torch.optim import lr_scheduler as lr
    factors("step", 30, lambda o: lr.StepLR(o, 7, 0.3))
    factors("exponential", 20, lambda o: lr.ExponentialLR(o, 0.8))
    factors("cosine", 25, lambda o: lr.CosineAnnealingLR(o, 25))
    factors("linear", 12, lambda o: lr.LinearLR(o, 1.0, 0.2, 12))
    factors("warm_up_cosine", 20, lambda o: lr.SequentialLR(o, [lr.LinearLR(o, 0.1, 1.0, 5), lr.CosineAnnealingLR(o, 15)], [5]))
    factors("one_cycle", 40, lambda o: lr.OneCycleLR(o, 1.0, total_steps=41, cycle_momentum=False))
    for name, mode, sign, settings in (
            ("loss", "min", 1.0, {"factor": 0.5, "patience": 2}),
            ("accuracy", "max", -1.0, {"factor": 0.3, "patience": 1, "threshold": 0.05, "cooldown": 3, "min_lr": 0.02})):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
        schedule = lr.ReduceLROnPlateau(optimizer, mode, **settings)
        rates = []
        for step in range(40):
            schedule.step(2.0 + sign * (math.exp(-0.1 * step) + 0.2 * float(numbers(70 + step, 1))))
            rates.append(optimizer.param_groups[0]["lr"])
        keep("plateau_" + name, torch.tensor(rates))


def lenet():
    """Ten steps: the loss before each, and of the weights after them the sum, the sum of squares and every 97th."""
    nn = torch.nn
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    with torch.no_grad():
        for place, theta in enumerate(net.parameters()):
            fan_in = math.prod(theta.shape[1:]) if theta.dim() > 1 else 100
            theta.copy_((numbers(20 + place, *theta.shape) * math.sqrt(3 / fan_in)).to(torch.float32).to(torch.float64))
    optimizer = torch.optim.SGD(net.parameters(), 0.05, 0.9)
    values = []
    for step in range(10):
        x = numbers(40 + step, 8, 1, 28, 28) * 0.5 + 0.5
        labels = words(60 + step, 8) % 10
        optimizer.zero_grad()
        value = F.cross_entropy(net(x), labels)
        value.backward()
        optimizer.step()
        values.append(value)
    keep("lenet.losses", torch.stack(values))
    for name, theta in net.named_parameters():
        flat = theta.detach().reshape(-1)
        keep(f"lenet.{name}", torch.cat([flat.sum()[None], (flat * flat).sum()[None], flat[::97]]))


def batch_norm():
    """Ten steps of a network with both kinds of batch normalisation: losses, what was measured, and predictions after."""
    nn = torch.nn
    net = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3, momentum=0.2), nn.ReLU(), nn.Flatten(),
                        nn.Linear(60, 4), nn.BatchNorm1d(4, eps=0.01), nn.Linear(4, 3))
    with torch.no_grad():
        net[0].weight.copy_(numbers(3, 3, 3, 2, 3).permute(3, 2, 0, 1))  # (R, S, C, K) there
        net[0].bias.copy_(numbers(4, 3))
        net[4].weight.copy_(numbers(5, 4, 5, 4, 3).permute(0, 3, 1, 2).reshape(4, 60))  # (U, H, W, C) there
        net[4].bias.copy_(numbers(6, 4))
        net[6].weight.copy_(numbers(7, 3, 4))
        net[6].bias.copy_(numbers(8, 3))
    optimizer = torch.optim.SGD(net.parameters(), 0.05, 0.9)
    values = []
    for step in range(10):
        optimizer.zero_grad()
        value = F.cross_entropy(net(nchw(numbers(40 + step, 6, 5, 4, 2))), words(60 + step, 6) % 3)
        value.backward()
        optimizer.step()
        values.append(value)
    keep("batch_norm.losses", torch.stack(values))
    for place in (1, 5):
        for name in ("weight", "bias", "running_mean", "running_var"):
            keep(f"batch_norm.{place}.{name}", getattr(net[place], name))
    net.eval()
    keep("batch_norm.predictions", net(nchw(numbers(2, 6, 5, 4, 2))))


def bias_free():
    """Ten steps of a network without biases before its batch normalisation, one of them without a scale and an offset."""
    nn = torch.nn
    net = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3, affine=False), nn.ReLU(), nn.Flatten(),
                        nn.Linear(60, 4, bias=False), nn.BatchNorm1d(4), nn.Linear(4, 3, bias=False))
    with torch.no_grad():
        net[0].weight.copy_(numbers(3, 3, 3, 2, 3).permute(3, 2, 0, 1))  # (R, S, C, K) there
        net[4].weight.copy_(numbers(5, 4, 5, 4, 3).permute(0, 3, 1, 2).reshape(4, 60))  # (U, H, W, C) there
        net[6].weight.copy_(numbers(7, 3, 4))
    optimizer = torch.optim.SGD(net.parameters(), 0.05, 0.9)
    values = []
    for step in range(10):
        optimizer.zero_grad()
        value = F.cross_entropy(net(nchw(numbers(40 + step, 6, 5, 4, 2))), words(60 + step, 6) % 3)
        value.backward()
        optimizer.step()
        values.append(value)
    keep("bias_free.losses", torch.stack(values))
    keep("bias_free.1.running_var", net[1].running_var)
    keep("bias_free.6.weight", net[6].weight)
    net.eval()
    keep("bias_free.predictions", net(nchw(numbers(2, 6, 5, 4, 2))))


def read(path):
    with open(path, encoding="ascii") as file:
        return {line.split()[0]: [float(word) for word in line.split()[1:]] for line in file if line[0] != "#"}


def main():
    for part in (layers, losses, sgd, adam, penalties, schedules, lenet, batch_norm, bias_free):
        part()
    if sys.argv[1:2] == ["--check"]:
        stored, worst = read(sys.argv[2]), 0.0
        if stored.keys() != results.keys():
            sys.exit(f"other names: {sorted(stored.keys() ^ results.keys())}")
        for name, values in results.items():
            scale = max(abs(value) for value in values)
            if len(values) != len(stored[name]):
                sys.exit(f"{name}: {len(stored[name])} numbers are stored, {len(values)} were made")
            worst = max(worst, max(abs(a - b) for a, b in zip(values, stored[name])) / scale)
        print(f"{len(results)} tensors, {sum(map(len, results.values()))} numbers, largest relative difference {worst:.1e}")
        sys.exit(0 if worst < 1e-9 else "the stored numbers are not what PyTorch gives here")
    print(f"# Made by pytorch.py with PyTorch {torch.__version__}")
    for name, values in results.items():
        print(name, *(f"{value:.16g}" for value in values))


main()
