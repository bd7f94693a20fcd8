#!/usr/bin/python3
"""Trains with PyTorch what examples/cifar10 trains with lamina: the same network, the same recipe, the same files.

  cifar10_torch.py <folder with train and test, a folder of images for each class> [--epochs 10] [--seed 42] [--threads 2]

ResNet-20; convolutions drawn as He et al. 2015 (fan in); SGD with Nesterov's momentum 0.9, weight decay 5e-4, batches of 128, the rate
rises linearly to 0.2 for a fifth of the steps and falls along a half cosine; label smoothing 0.1; crops of images padded by four black
pixels, every other one mirrored; the parameters' moving average (0.99 per step) is judged, once, by the mean of the probabilities of each
test image and its mirror image. PyTorch runs as it is fastest here: channels last or not, tried first; the images are in memory as float,
so that cropping is all that is done to them. Prints the seconds of training alone, and the accuracy.
"""
import argparse
import math
import os
import time

import numpy
import torch
from PIL import Image
from torch import nn

from compare import resnet20


def read(folder):
    """Images (N, 3, 32, 32) of bytes, and labels, in the order of the classes' and the files' names."""
    pixels, labels = [], []
    for k, name in enumerate(sorted(os.listdir(folder))):
        for file in sorted(os.listdir(os.path.join(folder, name))):
            pixels.append(numpy.asarray(Image.open(os.path.join(folder, name, file)).convert("RGB")))
            labels.append(k)
    return torch.from_numpy(numpy.stack(pixels)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def build(seed, layout):
    torch.manual_seed(seed)
    network = resnet20()
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network.to(memory_format=layout)


def factor(done):
    return done / 0.2 if done < 0.2 else (1 + math.cos(math.pi * (done - 0.2) / 0.8)) / 2


def train(network, layout, x, y, epochs, batch, generator, most=None):
    """Returns the averaged parameters and buffers, and the seconds."""
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.2, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps, step = epochs * math.ceil(len(x) / batch), 0
    numbers = [tensor for tensor in (*network.parameters(), *network.buffers()) if tensor.is_floating_point()]
    average = None
    network.train()
    start = time.perf_counter()
    for _ in range(epochs):
        for picked in torch.randperm(len(x), generator=generator).split(batch):
            rows, columns = torch.randint(9, (2, len(picked)), generator=generator).tolist()
            mirrored = torch.rand(len(picked), generator=generator).lt(0.5)
            images = torch.stack([x[i, :, r:r + 32, c:c + 32] for i, r, c in zip(picked.tolist(), rows, columns)])
            images[mirrored] = images[mirrored].flip(3)
            for group in optimizer.param_groups:
                group["lr"] = 0.2 * factor(step / steps)
            optimizer.zero_grad(set_to_none=True)
            loss(network(images.to(memory_format=layout)), y[picked]).backward()
            optimizer.step()
            with torch.no_grad():
                if average is None:
                    average = [tensor.detach().clone() for tensor in numbers]
                else:
                    torch._foreach_mul_(average, 0.99)  # pylint: disable=protected-access
                    torch._foreach_add_(average, numbers, alpha=0.01)  # pylint: disable=protected-access
            step += 1
            if step == most:
                return average, time.perf_counter() - start
    seconds = time.perf_counter() - start
    with torch.no_grad():
        for tensor, mean in zip(numbers, average):
            tensor.copy_(mean)
    return average, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train_x, train_y = read(os.path.join(options.folder, "train"))
    test_x, test_y = read(os.path.join(options.folder, "test"))
    mean = train_x.double().mean((0, 2, 3)).view(3, 1, 1).float()
    deviation = train_x.double().std((0, 2, 3), unbiased=False).view(3, 1, 1).float()
    x = (nn.functional.pad(train_x, (4, 4, 4, 4)).float() - mean) / deviation
    generator = torch.Generator().manual_seed(options.seed)

    layouts = (torch.contiguous_format, torch.channels_last)
    trial = [train(build(1, layout), layout, x, train_y, 1, 128, torch.Generator().manual_seed(1), 15)[1] for layout in layouts]
    layout = layouts[trial.index(min(trial))]
    network = build(options.seed, layout)
    _, seconds = train(network, layout, x, train_y, options.epochs, 128, generator)
    print(f"PyTorch {torch.__version__}, {options.threads} threads, {layout}: trained for {seconds:.1f} s", flush=True)

    network.eval()
    right = 0
    with torch.no_grad():
        for images, labels in zip(test_x.split(500), test_y.split(500)):
            images = (images.float() - mean) / deviation
            right += (network(images).softmax(1) + network(images.flip(3)).softmax(1)).argmax(1).eq(labels).sum().item()
    print(f"test accuracy {right / len(test_y):.4f}", flush=True)


if __name__ == "__main__":
    main()
