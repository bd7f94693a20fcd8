#!/bin/sh
# quotes.sh <repository> <README.md>...: every block that opens with ```cpp <file> stands in that file of the repository, line
# for line, but for how far it is indented. A line … leaves lines out. Each README given has such a block.
set -eu
root=$1
shift
for readme in "$@"; do
  awk -v root="$root" -v readme="$readme" '
    function trimmed(line) { sub(/^[ \t]+/, "", line); sub(/[ \t]+$/, "", line); return line }
    function load(file,    line) {
      lines = 0
      while ((got = (getline line < (root "/" file))) > 0) text[++lines] = trimmed(line)
      if (got < 0) { print readme ": there is no file " file; wrong = 1 }
      close(root "/" file)
    }
    # Whether the quotation from line q on stands in the file; `from` is where it may begin, `anywhere` whether further down too.
    function stands(q, from, anywhere,    at) {
      if (q > quoted) return 1
      if (quote[q] == "…") return stands(q + 1, from, 1)
      for (at = from; at <= lines; ++at) {
        if (text[at] == quote[q] && stands(q + 1, at + 1, 0)) return 1
        if (!anywhere) return 0
      }
      return 0
    }
    /^```/ {
      if (inside) {
        ++blocks
        load(file)
        if (!stands(1, 1, 1)) {
          print readme ":" opened ": this does not stand in " file ":"
          for (i = 1; i <= quoted; ++i) print "  " quote[i]
          wrong = 1
        }
        inside = 0
      } else if (!other && $1 == "```cpp" && NF == 2) {
        inside = 1; file = $2; quoted = 0; opened = NR
      } else {
        other = !other
      }
      next
    }
    inside { quote[++quoted] = trimmed($0) }
    END {
      if (!blocks) { print readme ": has no block that opens with ```cpp <file>"; wrong = 1 }
      else if (!wrong) print readme ": " blocks " quotations stand where they say"
      exit wrong
    }' "$readme"
done
