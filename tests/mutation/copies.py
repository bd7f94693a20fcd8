"""The copy of the project that faults are made in: its headers, and the tests, which find them by relative paths."""

import pathlib
import re
import shutil

import places

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
NAMES = {"+": "Plus", "-": "Minus", "*": "Times", "/": "Over", "%": "Modulo", "<": "Less", "<=": "AtMost", ">": "Greater",
         ">=": "AtLeast", "==": "Equal", "!=": "Unequal", "+=": "PlusTo", "-=": "MinusTo", "*=": "TimesTo", "/=": "OverTo"}
WIDE = {"avx512f", "avx512vl", "avx512bw", "avx512dq"}


def machine_is_wide():
    """Whether this machine can run the AVX-512 edition. Without it that edition is not compiled, and no fault is put there."""
    try:
        return WIDE <= set(re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)[1].split())
    except (OSError, TypeError):
        return False


def write(path, text):
    """Leaves a file that reads so already as old as it is."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def copy_project(folder):
    """Headers without faults and tests, in folder/include and folder/tests."""
    for part in ("include", "tests"):
        shutil.rmtree(folder / part, ignore_errors=True)
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("found", "mutation"))
    if not machine_is_wide():
        editions = folder / "include/lamina/kernels/editions.hpp"
        editions.write_text(editions.read_text(encoding="utf-8").replace("#define LAMINA_HAS_AVX512", ""), encoding="utf-8")


def one_fault(folder, text, place):
    """Writes one header with one fault in its text."""
    write(folder / "include/lamina" / place.file, text[:place.start] + place.wrong + text[place.end:])


def switched(text, faults):
    """A header's text with faults that can be switched on; its lines keep their numbers."""
    for number, place in sorted(faults, key=lambda fault: -fault[1].start):
        text = text[:place.start] + place.switched.format(f"fault_{number}") + text[place.end:]
    return text


def declarations(faults):
    """What faults.inc says about each."""
    lines = []
    for number, place in faults:
        wrong = "switched::" + NAMES[place.wrong] if place.wrong in NAMES else "void"
        lines.append(f"inline constexpr switched::Fault<{number}, {wrong}> fault_{number}{{}};\n")
    return "".join(lines)


def write_switched(folder, texts, faults):
    """Writes every header anew with those of the faults that are in it. `texts`: what each header says without them."""
    for file, text in texts.items():
        own = [fault for fault in faults if fault[1].file == file]
        if file == "kernels/edition.inc":
            text = '#include "switched.inc"\n' + text[text.index("\n") + 1:]  # in the place of a comment
        write(folder / "include/lamina" / file, switched(text, own))


def write_switches(folder, faults):
    for name in ("faults.hpp", "switched.inc"):
        write(folder / name, (HERE / name).read_text(encoding="utf-8"))
    write(folder / "faults.inc", declarations(faults))


def read_headers(folder):
    """file → text of every header that faults may be in."""
    headers = folder / "include/lamina"
    return {f"{module}/{path.name}": path.read_text(encoding="utf-8")
            for module in places.MODULES for path in sorted((headers / module).iterdir())}
