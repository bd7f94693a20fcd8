#!/bin/sh
# Fuzzes the readers with libFuzzer, address and undefined-behaviour sanitizers on, one after another.
#
#   sh tests/fuzz/run.sh                                    every target, a minute each
#   sh tests/fuzz/run.sh --seconds 1200 --runs 5000000      until either is reached
#   sh tests/fuzz/run.sh --seconds 60 json idx              these only
#
# What is interesting is kept in build/fuzz/corpus/<target>, from where the next run goes on; --folder names another place
# than build/fuzz. With --keep, the least of it that reaches as much is written to tests/fuzz/found/<target>/corpus.pack,
# from where every other folder begins. A finding is written to build/fuzz/findings and ends with exit code 1: mend it, test it by name, and
# put the file to tests/fuzz/found/<target>, which CTest reads with every compiler. Needs clang++ ($CLANGXX). The first
# run compiles lamina::compiled with these checks, which takes some minutes.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
clang=${CLANGXX:-clang++}
seconds=60 runs=-1 folder=$root/build/fuzz keep=no wanted=""
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift ;;
    --runs) runs=$2; shift ;;
    --folder) folder=$2; shift ;;
    --keep) keep=yes ;;
    -*) echo "run.sh: expects --seconds N, --runs N, --folder DIR, --keep and names of targets but got $1" >&2; exit 2 ;;
    *) wanted="$wanted $1" ;;
  esac
  shift
done
if ! command -v "$clang" > /dev/null; then
  echo "skipped: fuzzing: there is no clang++"
  exit 0
fi
here=$root/tests/fuzz
if [ -z "$wanted" ]; then
  for source in "$here"/targets/*.cpp; do wanted="$wanted $(basename "$source" .cpp)"; done
fi

build=$folder/build
mkdir -p "$folder/findings" "$build" || exit 1
eigen=$(pkg-config --cflags-only-I eigen3 2> /dev/null | sed 's/-I/-isystem /g')
flags="-std=c++20 -g -DLAMINA_COMPILED -I $root/include ${eigen:--isystem /usr/include/eigen3} -isystem /usr/include/stb"
checks="-O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -D_GLIBCXX_ASSERTIONS"

# compile <made> <source> <flag>...: unless what was made is newer than all that it was made of.
compile() {
  made=$1 source=$2
  shift 2
  if [ -e "$made" ] && [ -e "$made.d" ] &&
     [ -z "$(find $(sed -e 's/^[^:]*://' -e 's/\\$//' "$made.d") -newer "$made" 2>&1 | head -n 1)" ]; then
    return 0
  fi
  "$clang" $flags -MMD -MF "$made.d" "$@" -c -o "$made" "$source"
}
library=""
for source in "$root"/cmake/compiled/*.cpp; do
  part=$build/compiled_$(basename "$source" .cpp).o
  compile "$part" "$source" $checks || exit 1
  library="$library $part"
done
for common in memory run libfuzzer replay; do
  compile "$build/$common.o" "$here/$common.cpp" $checks || exit 1
done

failed=""
for target in $wanted; do
  compile "$build/$target.t.o" "$here/targets/$target.cpp" $checks -fsanitize=fuzzer-no-link || exit 1
  objects="$build/$target.t.o $build/memory.o $build/run.o $library"
  "$clang" -fsanitize=fuzzer,address,undefined -o "$build/fuzz_$target" $objects "$build/libfuzzer.o" -lz -pthread || exit 1
  "$clang" -fsanitize=fuzzer-no-link,address,undefined -o "$build/replay_$target" $objects "$build/replay.o" -lz -pthread || exit 1
  corpus=$folder/corpus/$target found=$here/found/$target
  mkdir -p "$corpus"
  "$build/replay_$target" seeds "$target" "$found" "$corpus" || exit 1
  log=$folder/$target.log
  "$build/fuzz_$target" -max_total_time="$seconds" -runs="$runs" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256 \
    -max_len=16384 -dict="$here/targets/$target.dict" -artifact_prefix="$folder/findings/$target-" -print_final_stats=1 \
    "$corpus" > "$log" 2>&1
  status=$?
  if [ "$keep" = yes ] && [ $status = 0 ]; then
    rm -rf "$folder/least" && mkdir "$folder/least"
    "$build/fuzz_$target" -merge=1 -max_len=2048 "$folder/least" "$corpus" > "$folder/merge.log" 2>&1 &&
      "$build/replay_$target" pack "$folder/least" "$found/corpus.pack" || exit 1
  fi
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  echo "$target: ${executions:-?} executions, $(ls "$corpus" | wc -l) files in the corpus," \
       "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1) edges, peak $(sed -n 's/^stat::peak_rss_mb: *//p' "$log" | tail -n 1) MB"
  if [ $status -ne 0 ]; then
    failed="$failed $target"
    grep -m 3 -e 'finding:' -e 'ERROR:' -e 'runtime error' -e 'SUMMARY' "$log" | sed 's/^/  /'
    echo "  the whole output is in $log"
  fi
done
[ -z "$failed" ] || { echo "findings:$failed"; exit 1; }
