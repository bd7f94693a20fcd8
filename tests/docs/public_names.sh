#!/bin/sh
# public_names.sh <folder of headers> <page or example>...: lists the public names that stand in none of the pages and
# examples, with their headers. Ends with a summary, and with status 1 if there are any.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
headers=$1
shift
names=$(mktemp)
trap 'rm -f "$names"' EXIT
find "$headers" -type f -name '*.hpp' | LC_ALL=C sort | xargs awk -f "$here/public_names.awk" > "$names"
cat "$@" | awk -v names="$names" '
  {
    gsub(/[^A-Za-z_0-9]+/, " ")
    count = split($0, words, " ")
    for (i = 1; i <= count; i++) known[words[i]] = 1
  }
  END {
    while ((getline line < names) > 0) {
      split(line, part, " ")
      ++all
      if (!(part[1] in known)) { ++nowhere; print part[2] ": " part[1] " stands in no guide and no example" }
    }
    print all + 0 " public names, " nowhere + 0 " in no guide and no example"
    if (all == 0) exit 2
    if (nowhere > 0) exit 1
  }'
