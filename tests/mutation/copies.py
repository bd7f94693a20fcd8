"""The copy of the project that faults are made in: its headers, and the tests, which find them by relative paths."""

import pathlib
import re

import places

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
NAMES = {"+": "Plus", "-": "Minus", "*": "Times", "/": "Over", "%": "Modulo",
         "<": "Less", "<=": "AtMost", ">": "Greater", ">=": "AtLeast", "==": "Equal", "!=": "Unequal",
         "+=": "PlusTo", "-=": "MinusTo", "*=": "TimesTo", "/=": "OverTo"}
WIDE = {"avx512f", "avx512vl", "avx512bw", "avx512dq"}


def machine_is_wide():
    """Whether this machine can run the AVX-512 edition. Else it is not compiled, and no fault is put there."""
    try:
        flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        return WIDE <= set(flags[1].split())
    except (OSError, TypeError):
        return False


def write(path, text):
    """Leaves a file that reads so already as old as it is, so that nothing need be compiled again."""
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def copy_project(folder, headers):
    """Headers and tests, to folder/include and folder/tests; `headers` are those that read otherwise in the copy."""
    for part in ("include", "tests"):
        for path in sorted((ROOT / part).rglob("*")):
            name = path.relative_to(ROOT)
            if path.is_file() and not {"mutation", "found"} & set(name.parts):
                own = headers.get(name.relative_to("include/lamina").as_posix()) if part == "include" else None
                write(folder / name, path.read_bytes() if own is None else own.encode())


def read_headers():
    """file → text of every header, and file of definitions, that faults may be in; without the AVX-512 edition where the
    machine has none."""
    headers = ROOT / "include/lamina"
    texts = {path.relative_to(headers).as_posix(): path.read_text(encoding="utf-8")
             for module in places.MODULES for path in sorted((headers / module).rglob("*")) if path.is_file()}
    if not machine_is_wide():
        texts["kernels/regions.inc"] = texts["kernels/regions.inc"].replace("#define LAMINA_HAS_AVX512", "")
    return texts


def with_fault(texts, place):
    """The headers with one fault in the text of one."""
    text = texts[place.file]
    return texts | {place.file: text[:place.start] + place.wrong + text[place.end:]}


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
    """The project with all of these faults in it, to be switched on. `texts`: what the headers say without them."""
    headers = {file: switched(text, [fault for fault in faults if fault[1].file == file])
               for file, text in texts.items()}
    edition = headers["kernels/instruction_set.inc"]
    headers["kernels/instruction_set.inc"] = '#include "switched.inc"\n' + edition[edition.index("\n") + 1:]  # for a comment
    copy_project(folder, headers)
    for name in ("faults.hpp", "switched.inc"):
        write(folder / name, (HERE / name).read_bytes())


def write_declarations(folder, faults):
    write(folder / "faults.inc", declarations(faults).encode())
