#!/bin/sh
# benchmark_test.sh <root> <scratch folder>: what compile_cost.sh, against.sh and compare.py print, and how they refuse wrong options.
# Compiles and measures nothing: a stand-in compiler takes known times and makes programs that print known numbers.
set -eu
root=$1 scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch/bin" "$scratch/tree/tests" "$scratch/eigen/Eigen" "$scratch/minidnn"
cp -R "$root/tests/benchmark" "$scratch/tree/tests/benchmark"
mkdir -p "$scratch/tree/cmake" "$scratch/tree/include/lamina/kernels" "$scratch/tree/include/lamina/core" "$scratch/tree/examples/mnist"
cp -R "$root/cmake/compiled" "$scratch/tree/cmake"
cp "$root/README.md" "$scratch/tree"
cp "$root/include/lamina/core/version.hpp" "$scratch/tree/include/lamina/core"
echo 'template float best<float>();' > "$scratch/tree/include/lamina/kernels/compiled.hpp"
echo 'std::getenv("LAMINA_ISA");' > "$scratch/tree/include/lamina/kernels/instruction_sets.ipp"
touch "$scratch/eigen/Eigen/Core" "$scratch/minidnn/MiniDNN.h" "$scratch/tree/CMakeLists.txt"
benchmark=$scratch/tree/tests/benchmark

# Takes three times as long for everything as for Eigen's Tensor header. Programs of an old tree are slower by a half, and
# learn other weights with avx2.
cat > "$scratch/bin/stand-in" << 'END'
#!/bin/sh
work=12000000 output="" old=no
[ "${1:-}" = --version ] && { echo "stand-in 1.0"; exit 0; }
for argument in "$@"; do
  case "$argument" in
    */tensor.cpp) work=4000000 ;;
    *missing.cpp) exit 1 ;;
    */build/against/*/tree*) old=yes ;;
    */lamina_bench) output=bench program=$argument ;;
    */lamina_digest) output=digest program=$argument ;;
  esac
done
if [ "$output" = "" ]; then awk -v n=$work 'BEGIN { for (i = 0; i < n; ++i) x += i }'; exit 0; fi
if [ $old = yes ]; then rate=100.0 weights=old; else rate=150.0 weights=new; fi
cat > "$program" << PROGRAM
#!/bin/sh
if [ $output = bench ]; then
  echo '{"workload": "'\$2'", "mode": "train", "batch_size": 64, "threads": 2, "instruction set": "x", "images_per_second": $rate, "microseconds": 1.0, "gflops": 1.00, "peak_share": 0.1}'
  exit 0
fi
case \$LAMINA_ISA in
  avx512) echo 'LAMINA_ISA: expects one of those this machine can run' >&2; exit 1 ;;
  avx2) for name in "\$@"; do echo "\$name $weights"; done ;;
  baseline) for name in "\$@"; do echo "\$name same"; done ;;
esac
PROGRAM
chmod +x "$program"
END
chmod +x "$scratch/bin/stand-in"
PATH=$scratch/bin:$PATH
EIGEN=$scratch/eigen
export PATH EIGEN
unset MINIDNN RUNS COMPILERS CXX 2> /dev/null || true

# run <exit code> <command>...
run() {
  expected=$1
  shift
  code=0
  "$@" > "$scratch/said" 2>&1 || code=$?
  [ "$code" = "$expected" ] || fail "$*: expected exit code $expected but got $code"
}
fail() { echo "$1; it printed:"; cat "$scratch/said"; exit 1; }
expect() { grep -q -e "$1" "$scratch/said" || fail "expected $1"; }

run 0 sh "$benchmark/compile_cost.sh" --help
expect 'MINIDNN=<its include folder>'
run 2 sh "$benchmark/compile_cost.sh" --rnus
expect "expects no arguments but got '--rnus'"
run 2 env RUNS=none sh "$benchmark/compile_cost.sh"
expect "RUNS expects a whole number of at least 1 but got 'none'"
run 2 env EIGEN=/nowhere sh "$benchmark/compile_cost.sh"
expect 'EIGEN: there is no Eigen/Core in /nowhere'
run 2 env MINIDNN=/nowhere sh "$benchmark/compile_cost.sh"
expect 'MINIDNN: there is no MiniDNN.h in /nowhere'

run 0 env RUNS=1 COMPILERS=stand-in sh "$benchmark/compile_cost.sh"
expect '^[0-9-]*, .*, stand-in 1.0$'
expect "^ *[0-9.]* s .* README's first program$"
expect '^ *[0-9.]* s .* lamina::compiled: .*\.cpp$'
expect "^ *0\.[0-9]*  README's first program ÷ MiniDNN's LeNet trainer (9 × Eigen's Tensor header stands for it)$"
expect "^ *[1-9]\.[0-9]*  lamina/lamina.hpp alone ÷ Eigen's Tensor header alone$"
expect "^ *[1-9]\.[0-9]*  the float kernels ÷ Eigen's Tensor header alone$"
run 0 env RUNS=1 COMPILERS=stand-in MINIDNN="$scratch/minidnn" sh "$benchmark/compile_cost.sh"
expect "^ *[0-9.]* s .* MiniDNN's LeNet trainer$"
expect "^ *[0-9.]*  README's first program, lamina::compiled ÷ MiniDNN's LeNet trainer$"

folder=$scratch
. "$benchmark/measure.sh"
[ "$(printf '10\n9\n2\n' | median)" = 9 ] || fail "the median of 2, 9 and 10 is not 9"
[ "$(printf '4\n1\n2\n3\n' | median)" = 2.5 ] || fail "the median of 1, 2, 3 and 4 is not 2.5"

