"""Programs of other libraries: compiled, started for a network, and asked for their speed in each round."""
import datetime
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


class Missing(Exception):
    """Says why a library is not measured."""


def resident_megabytes(process="self"):
    """Returns the peak memory of a process."""
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def blas_paths(process):
    """Returns the BLAS libraries that a process has loaded."""
    with open(f"/proc/{process}/maps", encoding="utf-8") as maps:
        return sorted({line.split()[-1] for line in maps if "blas" in os.path.basename(line.split()[-1])})


def blas_of(process):
    """Returns their names, with their folders: Debian's are all called libblas.so.3."""
    return ", ".join("/".join(path.split("/")[-2:]) for path in blas_paths(process))


def first_line(text, word=""):
    return next((line.strip() for line in text.splitlines() if word in line), text.strip().split("\n")[0] or "it says nothing")


class Program:
    """A running program that reads seconds and prints steps a second, a line each; first it prints its version."""

    def __init__(self, words, case, threads):
        self.case, self.threads, self.note = case, threads, ""
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8")
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.version = ", ".join(filter(None, (self.line(), blas_of(self.process.pid))))

    def line(self):
        line = self.process.stdout.readline().strip()
        if not line:
            self.end()
            self.errors.seek(0)
            raise Missing(first_line(self.errors.read()))
        return line

    def rate(self, seconds):
        """Images a second."""
        try:
            self.process.stdin.write(f"{seconds}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # line() says why
        return float(self.line()) * self.case.batch

    def megabytes(self):
        return resident_megabytes(self.process.pid)

    def end(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def folder_of(variable, contents):
    """Returns the folder that a variable names. It must have the file `contents`."""
    folder = os.environ.get(variable, "")
    if not folder:
        raise Missing(f"{variable} names no folder")
    if not os.path.exists(os.path.join(folder, contents)):
        raise Missing(f"{variable}: there is no {contents} in {folder}")
    return os.path.abspath(folder)


def compiler():
    named = os.environ.get("CXX", "g++")
    if not shutil.which(named):
        raise Missing(f"there is no compiler '{named}'")
    return named


def compile_program(source, flags, libraries, scratch, name=None):
    """Compiles a program of this folder and returns its path."""
    program = os.path.join(scratch, name or source.replace(".cpp", ""))
    words = [compiler(), "-std=c++17", "-O3", "-DNDEBUG", "-march=native", "-w", "-pthread", *flags, os.path.join(HERE, source), *libraries, "-o", program]
    print(f"compiling {os.path.basename(program)}", file=sys.stderr, flush=True)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"does not compile: {first_line(done.stderr, 'error')}")
    return program


def links(library):
    """Returns whether a program can be linked with a library, named as -lopenblas."""
    words = [compiler(), "-x", "c++", "-", "-x", "none", library, "-o", os.devnull]
    return subprocess.run(words, input="int main() {}", capture_output=True, text=True, check=False).returncode == 0


def edition(folder, header):
    """Returns the commit of a folder, or the day of the newest header beside `header`, for a library without a version number."""
    beside = os.path.dirname(os.path.join(folder, header))
    try:
        words = ["git", "-C", beside, "log", "-1", "--format=commit %h of %cs", "--", "."]
        commit = subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        commit = ""
    if commit:
        return commit
    newest = max(os.path.getmtime(path) for path in glob.glob(f"{beside}/**/*.h", recursive=True))
    return f"headers of {datetime.date.fromtimestamp(newest)}"
