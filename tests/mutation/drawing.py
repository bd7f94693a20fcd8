"""Drawing faults from the places that the compiler and this machine get to see."""

import dataclasses
import posixpath
import random
import re

import copies
import equivalents
import places


@dataclasses.dataclass
class Fault:
    number: int
    place: places.Place
    listed: str = ""  # why it is equivalent
    caught: str = ""  # by what
    is_text: bool = False  # cannot be switched on
    stillborn: bool = False  # does not compile

    @property
    def open(self):
        return not self.caught and not self.stillborn

    def tell(self):
        """Prints what it is and what became of it."""
        left = f"equivalent: {self.listed}" if self.listed else "SURVIVED"
        print(f"{self.describe()}\n    {'caught: ' + self.caught if self.caught else left}", flush=True)

    def describe(self):
        return f"{self.place.file}:{self.place.line}: {self.place.was}\n    →  {self.place.now}"


def compiled_lines(build):
    """header → the numbers of its lines that this compiler gets to see."""
    lines, file, number = {}, None, 0
    for main, flags in (("compiled.hpp", ["-DLAMINA_COMPILED"]), ("all.hpp", ["-DLAMINA_COMPILED"])):
        for text in build.preprocess(main, flags).split("\n"):
            marker = re.match(r'# (\d+) "(?:.*/include/lamina/(.*)|.*)"', text)
            if marker:
                number, file = int(marker[1]), marker[2] and posixpath.normpath(marker[2])
                continue
            if file and text.strip():
                lines.setdefault(file, set()).add(number)
            number += 1
    return lines


def candidates(texts, lines, only):
    """The places where faults may be put here, and how many there are of which this machine runs nothing."""
    found, unseen = [], 0
    for file, text in texts.items():
        wide = set() if copies.machine_is_wide() else places.wide_only(file, text)
        for place in places.places(file, text) if only in (None, file) else []:
            here = place.line in lines.get(file, ()) and place.line not in wide
            found += [place] if here else []
            unseen += not here
    return found, unseen


def draw(texts, build, entries, chosen):
    """`count` faults in an order that follows from the seed. `build`: one of the headers as they are."""
    found, unseen = candidates(texts, compiled_lines(build), chosen.only)
    print(f"{len(found)} places for faults; {unseen} more are for other machines or compilers", flush=True)
    random.Random(chosen.seed).shuffle(found)
    drawn = enumerate(found[:chosen.count], 1)
    return [Fault(number, place, equivalents.why(entries, place)) for number, place in drawn]
