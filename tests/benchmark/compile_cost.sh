#!/bin/sh
# What lamina costs a compiler: seconds of user time and peak memory for the example examples/mnist, for the README's first
# program, and, for scale, for Eigen's Tensor header alone. At -O3, with g++ and clang++, whichever are there.
#
#   sh tests/benchmark/compile_cost.sh            the least of three runs each
#   RUNS=1 EIGEN=/opt/eigen sh tests/benchmark/compile_cost.sh
#
# Without GNU time (/usr/bin/time) there is no peak memory. Seconds are those of a machine that does nothing else.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
eigen=${EIGEN:-/usr/include/eigen3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

printf '#include "%s"\n' "$root/examples/mnist/main.cpp" > "$folder/mnist.cpp"
printf '%s\n' '#if __has_include(<unsupported/Eigen/CXX11/Tensor>)' '#include <unsupported/Eigen/CXX11/Tensor>' '#else' \
  '#include <unsupported/Eigen/Tensor>' '#endif' > "$folder/tensor.cpp"
sed -n '/^```cpp$/,/^```$/p' "$root/README.md" | sed '1d; /^```$/,$d' > "$folder/readme.cpp"

# Prints "<seconds> <kilobytes or ->" of one run.
measured() {
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -f '%U %M' -o "$folder/time" "$@" && cat "$folder/time"
  else
    bash -c 'TIMEFORMAT="%U -"; time "$@"' bash "$@" 2>&1 | tail -n 1
  fi
}

for compiler in g++ clang++; do
  command -v "$compiler" > /dev/null || { echo "$compiler: not found"; continue; }
  for file in "$folder/mnist.cpp" "$folder/readme.cpp" "$folder/tensor.cpp"; do
    for run in $(seq "${RUNS:-3}"); do
      measured "$compiler" -std=c++20 -O3 -pthread -I "$root/include" -isystem "$eigen" -c "$file" -o "$folder/out.o"
    done | sort -n | awk -v what="$compiler $(basename "$file" .cpp)" 'NR == 1 {
      printf "%-16s %6.2f s %s\n", what, $1, $2 == "-" ? "" : sprintf("%5d MB", $2 / 1024) }'
  done
done
