"""The list of faults that no test can catch, because nothing that anybody could see becomes wrong."""

import dataclasses


@dataclasses.dataclass
class Entry:
    file: str
    was: str  # the line
    now: str  # the line with the fault, which says what was changed and where
    why: str
    which: int = 0  # of the lines of the file that read so; 0: every one

    def means(self, place):
        return (self.file, self.was, self.now) == (place.file, place.was, place.now) and self.which in (0, place.which)


def read(path):
    """Entries stand apart by blank lines: a header's name, `was:`, `now:`, perhaps `which:`, and `why:` at the end."""
    entries = []
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#")]
    for block in "\n".join(lines).split("\n\n"):
        if not block.strip():
            continue
        file, *rest = block.strip().split("\n")
        fields, key = {}, None
        for line in rest:
            name, colon, value = line.strip().partition(": ")
            if colon and name in ("was", "now", "which", "why") and key != "why":
                key, fields[name] = name, value.strip()
            elif key == "why":
                fields["why"] += " " + line.strip()
            else:
                raise SystemExit(f"{path}: {file}: expects was:, now:, perhaps which:, and why: but got {line!r}")
        if not {"was", "now", "why"} <= fields.keys():
            raise SystemExit(f"{path}: {file}: expects was:, now: and why: but got {', '.join(fields) or 'nothing'}")
        entries.append(Entry(file.strip(), fields["was"], fields["now"], fields["why"], int(fields.get("which", 0))))
    return entries


def why(entries, place):
    """The reason for which a fault is listed, or nothing."""
    return next((entry.why for entry in entries if entry.means(place)), "")
