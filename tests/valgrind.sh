#!/bin/sh
# Runs tests under Valgrind's memcheck: what is not initialised, and what no allocator gave, which address sanitizers do
# not see, or not all. Builds in build/valgrind, with $CXX or g++. Slow where tests train.
#
#   sh tests/valgrind.sh                    the modules below
#   sh tests/valgrind.sh layers training    these only
set -u
cd "$(dirname "$0")/.." || exit 1
if ! command -v valgrind > /dev/null; then
  echo "skipped: valgrind: it is not installed"
  exit 0
fi
folder=build/valgrind
modules=${*:-core data losses optimizers metrics layers models training io callbacks report}
targets=""
for module in $modules; do targets="$targets lamina_test_$module"; done
cmake -S . -B "$folder" -DCMAKE_CXX_COMPILER="${CXX:-g++}" -DCMAKE_BUILD_TYPE=Release -DLAMINA_QUICK_TESTS=ON \
  -DLAMINA_BUILD_EXAMPLES=OFF -DLAMINA_TEST_HEADERS=OFF > /dev/null || exit 1
# shellcheck disable=SC2086
cmake --build "$folder" -j "$(nproc 2> /dev/null || echo 2)" --target $targets > "$folder/build.log" || exit 1

# What Valgrind does not do (flush denormals) or not rightly (0 - 0 · x is -0 in its fnmadd: weighted_loss), does too
# slowly (train for long), or would do to other programs in vain.
left_out="~[#flush_denormals]~[#allocations]~[#workloads]~[#not_finite]~[#real_mnist]~[#real_mnist_drawn]~[#weighted_loss]"
left_out="$left_out~[#torch_exchange]~[#onnx_exchange]~[#load_onnx_exchange]~[#export_cpp]~[#hostile_runs]~[#out_of_memory]"
failed=""
for module in $modules; do
  log=$folder/$module.log
  # Valgrind 3 knows AVX2 and no AVX-512. Tests that count allocations replace operator new, whose delete it then misses.
  LAMINA_ISA=${LAMINA_ISA:-avx2} valgrind -q --fair-sched=try --show-mismatched-frees=no \
    --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
    "$folder/tests/lamina_test_$module" --filenames-as-tags "$left_out" > "$log" 2>&1
  status=$?
  echo "$module: $(tail -n 2 "$log" | head -n 1)"
  if [ $status -ne 0 ]; then
    failed="$failed $module"
    grep -m 20 -e '^==' -e FAILED "$log"
    echo "  the whole output is in $log"
  fi
done
[ -z "$failed" ] || { echo "findings:$failed"; exit 1; }
