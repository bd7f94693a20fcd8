#!/usr/bin/env python3
"""Models training by 8 to 256 machines from what one machine and the network were measured to take.

  mpi_model.py                                                 the table of include/lamina/mpi/README.md
  mpi_model.py --step 0.077 --bytes 8787240 --latency 20e-6 --message 5e-6 --bandwidth 1.1e9

A step of n machines takes

  compute + scalars + sum
  scalars = 3 · ceil(log2 n) · latency                       losses of all shards; whether rank 0 stops
  sum     = 2 · ((n − 1)/n · bytes/bandwidth + buckets · (n − 1) · message) + 3 · bytes/memory
  buckets = ceil(bytes / max(1 MB, n · 64 KB))

message is what a machine takes to send one more small message, memory the rate at which gradients are packed, added and
unpacked. If the sum were sent while the last shard of a step is in its backward pass (two thirds of its time), at most
2/3 · compute / shards per thread of it would be hidden.
"""
import argparse
import math

MACHINES = [8, 16, 32, 64, 128, 256]


def step(n, compute, size, latency, message, bandwidth, memory):
    buckets = math.ceil(size / max(2**20, n * 2**16))
    scalars = 3 * math.ceil(math.log2(n)) * latency
    total = 2 * ((n - 1) / n * size / bandwidth + buckets * (n - 1) * message) + 3 * size / memory
    return scalars, total


def efficiencies(compute, size, network, memory, hidden):
    row = []
    for n in MACHINES:
        scalars, total = step(n, compute, size, *network, memory)
        row.append(compute / (compute + scalars + max(total - hidden, 0)))
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=float, help="seconds of one machine's part of a step")
    parser.add_argument("--bytes", type=float, help="of the gradient")
    parser.add_argument("--latency", type=float, default=20e-6)
    parser.add_argument("--message", type=float, default=5e-6)
    parser.add_argument("--bandwidth", type=float, default=1.1e9)
    parser.add_argument("--memory", type=float, default=6e9)
    chosen = parser.parse_args()
    networks = {"10 Gbit/s Ethernet": (20e-6, 5e-6, 1.1e9), "100 Gbit/s InfiniBand": (1.5e-6, 0.5e-6, 11e9)}
    workloads = {"mnist-deep, 128 images a machine": (128 / 37700, 900136), "cifar-vgg, 64 images a machine": (64 / 827, 8787240)}
    if chosen.step and chosen.bytes:
        networks = {"this network": (chosen.latency, chosen.message, chosen.bandwidth)}
        workloads = {"this step": (chosen.step, chosen.bytes)}
    print("| step, network |" + "".join(f" {n} |" for n in MACHINES))
    print("|---|" + "---|" * len(MACHINES))
    for name, (compute, size) in workloads.items():
        for network, figures in networks.items():
            for hides in (False, True):
                row = efficiencies(compute, size, figures, chosen.memory, 2 / 3 * compute / 2 if hides else 0)
                print(f"| {name}, {network}{', hidden behind backward' if hides else ''} |" + "".join(f" {e:.2f} |" for e in row))
        for network, figures in networks.items():
            row = []
            for n in MACHINES:  # the same batch for all, cut into as many parts
                scalars, total = step(n, compute, size, *figures, chosen.memory)
                row.append(compute / (compute / n + scalars + total))
            print(f"| {name.split(',')[0]}, one batch for all: times as fast, {network} |" + "".join(f" {e:.1f} |" for e in row))


if __name__ == "__main__":
    main()
