#!/usr/bin/python3
"""Trains the same networks with lamina and with PyTorch, in turn, and prints how many times faster lamina is.

  compare.py <bench program> [--workloads seed8,mnist-deep] [--rounds 5] [--seconds 2] [--threads 2]

Of resnet18 and mobilenet-v2 it measures inference of one image of 224 × 224; of depthwise, forward and backward of one layer on one
thread. For these it also prints peak memory: that of lamina's program, and of this one, with PyTorch itself, so far. Where
LAMINA_ONNXRUNTIME names a folder with onnxruntime-node (npm install --ignore-scripts onnxruntime-node), ONNX Runtime infers
the same networks in turn, with 1 and with `threads` threads.

PyTorch runs as it is fastest here: with 1 or with `threads` threads, channels last or not, tried first; gradients set to
None; the data as float already, picked by index. Both warm up, and each step is all of it: picking samples, forward,
loss, backward, update. Each round runs one after the other; medians are compared,
and the best of each, which other programs on the machine disturb less. Images are MNIST's where
LAMINA_DATA_DIR names a folder with its files, unpacked, else noise.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import torch
    from torch import nn
except ImportError:
    print("skipped: benchmark/compare: there is no PyTorch (python3-torch, libopenblas0-pthread)")
    sys.exit(0)


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


def photographs(name):
    import torchvision
    return lambda: getattr(torchvision.models, name)(weights=None)


WORKLOADS = {  # network, sample, batch size
    "seed8": (lambda: nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1352, 10)), (1, 28, 28), 32),
    "mnist-deep": (lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)), (1, 28, 28), 128),
    "lenet": (lambda: nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)), (1, 28, 28), 64),
    "mlp": (lambda: nn.Sequential(nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, 10)), (784,), 10),
    "cifar-vgg": (vgg, (3, 32, 32), 64),
    "resnet20": (resnet20, (3, 32, 32), 128),
    "resnet18": (photographs("resnet18"), (3, 224, 224), 1),
    "mobilenet-v2": (photographs("mobilenet_v2"), (3, 224, 224), 1),
    "depthwise": (lambda: nn.Conv2d(64, 64, 3, padding=1, groups=64), (64, 56, 56), 8),
}
INFERRED = ("resnet18", "mobilenet-v2")
FIRST_PAGE = "seed8,mnist-deep,lenet,mlp,cifar-vgg"


def images(sample):
    folder = os.environ.get("LAMINA_DATA_DIR", "")
    if sample[1:] in ((224, 224), (56, 56)):
        return torch.rand(8, *sample), None
    if sample == (3, 32, 32):
        return torch.rand(2000, *sample), torch.randint(10, (2000,))
    if not folder:
        return torch.rand(60000, *sample), torch.randint(10, (60000,))
    with open(f"{folder}/train-images-idx3-ubyte", "rb") as x, open(f"{folder}/train-labels-idx1-ubyte", "rb") as y:
        pixels = torch.frombuffer(bytearray(x.read()[16:]), dtype=torch.uint8)
        labels = torch.frombuffer(bytearray(y.read()[8:]), dtype=torch.uint8)
    return pixels.reshape(60000, *sample).float() / 255, labels.long()


class Torch:
    def __init__(self, name, threads, channels_last, data):
        build, sample, self.batch = WORKLOADS[name]
        torch.manual_seed(1)
        self.threads, self.channels_last = threads, channels_last
        self.net = build()
        self.x, self.y = data
        if channels_last:
            self.net = self.net.to(memory_format=torch.channels_last)
            self.x = self.x.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=1e-3)
        self.order = iter(())

        self.step = self.train
        if data[1] is None:
            self.x = self.x[:self.batch].requires_grad_(name == "depthwise")
            self.net.train(name == "depthwise")
            self.step = self.layer if name == "depthwise" else self.infer

    def infer(self):
        with torch.no_grad():
            self.net(self.x)

    def layer(self):
        self.x.grad = self.net.weight.grad = self.net.bias.grad = None
        y = self.net(self.x)
        y.backward(y.detach())

    def train(self):
        picked = next(self.order, None)
        if picked is None:
            self.order = iter(torch.randperm(len(self.x))[:len(self.x) // self.batch * self.batch].split(self.batch))
            picked = next(self.order)
        self.optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(self.net(self.x[picked]), self.y[picked]).backward()
        self.optimizer.step()

    def rate(self, seconds):
        torch.set_num_threads(self.threads)
        end = time.perf_counter() + seconds / 5
        while time.perf_counter() < end:
            self.step()
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            self.step()
            steps += 1
        return steps * self.batch / (time.perf_counter() - start)


class OnnxRuntime:
    """A process of node that infers a network as PyTorch exports it."""

    def __init__(self, name, threads, folder):
        build, sample, batch = WORKLOADS[name]
        self.threads = threads
        with tempfile.TemporaryDirectory() as scratch:
            file = os.path.join(scratch, "network.onnx")
            torch.onnx.export(build().eval(), torch.rand(batch, *sample), file)
            script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "onnxruntime_rate.js")
            words = ["node", script, folder, file, str(threads), ",".join(map(str, (batch, *sample)))]
            self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.rate(0.1)  # the file is read

    def rate(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def megabytes(self):
        return resident_megabytes(self.process.pid)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def lamina(program, name, threads, seconds):
    """Images a second, and the peak memory in MB."""
    words = [program, "--workload", name, "--mode", "train", "--threads", str(threads), "--seconds", str(seconds), "--json"]
    if name in INFERRED:
        words[4] = "infer"
        words += ["--batch", "1"]
    answer = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return answer["images_per_second"], answer["peak_megabytes"]


def resident_megabytes(process="self"):
    """Its peak."""
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--workloads", default=FIRST_PAGE)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with open("/proc/self/maps", encoding="utf-8") as maps:
        blas = sorted({os.path.basename(line.split()[-1]) for line in maps if "blas" in line})
    onnxruntime = os.environ.get("LAMINA_ONNXRUNTIME", "")
    if not os.path.isdir(os.path.join(onnxruntime, "node_modules", "onnxruntime-node")) or not shutil.which("node"):
        onnxruntime = ""
    print(f"PyTorch {torch.__version__}, {torch.backends.mkldnn.is_available() and 'oneDNN'}, {', '.join(blas)}", flush=True)
    for name in options.workloads.split(","):
        data = images(WORKLOADS[name][1])
        layouts = (False, True) if len(WORKLOADS[name][1]) == 3 else (False,)
        tried = (1,) if name == "depthwise" else sorted({1, options.threads})
        ways = [Torch(name, threads, last, data) for threads in tried for last in layouts]
        best = max(ways, key=lambda way: max(way.rate(options.seconds / 3) for _ in range(3)))
        sessions = [OnnxRuntime(name, threads, onnxruntime) for threads in sorted({1, options.threads})] if onnxruntime and name in INFERRED else []
        ours, theirs, memory = [], [], 0
        of_session = [[] for _ in sessions]
        for _ in range(options.rounds):
            rate, memory = lamina(options.program, name, options.threads, options.seconds)
            ours.append(rate)
            theirs.append(best.rate(options.seconds))
            for session, rates in zip(sessions, of_session):
                rates.append(session.rate(options.seconds))
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"{name} {a / b:.1f}x  (best against best {max(ours) / max(theirs):.1f}x; lamina {a:,.0f} images/s, {min(ours):,.0f} … {max(ours):,.0f}; PyTorch {b:,.0f}, "
              f"{min(theirs):,.0f} … {max(theirs):,.0f}, {best.threads} threads{', channels last' if best.channels_last else ''})",
              flush=True)
        for session, rates in zip(sessions, of_session):
            c = statistics.median(rates)
            print(f"  {a / c:.2f}x ONNX Runtime, {session.threads} threads  (best against best {max(ours) / max(rates):.2f}x; {c:,.1f} images/s, "
                  f"{min(rates):,.1f} … {max(rates):,.1f}; peak memory {session.megabytes():,.0f} MB)", flush=True)
            session.end()
        if data[1] is None:
            print(f"  peak memory: lamina {memory:,.0f} MB, PyTorch {resident_megabytes():,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
