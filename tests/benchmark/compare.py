#!/usr/bin/python3
"""Measures lamina and other libraries on the same networks, in turn, and prints how many times faster lamina is.

  compare.py <bench program> [--workloads seed8,mnist-deep] [--modes train,infer] [--rounds 5] [--seconds 2] [--threads 2]
             [--table FILE] [--bf16]

It compares with what there is, and says in a line why a library is skipped. It installs nothing.

  PyTorch              of the Python that runs this; trains and infers all networks
  ONNX Runtime, C API  LAMINA_ONNXRUNTIME_C: a folder with include/onnxruntime_c_api.h and lib/libonnxruntime.so; infers all networks
  ONNX Runtime, node   LAMINA_ONNXRUNTIME: a folder where `npm install --ignore-scripts onnxruntime-node` was run
  MiniDNN              LAMINA_MINIDNN: a folder with MiniDNN.h; trains seed8, mnist-deep, lenet and mlp, like the next two
  dlib                 LAMINA_DLIB: a folder with dlib/dnn.h
  tiny-dnn             LAMINA_TINY_DNN: a folder with tiny_dnn/tiny_dnn.h and cereal

Every library runs as it is fastest here, tried first: with 1 or with `threads` threads; PyTorch channels last or not. lamina runs
with `threads`. The libraries of C++ are compiled by CXX (g++) with -O3 -march=native, lamina's program as it was built.
A step of training is all of it: forward, loss, backward, plain SGD; lamina, PyTorch and MiniDNN pick samples, too. MiniDNN, dlib
and tiny-dnn repeat four batches of noise. lamina's and PyTorch's images are MNIST's where LAMINA_DATA_DIR names a folder with its
files, unpacked, else noise. ONNX Runtime infers the networks as lamina exports them.
Each round runs one after the other, each after a warm-up, and measures training by its mean step, inference by its median.
Compared are the medians of the rounds, and the best of each, which other programs on the machine disturb less. PyTorch's peak
memory is that of this program so far.

--table writes the medians to a Markdown file. --bf16 compares lamina's Precision::bf16 with PyTorch's autocast to bfloat16 alone; without
AMX tiles lamina computes in float32.
"""
import argparse
import difflib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from peers import libraries, table, workloads  # noqa: E402
from peers.programs import Missing  # noqa: E402


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message):
        self.exit(2, f"compare.py: {message.removeprefix('argument ')} (--help shows the options)\n")


