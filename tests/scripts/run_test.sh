#!/bin/sh
# run_test.sh <root> <scratch folder>: what tests/run.sh builds and runs for each option, what it prints, and that --help
# and wrong options are answered at once. Builds nothing: cmake and ctest are stand-ins that write down how they are called.
set -eu
root=$1 scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch/tests" "$scratch/cmake" "$scratch/bin" "$scratch/ninja"
cp "$root/tests/run.sh" "$scratch/tests"
echo 'install_missing() { echo "asked for: $*"; missing=""; }' > "$scratch/cmake/install-missing.sh"
cat > "$scratch/bin/cmake" << 'END'
#!/bin/sh
echo "cmake $*" >> "$CALLS"
case "$*" in
  --build*) if [ "${CMAKE_GENERATOR:-}" = Ninja ]; then printf '[1/4] a\n[2/4] b\n[4/4] c\n'
            else printf '[  7%%] a\n[ 50%%] b\n[100%%] c\n'; fi; exit "${BUILD_CODE:-0}" ;;
esac
END
cat > "$scratch/bin/ctest" << 'END'
#!/bin/sh
echo "ctest $*" >> "$CALLS"
mkdir -p Testing/Temporary
echo "skipped: some/test: a reason" > Testing/Temporary/LastTest.log
printf '100%% tests passed, 0 tests failed out of 7\n\nTotal Test time (real) =   1.00 sec\n'
END
printf '#!/bin/sh\n' > "$scratch/bin/clang++"
for tool in ninja make g++; do cp "$scratch/bin/clang++" "$scratch/ninja/$tool"; done
chmod +x "$scratch"/bin/* "$scratch"/ninja/*
# Only what the script needs, so that ninja is found only where it is meant to be.
for tool in sh awk sed grep dirname basename date nproc mkdir cat tee sort tail printf; do
  found=$(command -v "$tool") && case "$found" in /*) ln -s "$found" "$scratch/bin/$tool" ;; esac
done
CALLS=$scratch/calls
export CALLS
unset CXX CMAKE_GENERATOR NINJA_STATUS

# run <exit code> <folders of tools> <argument>...
run() {
  expected=$1 tools=$2
  shift 2
  : > "$CALLS"
  rm -rf "$scratch/build"
  code=0
  PATH=$tools sh "$scratch/tests/run.sh" "$@" > "$scratch/said" 2>&1 || code=$?
  [ "$code" = "$expected" ] || fail "run.sh $*: expected exit code $expected but got $code"
}
fail() { echo "$1; it printed:"; cat "$scratch/said"; echo "and called:"; cat "$CALLS"; exit 1; }
expect_said() { grep -qF -e "$1" "$scratch/said" || fail "expected \"$1\""; }
expect_call() { grep -q -e "$1" "$CALLS" || fail "expected a call of $1"; }
expect_no_call() { ! grep -q -e "$1" "$CALLS" || fail "expected no call of $1"; }

for arguments in --help -h "--all --help"; do
  # shellcheck disable=SC2086
  run 0 "$scratch/bin" $arguments
  expect_said "sh tests/run.sh --all"
  expect_no_call .
  [ ! -e "$scratch/build" ] || fail "run.sh $arguments: wrote build/"
done
run 2 "$scratch/bin" --al
expect_said "run.sh: expects --ci, --all or --help but got '--al'"
expect_no_call .
run 2 "$scratch/bin" --ci --all
expect_said "run.sh: expects one of --ci and --all"
run 2 "$scratch/bin" ""

run 0 "$scratch/bin"
expect_said "building .......... testing, passed"  # a mark for each tenth
expect_said "100% tests passed, 0 tests failed out of 7"
expect_said "  skipped: some/test: a reason"
expect_said "  skipped: the tests under sanitizers and with clang++"
expect_said "All tests passed"
expect_call 'cmake -S .*-DLAMINA_TEST_INSTRUCTION_SETS=OFF'
expect_no_call SANITIZE
[ "$(grep -c '^ctest' "$CALLS")" = 1 ] || fail "expected that tests run once"
run 0 "$scratch/bin:$scratch/ninja"
expect_said "building .......... testing, passed"

run 0 "$scratch/bin" --ci
expect_call 'cmake -S .*-DLAMINA_TEST_INSTRUCTION_SETS=OFF'
expect_call 'cmake -S . -B build/g++-sanitize .*-DLAMINA_SANITIZE=ON'
expect_call 'cmake --build build/g++-sanitize .*--target lamina_test_contract lamina_test_fuzz$'
expect_call 'ctest .*-L sanitized_by_ci$'
expect_no_call 'CMAKE_CXX_COMPILER=clang++'

run 0 "$scratch/bin" --all
expect_call 'cmake -S . -B build/g++ .*-DLAMINA_TEST_INSTRUCTION_SETS=ON'
expect_call 'cmake -S .*-DLAMINA_SANITIZE=ON'
expect_call 'cmake -S .*-DCMAKE_CXX_COMPILER=clang++'
expect_no_call '--target'
[ "$(grep -c '^ctest' "$CALLS")" = 3 ] || fail "expected that tests run three times"

BUILD_CODE=1
export BUILD_CODE
run 1 "$scratch/bin"
expect_said "FAILED after"
expect_said "g++, optimised (building)"
rm -rf "$scratch"
