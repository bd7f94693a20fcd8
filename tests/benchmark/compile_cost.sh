#!/bin/sh
# What lamina costs a compiler: seconds of user time and peak memory for the example examples/mnist, for the README's first
# program, each from the headers alone and with the kernels compiled elsewhere, as lamina::compiled does it; for those
# kernels; and, for scale, for Eigen's Tensor header alone. At -O3, with g++ and clang++, whichever are there.
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

# Prints the least of some runs: <compiler> <what> <file> [<flag>...].
cost() {
  compiler=$1 what=$2 file=$3
  shift 3
  for run in $(seq "${RUNS:-3}"); do
    measured "$compiler" -std=c++20 -O3 -pthread -I "$root/include" -isystem "$eigen" "$@" -c "$file" -o "$folder/out.o"
  done | sort -n | awk -v what="$compiler $what" 'NR == 1 {
    printf "%-24s %6.2f s %s\n", what, $1, $2 == "-" ? "" : sprintf("%5d MB", $2 / 1024) }'
}

for compiler in g++ clang++; do
  command -v "$compiler" > /dev/null || { echo "$compiler: not found"; continue; }
  for program in mnist readme; do
    cost "$compiler" "$program" "$folder/$program.cpp"
    cost "$compiler" "$program compiled" "$folder/$program.cpp" -DLAMINA_COMPILED_KERNELS
  done
  cost "$compiler" "the kernels" "$root/cmake/compiled.cpp"
  cost "$compiler" "Eigen's Tensor" "$folder/tensor.cpp"
done