def some_of(known):
    def read(text):
        words = text.split(",")
        for word in words:
            if word not in known:
                near = difflib.get_close_matches(word, known, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise argparse.ArgumentTypeError(f"expects some of {', '.join(known)} but got '{word}'{hint}")
        return words
    return read


def at_least(least, kind, what):
    def read(text):
        try:
            number = kind(text)
        except ValueError:
            number = 0
        if not least <= number < 1e6:
            raise argparse.ArgumentTypeError(f"expects {what} but got '{text}'")
        return number
    return read


def read_options(words):
    parser = Parser(usage=__doc__.split("\n\n", 2)[1].strip(), description=__doc__.split("\n\n", 2)[2], allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    count = at_least(1, int, "a whole number of at least 1")
    parser.add_argument("program", metavar="<bench program>")
    parser.add_argument("--workloads", type=some_of(workloads.WORKLOADS), default=list(workloads.FIRST_PAGE), help="(%(default)s)")
    parser.add_argument("--modes", type=some_of(workloads.MODES), default=list(workloads.MODES), help="(%(default)s)")
    parser.add_argument("--rounds", type=count, default=5, help="(%(default)s)")
    parser.add_argument("--seconds", type=at_least(0.01, float, "a number of at least 0.01"), default=2, help="for each measurement (%(default)s)")
    parser.add_argument("--threads", type=count, default=2, help="(%(default)s)")
    parser.add_argument("--table", metavar="FILE", default="", help="writes a table, too")
    parser.add_argument("--bf16", action="store_true", help="products of bfloat16 numbers, in lamina and PyTorch alone")
    options, others = parser.parse_known_args(words)
    for word in others:
        near = difflib.get_close_matches(word, ["--workloads", "--modes", "--rounds", "--seconds", "--threads", "--table", "--bf16"], 1)
        parser.error(f"'{word}' is not an option" + (f"; did you mean {near[0]}?" if near else ""))
    program = shutil.which(options.program)
    if not program:
        parser.error(f"there is no program '{options.program}': build lamina_bench")
    options.program = program
    if options.table and not os.access(os.path.dirname(os.path.abspath(options.table)), os.W_OK):
        parser.error(f"--table: cannot write to the folder of '{options.table}'")
    return options


class Lamina:
    """lamina's bench program, started anew in each round."""

    def __init__(self, program, case, options):
        mode = "infer" if case.mode == "infer" else "train"
        self.words = [program, "--workload", case.workload, "--mode", mode, "--batch", str(case.batch), "--threads", str(options.threads), "--json"]
        if case.mode == "train":  # the workload's own batch size, and shards
            del self.words[5:7]
        if options.bf16:
            self.words.append("--bf16")
        self.answer = {}

    def rate(self, seconds):
        """Images a second."""
        done = subprocess.run([*self.words, "--seconds", str(seconds)], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"compare.py: {' '.join(self.words)}: {done.stderr.strip()}")
        self.answer = json.loads(done.stdout)
        return self.answer["images_per_second"]


def open_libraries(known, scratch, files):
    """Returns those that are there, and prints why the others are not."""
    found, skipped = [], []
    for name, make in known.items():
        try:
            found.append(make(scratch, files))
        except Missing as reason:
            skipped.append(f"{name}: {reason}")
            print(f"skipped: {skipped[-1]}", flush=True)
    return found, skipped


def fastest(ways, seconds):
    """Returns the best of the ways to run a network, and ends the others."""
    best = max(ways, key=lambda way: max(way.rate(seconds / 3) for _ in range(3))) if len(ways) > 1 else ways[0]
    for way in ways:
        if way is not best:
            way.end()
    return best


def measure(case, found, options):
    """Returns lamina's rates, {name: (way, rates)} of the others, and lamina's last answer."""
    ways = {}
    for library in found:
        try:
            opened = library.ways(case, options.threads)
            if opened:
                ways[library.name] = (fastest(opened, options.seconds), [])
        except Missing as reason:
            print(f"skipped: {library.name}, {case.workload}: {reason}", flush=True)
    lamina = Lamina(options.program, case, options)
    ours = []
    for _ in range(options.rounds):
        ours.append(lamina.rate(options.seconds))
        for way, rates in ways.values():
            rates.append(way.rate(options.seconds))
    return ours, ways, lamina.answer


def show(case, ours, ways, answer):
    a = statistics.median(ours)
    memory = f"; peak memory {answer['peak_megabytes']:,.0f} MB"
    print(f"{case.workload}, {case}: lamina {table.rate(a)} images/s, {table.rate(min(ours))} … {table.rate(max(ours))}{memory}", flush=True)
    for name, (way, rates) in ways.items():
        b = statistics.median(rates)
        notes = ", ".join(filter(None, (f"{way.threads} thread{'s' if way.threads > 1 else ''}", way.note)))
        print(f"  {a / b:.2f}x {name}, {notes}  (best against best {max(ours) / max(rates):.2f}x; {table.rate(b)} images/s, "
              f"{table.rate(min(rates))} … {table.rate(max(rates))}; peak memory {way.megabytes():,.0f} MB)", flush=True)
        way.end()


def main(words):
    options = read_options(words)
    page = table.Table(options, words)
    print(page.head(), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        known = {"PyTorch": libraries.pytorch_bf16} if options.bf16 else libraries.ALL
        found, page.skipped = open_libraries(known, scratch, libraries.OnnxFiles(options.program, scratch))
        for case in workloads.cases(options.workloads, options.modes):
            ours, ways, answer = measure(case, found, options)
            show(case, ours, ways, answer)
            page.add(case, ours, ways, answer)
            page.versions = {library.name: library.version for library in found if library.version}
            if options.table:
                page.write()
    for name, version in page.versions.items():
        print(f"{name}: {version}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Missing as reason:  # a program that ended while it was measured
        sys.exit(f"compare.py: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
