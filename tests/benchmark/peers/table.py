"""The table that compare.py writes."""
import datetime
import os
import re
import shlex
import statistics
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def rate(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


def compiler_of(program):
    """Returns the compiler that a program names in itself."""
    with open(program, "rb") as file:
        found = re.search(rb"GCC: \([^)]*\) [0-9.]+|clang version [0-9.]+", file.read())
    return found.group().decode() if found else "unknown compiler"


def version_of_lamina():
    with open(os.path.join(ROOT, "include/lamina/core/version.hpp"), encoding="utf-8") as file:
        version = re.search(r'library_version = "(.*?)"', file.read()).group(1)
    try:
        commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        commit = ""
    return f"{version} (tree at commit {commit})" if commit else version


class Table:
    """Medians, a row a measurement, a column a library."""

    def __init__(self, options, words):
        self.options = options
        named = {key: os.environ[key] for key in sorted(os.environ) if key.startswith("LAMINA_") or key == "CXX"}
        self.command = " ".join([*(f"{key}={shlex.quote(value)}" for key, value in named.items()), "compare.py", *map(shlex.quote, words)])
        self.load = os.getloadavg()[0]
        self.rows, self.skipped, self.versions = [], [], {}
        self.instruction_set = ""

    def head(self):
        cores = len(os.sched_getaffinity(0))
        return (f"{datetime.date.today()}, {processor()}, {cores} core{'s' if cores > 1 else ''}; lamina compiled by "
                f"{compiler_of(self.options.program)}; load of other programs at the start: {self.load:.1f}")

    def add(self, case, ours, ways, answer):
        self.instruction_set = answer["isa"]
        a = statistics.median(ours)
        cells = {}
        for name, (_, rates) in ways.items():
            b = statistics.median(rates)
            cells[name] = f"{a / b:.1f}×, best {max(ours) / max(rates):.1f}× ({rate(b)})"
        self.rows.append((case, f"{rate(a)} ({rate(min(ours))} … {rate(max(ours))})", cells))

    def text(self):
        names = list(dict.fromkeys(name for _, _, cells in self.rows for name in cells))
        threads = self.options.threads
        lines = [f"{self.head()}. Images a second: medians of {self.options.rounds} rounds of {self.options.seconds:g} s, for lamina with the least and "
                 f"the most; then by how many times lamina is faster than another library, medians and best against best, and the images a second of that library"
                 f"{'' if threads == 1 else f', at its best of 1 and {threads} threads'}.", "",
                 "| " + " | ".join(["network", "measured", "lamina", *names]) + " |", "|---" * (3 + len(names)) + "|"]
        for case, ours, cells in self.rows:
            lines.append("| " + " | ".join([case.workload, str(case), ours, *(cells.get(name, "") for name in names)]) + " |")
        lines += ["", "| library | version |", "|---|---|",
                  f"| lamina | {version_of_lamina()}, float, {self.instruction_set}, {threads} thread{'s' if threads > 1 else ''} |",
                  *(f"| {name} | {version} |" for name, version in self.versions.items())]
        lines += ["", *(f"Skipped: {reason}." for reason in self.skipped), *([""] if self.skipped else []), "Command:", "", f"    {self.command}"]
        return "\n".join(lines) + "\n"

    def write(self):
        with open(self.options.table, "w", encoding="utf-8") as file:
            file.write(self.text())
