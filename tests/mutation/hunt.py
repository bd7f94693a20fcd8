"""Compiles the tests with all faults at once, and runs them with one after another."""

import dataclasses
import pathlib
import posixpath
import re
import time

import builds
import copies


@dataclasses.dataclass
class Passed:
    """A program's run without faults."""
    seconds: float
    seen: set


class Hunt:
    def __init__(self, folder, texts, faults):
        self.folder, self.texts, self.faults = folder, texts, faults
        self.plain = self.build("plain", builds.PLAIN)
        self.sanitized = self.build("sanitized", builds.SANITIZED)
        self.near_tests, self.far_tests = builds.test_files(builds.NEAR), builds.test_files(builds.FAR)
        self.passed = {}  # (build, edition, test) → Passed

    def build(self, name, flags):
        return builds.Build(self.folder, self.folder / f"{name}-{pathlib.Path(builds.COMPILER).name}", flags)

    def write(self):
        """The copy with the faults. What an earlier run had to put aside is put aside at once."""
        note = self.folder / "aside.txt"
        aside = set(note.read_text().split("\n")) if note.exists() else set()
        for fault in self.faults:
            fault.is_text = fault.is_text or repr(fault.place) in aside
        copies.write(note, "\n".join(aside | {repr(fault.place) for fault in self.faults if fault.is_text}).encode())
        copies.write_declarations(self.folder, [(fault.number, fault.place) for fault in self.faults])
        switched = [(fault.number, fault.place) for fault in self.faults if not fault.is_text]
        copies.write_switched(self.folder, self.texts, switched)

    def compiled(self, make, *arguments):
        """Compiles; faults that cannot be switched on where they stand are put aside until it works."""
        while True:
            try:
                return make(*arguments)
            except builds.CompileError as error:
                blamed = self.blamed(str(error))
                if not blamed:
                    raise SystemExit(f"mutation: what has to compile does not:\n{str(error)[:4000]}") from error
                for fault in blamed:
                    fault.is_text = True
                self.write()

    def blamed(self, complaints):
        """The faults on the lines that a compiler's errors come from: their own, or the innermost that asked for it."""
        blamed, asked = [], None
        for line in complaints.split("\n"):
            place = re.search(r"include/lamina/(\S+?):(\d+)", line)
            near = self.near(posixpath.normpath(place[1]), int(place[2])) if place else []
            if near and "required from" in line and not asked:
                asked = near
            if " error: " in line:
                blamed += near or asked or []
                asked = None
        return blamed

    def near(self, file, line):
        """The faults that can be switched on in a line, or else about it, as long statements have several lines."""
        own = [fault for fault in self.faults if fault.place.file == file and not fault.is_text]
        for reach in range(6):
            found = [fault for fault in own if abs(fault.place.line - line) <= reach]
            if found:
                return found
        return []

    def run_without(self, build, edition, test):
        """What a program sees and how long it takes, without faults. It has to pass."""
        key = (build, edition, test)
        if key not in self.passed:
            program, seen = self.compiled(build.program, test), build.made / "seen.txt"
            started = time.monotonic()
            how = build.run(program, LAMINA_FAULTS_SEEN=str(seen), **edition_variable(edition))
            if how:
                raise SystemExit(f"mutation: {test} {how} without any fault (edition: {edition or 'the fastest'})")
            numbers = {int(number) for number in seen.read_text().split()}
            self.passed[key] = Passed(time.monotonic() - started, numbers)
        return self.passed[key]

    def nearest_first(self, fault, tests):
        """The test of the same name first, then those of the same module, then the quick ones."""
        module, file = fault.place.file.partition("/")[0], pathlib.PurePosixPath(fault.place.file)
        name = f"{module}/{file.stem}"
        quick = {test: passed.seconds for (_, _, test), passed in self.passed.items()}
        return sorted(tests, key=lambda test: (test != name, not test.startswith(module), quick.get(test, 0)))

    def switch_on(self, fault, build, edition, tests):
        """Runs the tests that come by a fault, with it on, until one does not pass."""
        for test in self.nearest_first(fault, tests):
            without = self.run_without(build, edition, test)
            if fault.number not in without.seen:
                continue
            how = build.run(build.program(test), seconds=10 + 10 * without.seconds, LAMINA_FAULT=str(fault.number),
                            **edition_variable(edition))
            if how:
                return self.catch(fault, test, how, edition or ("sanitizers" if build is self.sanitized else ""))

    @staticmethod
    def catch(fault, test, how, under=""):
        fault.caught = f"{test} {how}" + (f" ({under})" if under else "")
        fault.tell()

    def is_seen(self, fault):
        return any(fault.number in passed.seen for passed in self.passed.values())

    def write_into(self, fault):
        """Compiles one fault as text: a fault that is computed while compiling is never switched on."""
        root = self.folder / "text"
        copies.copy_project(root, copies.with_fault(self.texts, fault.place))
        build = builds.Build(root, root / "made", builds.PLAIN, switches=False)
        try:
            if fault.place.file.endswith((".inc", ".ipp")):
                self.run_library(fault, build)
            else:
                self.run_headers(fault, build)
        except builds.CompileError as error:
            tells = re.search(r"static assertion failed|constant expression|throw", str(error))
            fault.stillborn = not tells
            if tells:
                self.catch(fault, "a static_assert", "fails")

    def run_library(self, fault, build):
        if self.is_seen(fault):
            return
        build.library()
        for edition in ("", *slower_editions()):
            for test in self.nearest_first(fault, self.near_tests):
                seconds = 10 + 10 * self.run_without(self.plain, "", test).seconds
                how = self.plain.run(self.plain.program(test), build.made, seconds, **edition_variable(edition))
                if how:
                    return self.catch(fault, test, how, edition)

    def run_headers(self, fault, build):
        library = None if fault.place.file.startswith("kernels/") else self.plain.made
        tests = [test for test in self.near_tests if fault.place.file in self.plain.headers[test]]
        if self.is_seen(fault):
            tests = [test for test in tests if test.startswith(fault.place.file.partition("/")[0])]
        for test in self.nearest_first(fault, tests):
            if self.is_seen(fault):  # with no effect at run time; there may be one on a static_assert
                build.check_syntax(test)
                continue
            how = build.run(build.program(test, library), library, 60)
            if how:
                return self.catch(fault, test, how)

    def run(self):
        """From what is quick to what is slow: what one stage does not catch is left to the next."""
        self.write()
        near = self.near_tests
        builds.say(f"compiling {len(near)} tests with {len(self.faults)} faults that can be switched on")
        self.compiled(self.plain.before)
        self.compiled(self.plain.library)
        for test in near:
            self.run_without(self.plain, "", test)
        for edition in ("", *slower_editions()):
            for fault in [one for one in self.faults if one.open and not one.is_text]:
                self.switch_on(fault, self.plain, edition, near)
        for fault in [one for one in self.faults if one.open and not one.listed]:
            builds.say("not caught by the tests beside it: " + fault.describe())
            self.write_into(fault)
        for build, tests in ((self.sanitized, near), (self.plain, self.far_tests)):
            for fault in [one for one in self.faults if one.open and not one.listed and not one.is_text]:
                self.switch_on(fault, build, "", [test for test in tests if self.may_see(fault, test)])

    def may_see(self, fault, test):
        """Under sanitizers only what is known to come by a fault is worth compiling."""
        known = self.passed.get((self.plain, "", test))
        return not known or fault.number in known.seen


def edition_variable(edition):
    return {"LAMINA_ISA": edition} if edition else {}


def slower_editions():
    return ("avx2", "baseline") if copies.machine_is_wide() else ("baseline",)
