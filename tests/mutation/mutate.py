"""Draws faults and tells which of them no test catches. See run.sh."""

import argparse
import pathlib
import sys
import time

import builds
import copies
import drawing
import equivalents
import hunt
import places


def options(texts):
    parser = argparse.ArgumentParser(description="Puts faults into the headers and looks whether the tests catch them.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=150, help="how many faults are drawn")
    parser.add_argument("--only", metavar="FILE", help="draw from one file, such as kernels/tile.inc")
    parser.add_argument("--list", action="store_true", help="only say what would be drawn, and check equivalent.txt")
    parser.add_argument("--folder", type=pathlib.Path, default=copies.ROOT / "build/mutation",
                        help="where everything is made")
    chosen = parser.parse_args()
    if not 1 <= chosen.count < 4096:
        parser.error(f"--count: expects 1 … 4095 faults but got {chosen.count}")
    if chosen.only and chosen.only not in texts:
        parser.error(f"--only: expects a file such as kernels/tile.inc but got {chosen.only}")
    chosen.folder = chosen.folder.resolve()
    return chosen


def check_list(entries, texts, faults):
    """Prints entries of the list that are no longer in the headers or that a test catches; returns whether there are none."""
    every = [place for file, text in texts.items() for place in places.places(file, text)]
    gone = [entry for entry in entries if not any(entry.means(place) for place in every)]
    for entry in gone:
        print(f"equivalent.txt lists what is no more: {entry.file}: {entry.was}")
    wrong = [fault for fault in faults if fault.caught and fault.listed]
    for fault in wrong:
        print(f"equivalent.txt lists what a test catches: {fault.describe()}")
    return not gone and not wrong


def summary(faults):
    """Tells what was not caught, and how many were; whether nothing survived."""
    counted = [fault for fault in faults if not fault.stillborn]
    for fault in counted:
        if not fault.caught:
            fault.tell()
    caught = sum(bool(fault.caught) for fault in counted)
    survived = sum(not fault.caught and not fault.listed for fault in counted)
    print(f"{len(faults) - len(counted)} more were drawn that do not compile, and are no faults")
    print(f"{len(counted)} faults, {caught} caught, {len(counted) - caught - survived} equivalent, {survived} survived")
    return not survived


def main():
    started, texts = time.monotonic(), copies.read_headers()
    chosen = options(texts)
    copies.copy_project(chosen.folder / "text", texts)
    build = builds.Build(chosen.folder / "text", chosen.folder / "text/made", builds.PLAIN, switches=False)
    entries = equivalents.read(copies.HERE / "equivalent.txt")
    faults = drawing.draw(texts, build, entries, chosen)
    if chosen.list:
        print("\n".join(fault.describe() for fault in faults))
        return 0 if check_list(entries, texts, []) else 1
    hunt.Hunt(chosen.folder, texts, faults).run()
    good = check_list(entries, texts, faults)
    good = summary(faults) and good
    print(f"{(time.monotonic() - started) / 60:.0f} minutes")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
