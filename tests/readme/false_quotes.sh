#!/bin/sh
# false_quotes.sh <scratch folder>: quotes.sh refuses what was never written, or no longer is.
set -eu
scratch=$1 quotes=$(cd "$(dirname "$0")" && pwd)/quotes.sh
rm -rf "$scratch"
mkdir -p "$scratch"
printf 'int one = 1;\n  int two = 2;\n\nint three = 3;\n' > "$scratch/code.hpp"

# expect <exit code> <what is wrong> <quoted lines>
expect() {
  printf 'Text.\n\n```cpp code.hpp\n%b\n```\n' "$3" > "$scratch/README.md"
  code=0
  sh "$quotes" "$scratch" "$scratch/README.md" > "$scratch/said" || code=$?
  [ "$code" = "$1" ] || { echo "$2: expected exit code $1 but got $code"; cat "$scratch/said"; exit 1; }
}
expect 0 "lines as they stand, indented otherwise" 'int one = 1;\n    int two = 2;'
expect 0 "lines left out" 'int one = 1;\n…\nint three = 3;'
expect 1 "a word changed" 'int one = 1;\nint two = 3;'
expect 1 "lines left out in silence" 'int one = 1;\nint three = 3;'
expect 1 "another order" 'int three = 3;\n…\nint one = 1;'
expect 1 "a line after the last" 'int three = 3;\nint four = 4;'

printf '```cpp gone.hpp\nint one = 1;\n```\n' > "$scratch/README.md"
if sh "$quotes" "$scratch" "$scratch/README.md" > "$scratch/said"; then echo "a file that is not there passed"; exit 1; fi
printf 'Nothing quoted.\n\n```cpp\nint one = 2;\n```\n' > "$scratch/README.md"
if sh "$quotes" "$scratch" "$scratch/README.md" > "$scratch/said"; then echo "no quotation at all passed"; exit 1; fi
