#!/bin/sh
# Builds lamina and runs its tests. Installs what is missing (see cmake/install-missing.sh). Writes only to build/.
#
#   sh tests/run.sh          every test once: optimised, with g++ (or $CXX)
#   sh tests/run.sh --ci     the same, each header alone in both ways, the layers' contract and the fuzz corpora under
#                            sanitizers
#   sh tests/run.sh --all    every test with slower instruction sets, too, under sanitizers, and with clang++
#   sh tests/run.sh --help   prints this
#
# Uses ninja if it is installed, otherwise make. CMAKE_GENERATOR names another generator.
set -u

show_usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }
selection=plain
for argument in "$@"; do
  case "$argument" in
    --help|-h) show_usage; exit 0 ;;
  esac
done
for argument in "$@"; do
  case "$argument" in
    --ci|--all)
      if [ "$selection" != plain ]; then echo "run.sh: expects one of --ci and --all" >&2; exit 2; fi
      selection=${argument#--} ;;
    *) echo "run.sh: expects --ci, --all or --help but got '$argument'" >&2; exit 2 ;;
  esac
done

cd "$(dirname "$0")/.." || exit 1
. cmake/install-missing.sh
if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja > /dev/null; then
  CMAKE_GENERATOR=Ninja
  export CMAKE_GENERATOR
fi
install_missing g++ make cmake ca-certificates libeigen3-dev libstb-dev zlib1g-dev catch2

jobs=$(nproc 2> /dev/null || echo 2)
compiler=${CXX:-g++}
started=$(date +%s)
failed=""
mkdir -p build
summary=build/summary.txt
: > "$summary"

elapsed() { echo "$(($(date +%s) - started)) s"; }

# Prints one mark for each tenth of the build. make's lines begin with "[ 12%]", ninja's with "[3/25]".
NINJA_STATUS='[%f/%t] '
export NINJA_STATUS
show_progress() {
  tenth=0
  while read -r line; do
    progress=${line#[}
    progress=${progress%%]*}
    case "$line" in
      "["*[0-9]"%]"*) percent=${progress%%%*}; percent=${percent##* } ;;
      "["[0-9]*/[0-9]*"]"*) percent=$((${progress%%/*} * 100 / ${progress##*/})) ;;
      *) continue ;;
    esac
    while [ "$((tenth * 10))" -lt "$percent" ]; do tenth=$((tenth + 1)); printf '.'; done
  done
}

# run_suite <title> <folder> <targets, or "" for all> <label of tests, or "" for all> <cmake argument>...
run_suite() {
  title=$1
  folder=build/$2
  targets=$3
  label=$4
  shift 4
  mkdir -p "$folder"
  printf '%s: configuring' "$title"
  if ! cmake -S . -B "$folder" -DLAMINA_WERROR=ON -DLAMINA_QUICK_TESTS=ON "$@" > "$folder/configure.log" 2>&1 < /dev/null; then
    echo
    if grep -q "could not be fetched" "$folder/configure.log"; then ask_to_install "$missing"; exit 1; fi
    tail -n 20 "$folder/configure.log"
    failed="$failed, $title (configuring)"
    return
  fi
  printf ', building '
  # shellcheck disable=SC2086
  { cmake --build "$folder" -j "$jobs" ${targets:+--target $targets} 2>&1 < /dev/null; echo $? > "$folder/build.status"; } |
    tee "$folder/build.log" | show_progress
  if [ "$(cat "$folder/build.status")" != 0 ]; then
    echo; grep -v '^\[' "$folder/build.log" | tail -n 60
    echo "The whole output is in $folder/build.log."
    failed="$failed, $title (building)"
    return
  fi
  printf ' testing'
  if (cd "$folder" && ctest -j "$jobs" --no-tests=error --output-on-failure ${label:+-L "$label"}) > "$folder/test.log" 2>&1 < /dev/null; then
    echo ", passed ($(elapsed))"
  else
    echo; grep -v -e ' Start ' -e ' Passed ' "$folder/test.log" | tail -n 200
    echo "The whole output is in $folder/test.log."
    failed="$failed, $title (tests)"
  fi
  {
    echo
    echo "$title"
    sed -n '/% tests passed/,$p' "$folder/test.log" | sed '/^Errors while/d'
    sed -n 's/^skipped: /  skipped: /p' "$folder/Testing/Temporary/LastTest.log" | sort -u
  } >> "$summary"
}

if command -v mpicxx > /dev/null && command -v mpirun > /dev/null; then mpi=ON; else mpi=OFF; fi
name=$(basename "$compiler")
case $selection in all) slower=ON ;; *) slower=OFF ;; esac
case $selection in plain) both=OFF ;; *) both=ON ;; esac
run_suite "$name, optimised" "$name" "" "" \
  -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release -DLAMINA_TEST_INSTRUCTION_SETS=$slower \
  -DLAMINA_TEST_BOTH_WAYS=$both -DLAMINA_BUILD_MPI=$mpi
case $selection in
  plain)
    echo "  skipped: the tests under sanitizers and with clang++ (sh tests/run.sh --all runs them)" >> "$summary" ;;
  ci)
    # Only what these tests need is compiled.
    run_suite "$name, sanitizers, contract and fuzz corpora" "$name-sanitize" \
      "lamina_test_contract lamina_test_fuzz" sanitized_by_ci \
      -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug -DLAMINA_SANITIZE=ON
    printf '\n  skipped: all other tests under sanitizers, and the tests with clang++ (sh tests/run.sh --all runs them)\n' >> "$summary" ;;
  all)
    run_suite "$name, sanitizers" "$name-sanitize" "" "" \
      -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug -DLAMINA_SANITIZE=ON
    case "$name" in
      clang*) ;;
      *)
        if command -v clang++ > /dev/null; then
          run_suite "clang++, optimised" clang++ "" "" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Release \
            -DLAMINA_TEST_HEADERS=OFF -DLAMINA_TEST_INSTRUCTION_SETS=ON
        else
          printf '\nclang++\n  skipped: the suite with clang++, which is not installed\n' >> "$summary"
        fi ;;
    esac ;;
esac

cat "$summary"
echo
if [ -n "$failed" ]; then
  echo "FAILED after $(elapsed): ${failed#, }"
  exit 1
fi
case $selection in
  plain) echo "All tests passed in $(elapsed)." ;;
  *) echo "All suites passed in $(elapsed)." ;;
esac
