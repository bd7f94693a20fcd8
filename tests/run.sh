#!/bin/sh
# Builds lamina and runs every test: optimised with g++ (or $CXX), under sanitizers, and with clang++ where it is found.
# Installs what is missing (see cmake/install-missing.sh). Everything it makes is in build/.
set -u
cd "$(dirname "$0")/.." || exit 1
. cmake/install-missing.sh
install_missing g++ make cmake ca-certificates libeigen3-dev libstb-dev zlib1g-dev catch2

jobs=$(nproc 2> /dev/null || echo 2)
compiler=${CXX:-g++}
started=$(date +%s)
failed=""
mkdir -p build
summary=build/summary.txt
: > "$summary"

elapsed() { echo "$(($(date +%s) - started)) s"; }

# Of make's output, one mark for each tenth.
show_progress() {
  tenth=0
  while read -r line; do
    case "$line" in "["*"%]"*)
      percent=${line#[}
      percent=${percent%%%*}
      percent=${percent##* }
      while [ "$((tenth * 10))" -lt "$percent" ]; do tenth=$((tenth + 1)); printf '.'; done ;;
    esac
  done
}

# run_suite <title> <folder> <cmake argument>...
run_suite() {
  title=$1
  folder=build/$2
  shift 2
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
  { cmake --build "$folder" -j "$jobs" 2>&1 < /dev/null; echo $? > "$folder/build.status"; } | tee "$folder/build.log" | show_progress
  if [ "$(cat "$folder/build.status")" != 0 ]; then
    echo; grep -v '^\[' "$folder/build.log" | tail -n 60
    echo "The whole output is in $folder/build.log."
    failed="$failed, $title (building)"
    return
  fi
  printf ' testing'
  if (cd "$folder" && ctest -j "$jobs" --no-tests=error --output-on-failure) > "$folder/test.log" 2>&1 < /dev/null; then
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

name=$(basename "$compiler")
run_suite "$name, optimised" "$name" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release
run_suite "$name, sanitizers" "$name-sanitize" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug -DLAMINA_SANITIZE=ON
case "$name" in
  clang*) ;;
  *)
    if command -v clang++ > /dev/null; then
      run_suite "clang++, optimised" clang++ -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Release -DLAMINA_TEST_HEADERS=OFF
    else
      printf '\nclang++\n  skipped: the suite with clang++, which is not installed\n' >> "$summary"
    fi ;;
esac

cat "$summary"
echo
if [ -n "$failed" ]; then
  echo "FAILED after $(elapsed): ${failed#, }"
  exit 1
fi
echo "All suites passed in $(elapsed)."
