"""The benchmark's networks in PyTorch."""
import ctypes
import os
import statistics
import time

import torch
from torch import nn

from peers.programs import Missing, blas_of, blas_paths, resident_megabytes


def vgg():
    layers, channels = [], 3
    for filters in (64, 128, 256):
        for _ in range(2):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(256 * 16, 256), nn.ReLU(), nn.Linear(256, 10))


class Block(nn.Module):
    """He et al. 2016, section 4.2, with shortcuts of option A."""

    def __init__(self, channels, filters):
        super().__init__()
        self.stride, self.more = filters // channels, (filters - channels) // 2
        self.body = nn.Sequential(
            nn.Conv2d(channels, filters, 3, self.stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        return torch.relu(self.body(x) + nn.functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.more, self.more)))


def resnet20():
    blocks = [Block(16, 16), Block(16, 16), Block(16, 16), Block(16, 32), Block(32, 32), Block(32, 32), Block(32, 64), Block(64, 64), Block(64, 64)]
    return nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), *blocks,
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def torchvision(name):
    def build():
        try:
            from torchvision import models
        except ImportError as error:
            raise Missing("there is no torchvision (python3-torchvision)") from error
        return getattr(models, name)(weights=None)
    return build


NETWORKS = {
    "seed8": lambda: nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1352, 10)),
    "mnist-deep": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)),
    "lenet": lambda: nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    "mlp": lambda: nn.Sequential(nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, 10)),
    "cifar-vgg": vgg,
    "resnet20": resnet20,
    "resnet18": torchvision("resnet18"),
    "mobilenet-v2": torchvision("mobilenet_v2"),
    "depthwise": lambda: nn.Conv2d(64, 64, 3, padding=1, groups=64),
}


def set_threads(count):
    """Sets how many threads PyTorch and its OpenBLAS use: the latter has threads of its own."""
    torch.set_num_threads(count)
    for path in blas_paths("self"):
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_set_num_threads"):
            library.openblas_set_num_threads(count)


def images(case):
    """Returns images and labels: MNIST's where LAMINA_DATA_DIR names a folder with its files, else noise."""
    folder = os.environ.get("LAMINA_DATA_DIR", "")
    if case.mode != "train":
        return torch.rand(case.batch, *case.sample), None
    count = 2000 if case.sample == (3, 32, 32) else 60000
    if count == 2000 or not folder:
        return torch.rand(count, *case.sample), torch.randint(10, (count,))
    with open(f"{folder}/train-images-idx3-ubyte", "rb") as x, open(f"{folder}/train-labels-idx1-ubyte", "rb") as y:
        pixels = torch.frombuffer(bytearray(x.read()[16:]), dtype=torch.uint8)
        labels = torch.frombuffer(bytearray(y.read()[8:]), dtype=torch.uint8)
    return pixels.reshape(count, *case.sample).float() / 255, labels.long()


class Way:
    """A network that runs with so many threads, channels last or not."""

    def __init__(self, case, threads, channels_last, data, bf16):
        torch.manual_seed(1)
        self.case, self.threads, self.bf16 = case, threads, bf16
        self.note = "channels last" if channels_last else ""
        self.net = NETWORKS[case.workload]()
        self.x, self.y = data
        if channels_last:
            self.net = self.net.to(memory_format=torch.channels_last)
            self.x = self.x.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=1e-3)
        self.order = iter(())
        self.net.train(case.mode != "infer")
        self.step = {"train": self.train, "infer": self.infer, "layer": self.layer}[case.mode]
        if case.mode == "layer":
            self.x.requires_grad_()

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            return self.net(x)

    def infer(self):
        with torch.no_grad():
            self.forward(self.x)

    def layer(self):
        self.x.grad = self.net.weight.grad = self.net.bias.grad = None
        y = self.forward(self.x)
        y.backward(y.detach())

    def train(self):
        picked = next(self.order, None)
        if picked is None:
            batch = self.case.batch
            self.order = iter(torch.randperm(len(self.x))[:len(self.x) // batch * batch].split(batch))
            picked = next(self.order)
        self.optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(self.forward(self.x[picked]).float(), self.y[picked]).backward()
        self.optimizer.step()

    def rate(self, seconds):
        """Images a second, after a warm-up of a fifth of the time, measured as the benchmark's program does: of training the mean,
        else the median over slices of a millisecond or one step, whichever is more."""
        set_threads(self.threads)
        steps, start = 0, time.perf_counter()
        while not steps or time.perf_counter() - start < seconds / 5:
            self.step()
            steps += 1
        count = 1 if self.case.mode == "train" else max(1, int(1e-3 * steps / (time.perf_counter() - start)))
        times, begin = [], time.perf_counter()
        while not times or time.perf_counter() - begin < seconds:
            start = time.perf_counter()
            for _ in range(count):
                self.step()
            times.append((time.perf_counter() - start) / count)
        return self.case.batch / (statistics.mean if self.case.mode == "train" else statistics.median)(times)

    def megabytes(self):
        return resident_megabytes()

    def end(self):
        self.net = self.x = None


class PyTorch:
    """PyTorch in this process, at its best of one or several threads, channels last or not."""

    name = "PyTorch"

    def __init__(self, bf16):
        self.bf16 = bf16
        self.version = ", ".join(filter(None, (torch.__version__, "oneDNN" if torch.backends.mkldnn.is_available() else "", blas_of("self"))))

    def ways(self, case, threads):
        data = images(case)
        layouts = (False, True) if len(case.sample) == 3 else (False,)
        tried = (1,) if case.mode == "layer" else sorted({1, threads})
        return [Way(case, count, last, data, self.bf16) for count in tried for last in layouts]
