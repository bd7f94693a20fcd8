#!/bin/sh
# Prints what lamina costs a compiler: user seconds, peak memory, and ratios to other libraries, which do not depend on the
# machine. All programs are compiled in turn, at -O3, and the medians of some turns are printed.
#
#   sh tests/benchmark/compile_cost.sh                      three turns, with g++ and with clang++, whichever are there
#   RUNS=1 COMPILERS=g++ EIGEN=/opt/eigen sh tests/benchmark/compile_cost.sh
#   MINIDNN=<its include folder> sh tests/benchmark/compile_cost.sh
#
# MiniDNN (https://github.com/yixuan/MiniDNN) is compared by its program that trains LeNet. Without MINIDNN, nine times the
# seconds of Eigen's Tensor header stand for it.
set -eu
case "${1:-}" in
  "") ;;
  --help|-h) awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
  *) echo "compile_cost.sh: expects no arguments but got '$1' (--help shows the settings)" >&2; exit 2 ;;
esac
runs=${RUNS:-3}
case "$runs" in ""|*[!0-9]*|0) echo "compile_cost.sh: RUNS expects a whole number of at least 1 but got '$runs'" >&2; exit 2 ;; esac
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/tests/benchmark/measure.sh"
find_eigen compile_cost.sh
if [ -n "${MINIDNN:-}" ] && [ ! -e "$MINIDNN/MiniDNN.h" ]; then
  echo "compile_cost.sh: MINIDNN: there is no MiniDNN.h in $MINIDNN" >&2
  exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
write_sources "$root" "$folder"

cat > "$folder/minidnn.cpp" << 'END'
#include <MiniDNN.h>
using namespace MiniDNN;

int main() {
  const Eigen::MatrixXd x = Eigen::MatrixXd::Random(784, 100);
  Eigen::MatrixXd y = Eigen::MatrixXd::Zero(10, 100);
  for (int i = 0; i < 100; ++i) y(i % 10, i) = 1;
  Network net;
  net.add_layer(new Convolutional<ReLU>(28, 28, 1, 6, 5, 5));
  net.add_layer(new MaxPooling<Identity>(24, 24, 6, 2, 2));
  net.add_layer(new Convolutional<ReLU>(12, 12, 6, 16, 5, 5));
  net.add_layer(new MaxPooling<Identity>(8, 8, 16, 2, 2));
  net.add_layer(new FullyConnected<ReLU>(256, 120));
  net.add_layer(new FullyConnected<ReLU>(120, 84));
  net.add_layer(new FullyConnected<Softmax>(84, 10));
  net.set_output(new MultiClassEntropy());
  SGD optimizer;
  optimizer.m_lrate = 0.01;
  net.init(0, 0.01, 1);
  net.fit(optimizer, x, y, 10, 1, 1);
  return net.predict(x)(0, 0) > 2;
}
END

# The sources of lamina::compiled, a line each.
list_compiled() { find "$root/cmake/compiled" -name '*.cpp' | sort; }
set_compiled "$root"

# The programs, a line each: <key> <file> <flag>...
programs() {
  echo "tensor $folder/tensor.cpp"
  [ -z "${MINIDNN:-}" ] || echo "minidnn $folder/minidnn.cpp -isystem $MINIDNN"
  echo "readme $folder/readme.cpp"
  echo "readme_compiled $folder/readme.cpp $compiled"
  echo "umbrella $folder/umbrella.cpp"
  echo "kernels $folder/kernels.cpp"
  for source in $(list_compiled); do echo "compiled:$(basename "$source") $source $compiled"; done
  echo "mnist $root/examples/mnist/main.cpp"
}

# seconds <key> <turn>
seconds() { awk -v key="$1" -v turn="$2" '$1 == key && $2 == turn { print $3 }' "$folder/measured"; }

# show <key> <title>: seconds and memory.
show() {
  memory=$(awk -v key="$1" '$1 == key && $4 != "-" { print $4 / 1024 }' "$folder/measured" | median)
  awk -v key="$1" '$1 == key { print $3 }' "$folder/measured" | median | awk -v title="$2" -v memory="$memory" '{
    printf "%7.2f s  %s  %s\n", $1, memory == "" ? "" : sprintf("%5d MB", memory), title }'
}

# compare <key> <key> <factor> <title>: the median of the ratios of each turn.
compare() {
  for turn in $(seq "$runs"); do
    echo "$(seconds "$1" "$turn") $(seconds "$2" "$turn") $3" | awk '{ print $1 / ($2 * $3) }'
  done | median | awk -v title="$4" '{ printf "%7.2f  %s\n", $1, title }'
}

for compiler in ${COMPILERS:-g++ clang++}; do
  command -v "$compiler" > /dev/null || { echo "$compiler: not found"; continue; }
  : > "$folder/measured"
  for turn in $(seq "$runs"); do
    programs > "$folder/programs"
    while read -r key file flags; do
      # shellcheck disable=SC2086
      cost=$(measured "$compiler" -std=c++20 -O3 -pthread -I "$root/include" -isystem "$eigen" $flags \
        -c "$file" -o "$folder/out.o") || { echo "compile_cost.sh: $key does not compile" >&2; exit 1; }
      echo "$key $turn $cost" >> "$folder/measured"
    done < "$folder/programs"
  done

  describe_machine "$compiler"
  echo "medians of $runs turns at -O3; ratios of user seconds"
  show readme "README's first program"
  show readme_compiled "README's first program, lamina::compiled"
  show umbrella "lamina/lamina.hpp alone"
  show kernels "the float kernels"
  for source in $(list_compiled); do
    show "compiled:$(basename "$source")" "lamina::compiled: $(basename "$source")"
  done
  show mnist "examples/mnist"
  show tensor "Eigen's Tensor header alone"
  if [ -n "${MINIDNN:-}" ]; then
    show minidnn "MiniDNN's LeNet trainer"
    other=minidnn factor=1 name="MiniDNN's LeNet trainer"
  else
    other=tensor factor=9 name="MiniDNN's LeNet trainer (9 × Eigen's Tensor header stands for it)"
  fi
  compare readme $other $factor "README's first program ÷ $name"
  compare readme_compiled $other $factor "README's first program, lamina::compiled ÷ $name"
  compare umbrella tensor 1 "lamina/lamina.hpp alone ÷ Eigen's Tensor header alone"
  compare kernels tensor 1 "the float kernels ÷ Eigen's Tensor header alone"
  compare mnist $other $factor "examples/mnist ÷ $name"
done
