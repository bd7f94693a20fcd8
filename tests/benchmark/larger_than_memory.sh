#!/bin/sh
# Trains on more images than memory is to hold: draws them to shards in a scratch folder, trains one epoch, tells the largest
# resident memory of the process, and compares the speed with that of images in memory, in turn.
#
#   sh tests/benchmark/larger_than_memory.sh [--images N] [--rounds N] [--folder DIR] [--keep]
#
#   --images N    of 32 × 32 × 3 bytes (2,000,000: 6.2 GB of disk)
#   --rounds N    of the comparison (9)
#   --folder DIR  where the files go (a folder in $TMPDIR, or /tmp)
#   --keep        leaves them there
#
# Ends with 1 if more than 500 MB were resident, or if a median of the ratios is below 0.95.
set -eu
images=2000000 rounds=9 folder="" keep=no
while [ $# -gt 0 ]; do
  case "$1" in
    --help|-h) awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
    --keep) keep=yes ;;
    --images|--rounds|--folder)
      [ $# -gt 1 ] || { echo "larger_than_memory.sh: $1 expects a value behind it" >&2; exit 2; }
      case "$1" in --images) images=$2 ;; --rounds) rounds=$2 ;; --folder) folder=$2 ;; esac
      shift ;;
    *) echo "larger_than_memory.sh: '$1' is not an option (--help shows them)" >&2; exit 2 ;;
  esac
  shift
done
for number in "$images" "$rounds"; do
  case "$number" in ""|*[!0-9]*|0) echo "larger_than_memory.sh: expects a whole number of at least 1 but got '$number'" >&2; exit 2 ;; esac
done
root=$(cd "$(dirname "$0")/../.." && pwd)
cmake -S "$root" -B "$root/build/bench" -DCMAKE_BUILD_TYPE=Release -DLAMINA_BUILD_TESTS=OFF -DLAMINA_BUILD_BENCHMARKS=ON > /dev/null
cmake --build "$root/build/bench" --target lamina_larger_than_memory > /dev/null
program=$root/build/bench/tests/benchmark/lamina_larger_than_memory
[ -n "$folder" ] || folder=$(mktemp -d)
[ "$keep" = yes ] || trap 'rm -rf "$folder/shards"; rmdir "$folder" 2> /dev/null || true' EXIT INT TERM
mkdir -p "$folder"
. "$root/tests/benchmark/measure.sh"
describe_machine "${CXX:-g++}"
"$program" write "$folder/shards" "$images"
"$program" train "$folder/shards" | tee "$folder/shards/said"
"$program" compare "$folder/shards" "$rounds" | tee -a "$folder/shards/said"
awk '/^largest resident/ && $(NF - 1) > 500 { print "more than 500 MB were resident"; bad = 1 }
     / ratio / && $NF < 0.95 { print "slower than 0.95 of memory"; bad = 1 }
     END { exit bad }' "$folder/shards/said"
