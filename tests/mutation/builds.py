"""Compiling the tests and running them with a fault."""

import os
import pathlib
import posixpath
import re
import shutil
import signal
import subprocess
import sys

import copies

COMPILER = os.environ.get("CXX", "g++")
# Test files beside which a fault in these modules is looked for, and those that are asked when these see nothing.
NEAR = ("kernels", "layers", "losses", "optimizers", "contract", "reference")
FAR = ("models", "training", "testing", "integration", "io")
# They read all of MNIST or start other programs.
LEFT_OUT = {"real_mnist", "real_mnist_drawn", "torch_exchange", "onnx_exchange", "export_cpp"}
PLAIN = ["-O1"]
SANITIZED = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-D_GLIBCXX_ASSERTIONS"]


def say(text):
    """Says how it goes on; what is found goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def test_files(modules):
    found = [path for module in modules for path in sorted((copies.ROOT / "tests" / module).glob("*.cpp"))]
    return [f"{path.parent.name}/{path.stem}" for path in found if path.stem not in LEFT_OUT]


def flags_of(package, otherwise, which="--cflags"):
    if shutil.which("pkg-config") and subprocess.run(["pkg-config", "--exists", package], check=False).returncode == 0:
        told = subprocess.run(["pkg-config", which, package], capture_output=True, text=True, check=True).stdout.split()
        if told:
            return [re.sub("^-I", "-isystem", flag) for flag in told]
    return otherwise


def is_newest(made):
    """Whether a file is newer than what its list of ingredients names."""
    try:
        ingredients = pathlib.Path(f"{made}.d").read_text().partition(":")[2].replace("\\\n", " ").split()
        return all(pathlib.Path(name).stat().st_mtime < pathlib.Path(made).stat().st_mtime for name in ingredients)
    except OSError:
        return False


class CompileError(Exception):
    """A compiler's complaints."""


class Build:
    """Programs of one test file each, compiled when they are first asked for, beside them lamina::compiled as a shared
    library, so that programs need not be linked again for another one.

    root: where include/ and tests/ are. With `switches` there are also faults.hpp and what it reads: the headers'
    faults can be switched on."""

    def __init__(self, root, made, options, switches=True):
        self.root, self.made, self.options, self.switches = root, made, options, switches
        self.made.mkdir(parents=True, exist_ok=True)
        self.headers = {}  # of each program that is there: lamina's headers that it was made of
        self.flags = ["-std=c++20", *options, "-w", "-fPIC", f"-I{root}", f"-I{root}/include",
                      "-isystem/usr/include/stb", *flags_of("eigen3", ["-isystem/usr/include/eigen3"])]
        self.tests = ["-DLAMINA_COMPILED", f'-DLAMINA_TESTS_DIR="{copies.ROOT}/tests"',
                      f'-DLAMINA_COMPILER="{COMPILER}"']

    def compile(self, made, *arguments):
        """Makes a file, unless it is newer than all that it was made of."""
        if not is_newest(made):
            self.run_compiler(made, "-MMD", "-MF", f"{made}.d", *arguments)

    def run_compiler(self, made, *arguments):
        command = ["nice", "-n", "5", COMPILER, *self.flags, *map(str, arguments), "-o", str(made)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise CompileError(result.stderr)

    def preprocess(self, header, flags):
        """A header of lamina's with all that it includes, as the compiler gets to see it."""
        source = self.made / "preprocessed.cpp"
        copies.write(source, f"#include <lamina/{header}>\n".encode())
        command = [COMPILER, *self.flags, *flags, "-E", str(source)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def library(self):
        """Makes the library of what is compiled once, in its parts: after a change only those that it concerns."""
        before = ["-include", "faults.hpp"] if self.switches else []
        objects = []
        for source in sorted((copies.ROOT / "cmake/compiled").glob("*.cpp")):
            objects.append(self.made / f"{source.stem}.o")
            self.compile(objects[-1], *before, "-DLAMINA_COMPILED", "-c", source)
        library = self.made / "liblamina_compiled.so"
        if not library.exists() or any(made.stat().st_mtime >= library.stat().st_mtime for made in objects):
            self.run_compiler(library, "-shared", *objects)

    def program(self, test, library=None):
        """A test's program, linked to the library of this build, or to the one in a folder."""
        path = self.made / test.replace("/", "-")
        if not library:
            self.library()
        before = ["-include", self.before()] if self.switches else []
        self.compile(path, *self.tests, *before, self.root / "tests" / f"{test}.cpp", f"-L{library or self.made}",
                     "-llamina_compiled", *self.libraries())
        found = re.findall(r"include/lamina/(\S+)", pathlib.Path(f"{path}.d").read_text())
        self.headers[test] = {posixpath.normpath(header) for header in found}
        return path

    def check_syntax(self, test):
        """Compiles a test without making a program of it."""
        self.compile(self.made / "nothing", *self.tests, "-fsyntax-only", self.root / "tests" / f"{test}.cpp")

    def before(self):
        """Headers without faults that most tests begin with, compiled beforehand."""
        path = self.made / "before.hpp"
        copies.write(path, b'#include "faults.hpp"\n#include "tests/catch.hpp"\n#include <lamina/core/tensor.hpp>\n')
        self.compile(f"{path}.gch", *self.tests, "-x", "c++-header", path)
        return path

    @staticmethod
    def libraries():
        return [*flags_of("catch2-with-main", ["-lCatch2WithMain"], "--libs"), "-lz", "-pthread"]

    def run(self, program, library=None, seconds=300.0, **variables):
        """How a program ended: "" if all its tests passed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LAMINA_")}
        environment.update(variables, LD_LIBRARY_PATH=str(library or self.made))
        limit = [] if "-fsanitize=address,undefined" in self.options else ["prlimit", "--as=6000000000"]
        with subprocess.Popen([*limit, program, "--abort"], env=environment, cwd=self.made, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                status = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return "hangs"
        if status < 0:
            return signal.Signals(-status).name
        return "fails" if status else ""
