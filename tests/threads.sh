#!/bin/sh
# Runs the code of several threads under the thread sanitizer: thread pools, training, inference on one model, and training
# beside inference. Builds in build/threads, with $CXX or g++; options go to cmake.
#
#   sh tests/threads.sh
#   CXX=clang++ sh tests/threads.sh
set -u
cd "$(dirname "$0")/.." || exit 1
. cmake/install-missing.sh
install_missing g++ make cmake ca-certificates libeigen3-dev libstb-dev zlib1g-dev catch2

folder=build/threads
cmake -S . -B "$folder" -DCMAKE_CXX_COMPILER="${CXX:-g++}" -DCMAKE_BUILD_TYPE=Debug -DLAMINA_WERROR=ON \
  -DLAMINA_SANITIZE_THREADS=ON -DLAMINA_QUICK_TESTS=ON -DLAMINA_TEST_HEADERS=OFF "$@" > /dev/null || exit 1
cmake --build "$folder" -j "$(nproc 2> /dev/null || echo 2)" \
  --target lamina_test_core lamina_test_data lamina_test_models lamina_test_training || exit 1
tests='^(core/thread_pool|data/image_folder|models/(predictor|ensemble|network)|training/)'
TSAN_OPTIONS="halt_on_error=1 ${TSAN_OPTIONS:-}" ctest --test-dir "$folder" -R "$tests" --no-tests=error --output-on-failure
