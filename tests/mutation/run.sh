#!/bin/sh
# Puts faults into layers, losses, optimizers and kernels, one operator each (− for +, <= for <, i + 1 for i …), and
# looks whether the tests catch them. What survives is a hole in the tests, unless equivalent.txt says why nothing is
# wrong.
#
#   sh tests/mutation/run.sh                            150 faults, drawn by the seed 1
#   sh tests/mutation/run.sh --seed 7 --count 300       others, and more of them
#   sh tests/mutation/run.sh --only kernels/tile.inc    of one file
#   sh tests/mutation/run.sh --list                     what would be drawn; also checks that equivalent.txt fits the files
#
# Needs python3, g++ ($CXX), Eigen, Catch2 and zlib. Everything it makes is in build/mutation, or in --folder DIR. All
# faults are compiled at once and switched on at run time (switched.inc), but for those that count while compiling.
set -u
for needed in python3 "${CXX:-g++}" prlimit; do
  command -v "$needed" > /dev/null || { echo "skipped: mutation: there is no $needed"; exit 0; }
done
exec python3 -B "$(dirname "$0")/mutate.py" "$@"
