#!/bin/sh
# names.sh <folder with html/> <folder of headers>: checks that the site's search knows every public type, concept, alias and
# function that the headers declare in namespace lamina.
set -eu
export LC_ALL=C
work=$1 headers=$2
trap 'rm -f "$work/public" "$work/known"' EXIT

find "$headers" -name '*.hpp' -not -path '*/kernels/*' -exec cat {} + | awk '
  /^namespace .*(detail|kernels).*\{/ { hidden = 1 }
  /^}  \/\/ namespace .*(detail|kernels)/ { hidden = 0 }
  hidden { next }
  match($0, /^(struct|class|enum class|concept|using) [A-Za-z_0-9]+/) {
    name = substr($0, RSTART, RLENGTH)
    sub(/.* /, "", name)
    if (name != "namespace" && substr($0, RSTART + RLENGTH, 2) != "::") print name
    next
  }
  /^[A-Za-z].* [a-z_]+\(/ && !/^(using|friend|return|template|static_assert|requires|namespace)|\/\/ |var\(--/ {
    name = $0
    sub(/\(.*/, "", name)
    sub(/.*[ *&]/, "", name)
    if (name ~ /^[a-z_]+$/) print name
  }' | sort -u > "$work/public"
sed -n 's/^\["\([^"]*\)".*/\1/p' "$work/html/searched.js" | sed 's/.*:://' | sort -u > "$work/known"
public=$(wc -l < "$work/public")
missing=$(comm -23 "$work/public" "$work/known")
if [ "$public" -lt 200 ]; then echo "only $public public names were found"; exit 1; fi
if [ -n "$missing" ]; then echo "the search does not know:" $missing; exit 1; fi
echo "the search knows all $public public names"
