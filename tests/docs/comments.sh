#!/bin/sh
# comments.sh <folder>: checks how the documentation comments of all headers in a folder open, see comments.awk.
set -eu
checker=$(cd "$(dirname "$0")" && pwd)/comments.awk
find "$1" -type f \( -name '*.hpp' -o -name '*.ipp' -o -name '*.inc' \) -exec awk -f "$checker" {} +
