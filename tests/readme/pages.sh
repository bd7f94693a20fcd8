#!/bin/sh
# pages.sh <repository>: checks that README.md has at most 200 lines, and that every relative link of README.md and of all
# pages below include, examples and tests leads to a file or folder, and its #anchor to a heading of that page.
set -eu
cd "$1"
wrong=no
lines=$(wc -l < README.md)
if [ "$lines" -gt 200 ]; then
  echo "README.md: has $lines lines, more than 200: move what leads too far to a guide beside the code"
  wrong=yes
fi
list=$(mktemp)
trap 'rm -f "$list"' EXIT

# anchors <page>: the anchor of every heading, as GitHub makes it.
anchors() {
  awk '/^```/ { inside = !inside; next } !inside && /^#+ / {
    sub(/^#+ /, ""); text = tolower($0); gsub(/[^a-z0-9 _-]/, "", text); gsub(/ /, "-", text); print text }' "$1"
}

find README.md include examples tests -name '*.md' | sort | while read -r page; do
  # A link's target, without blocks of code and code within a line.
  awk '/^```/ { inside = !inside; next } !inside {
    gsub(/`[^`]*`/, "")
    while (match($0, /\]\([^)]*\)/)) { print substr($0, RSTART + 2, RLENGTH - 3); $0 = substr($0, RSTART + RLENGTH) } }' "$page" |
  while read -r target; do
    case "$target" in *://*) continue ;; esac
    file=${target%%#*} anchor=""
    case "$target" in *"#"*) anchor=${target#*#} ;; esac
    path=$(dirname "$page")/$file
    [ -n "$file" ] || path=$page
    if [ ! -e "$path" ]; then echo "$page: links to $target, which does not exist"
    elif [ -n "$anchor" ] && ! anchors "$path" | grep -qxF -e "$anchor"; then
      echo "$page: links to $target, but that page has no such heading"
    fi
  done
done > "$list"
if [ -s "$list" ]; then cat "$list"; wrong=yes; fi
[ $wrong = no ] || exit 1
echo "the links of $(find README.md include examples tests -name '*.md' | wc -l) pages lead somewhere; README.md has $lines lines"