run 0 sh "$benchmark/against.sh" --help
expect '--workloads A,B'
run 2 sh "$benchmark/against.sh"
expect 'expects a commit to compare with'
run 2 sh "$benchmark/against.sh" --sped HEAD
expect "'--sped' is not an option"
run 2 sh "$benchmark/against.sh" HEAD --pairs
expect '--pairs expects a value behind it'
for value in 0 x -1; do
  run 2 sh "$benchmark/against.sh" --pairs $value HEAD
  expect "--pairs expects a whole number of at least 1 but got '$value'"
done
run 2 sh "$benchmark/against.sh" --seconds 0.0 HEAD
expect "--seconds expects a number above 0 but got '0.0'"
run 2 sh "$benchmark/against.sh" --workloads lenet,lennet HEAD
expect "but got 'lennet'"
run 2 sh "$benchmark/against.sh" HEAD HEAD
expect 'expects one commit'

# compare.py, without PyTorch, with a program that measures nothing and a compiler whose programs take 50 steps a second.
compare_libraries() {
  mkdir -p "$scratch/no-torch" "$scratch/tiny/tiny_dnn"
  echo 'raise ImportError("hidden")' > "$scratch/no-torch/torch.py"
  touch "$scratch/tiny/tiny_dnn/tiny_dnn.h"
  cat > "$scratch/bin/measured" << 'END'
#!/bin/sh
echo '{"isa": "x", "images_per_second": 6400.0, "peak_megabytes": 7}'
END
  cat > "$scratch/bin/compiler-of-peers" << 'END'
#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in */tiny_dnn.cpp) echo 'x.h:1: error: too old' >&2; exit 1 ;; -o) program=$2 ;; esac
  shift
done
printf '#!/bin/sh\necho float\nwhile read -r seconds; do echo 50; done\n' > "$program"
chmod +x "$program"
END
  chmod +x "$scratch/bin/measured" "$scratch/bin/compiler-of-peers"
  compare="env -u LAMINA_ONNXRUNTIME -u LAMINA_ONNXRUNTIME_C -u LAMINA_DLIB PYTHONPATH=$scratch/no-torch CXX=compiler-of-peers
    LAMINA_MINIDNN=$scratch/minidnn LAMINA_TINY_DNN=$scratch/tiny python3 $benchmark/compare.py"

  run 2 $compare measured --workloads lenet,lennet
  expect "^compare.py: --workloads: expects some of .* but got 'lennet'; did you mean lenet?"
  run 2 $compare measured --workload lenet
  expect "^compare.py: '--workload' is not an option; did you mean --workloads?"
  run 2 $compare measured --rounds 0
  expect "^compare.py: --rounds: expects a whole number of at least 1 but got '0'"
  run 2 $compare nothing
  expect "^compare.py: there is no program 'nothing'"
  run 2 $compare measured --table /nowhere/table.md
  expect "^compare.py: --table: cannot write to the folder of '/nowhere/table.md'"

  run 0 $compare measured --workloads lenet --rounds 2 --seconds 0.01 --table "$scratch/table.md"
  expect '^skipped: PyTorch: there is no PyTorch'
  expect '^skipped: ONNX Runtime, C API: LAMINA_ONNXRUNTIME_C names no folder$'
  expect '^skipped: dlib: LAMINA_DLIB names no folder$'
  expect '^skipped: tiny-dnn: does not compile: x.h:1: error: too old$'
  expect '^lenet, training, 64 images: lamina 6,400 images/s'
  expect '^  2.00x MiniDNN, '
  cp "$scratch/table.md" "$scratch/said"
  expect '^| network | measured | lamina | MiniDNN |$'
  expect '^| lenet | training, 64 images | 6,400 (6,400 … 6,400) | 2.0×, best 2.0× (3,200) |$'
  expect '^| MiniDNN | .*, float |$'
}
if command -v python3 > /dev/null; then compare_libraries; else echo "skipped: compare.py: python3 is not installed"; fi

if ! command -v git > /dev/null; then
  echo "skipped: against.sh on two trees: git is not installed"
  exit 0
fi
git -C "$scratch/tree" init --quiet
git -C "$scratch/tree" add -A
git -C "$scratch/tree" -c user.name=test -c user.email=test@example.org commit --quiet -m one
run 2 sh "$benchmark/against.sh" never
expect "'never' is no commit of this repository"
run 1 env CXX=stand-in sh "$benchmark/against.sh" --pairs 3 --workloads lenet,mlp HEAD
expect '^this tree against [0-9a-f]*, '
expect '^skipped: avx512: this machine does not have it$'
expect '^avx2  *lenet  *DIFFERENT  old old, new new$'
expect '^baseline  *mlp  *equal  *same$'
expect "^README's first program  *[0-9.]*  ([0-9.]* … [0-9.]*)$"
expect '^the float kernels  *[0-9.]*  ('
expect '^lenet, train, 64 images  *1\.500  (1\.500 … 1\.500)$'
expect '^mlp, train, 64 images  *1\.500  '
if grep -q seed8 "$scratch/said"; then fail "measured a workload that was not asked for"; fi
run 0 env CXX=stand-in sh "$benchmark/against.sh" --speed --pairs 2 --workloads mlp HEAD
expect '^mlp, train, 64 images  *1\.500  '
if grep -q -e digests -e seconds "$scratch/said"; then fail "did more than --speed"; fi
rm -rf "$scratch"
