#!/bin/sh
# Kills a training run a hundred times, or as often as told, and prints what became of it.
#
#   sh tests/survival/run.sh [kills] [seed]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/survival
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DLAMINA_BUILD_EXAMPLES=OFF -DLAMINA_TEST_HEADERS=OFF > /dev/null
cmake --build "$build" --target lamina_test_survival > /dev/null
exec "$build/tests/lamina_test_survival" "${1:-100}" "${2:-1}"
