#!/bin/sh
# wrong_comments.sh <scratch folder>: checks that comments.sh reports the comments that open wrongly, and no others.
set -eu
scratch=$1 comments=$(cd "$(dirname "$0")" && pwd)/comments.sh
rm -rf "$scratch"
mkdir -p "$scratch"

# expect <0 or 1: whether it fails> <the lines that it reports> <text of a header>
expect() {
  printf '%b\n' "$3" > "$scratch/a.hpp"
  code=0
  sh "$comments" "$scratch" > "$scratch/said" || code=1
  told=$(sed -n 's/^[^:]*:\([0-9]*\): .*/\1/p' "$scratch/said" | tr '\n' ' ')
  if [ "$code" != "$1" ] || [ "$told" != "$2" ]; then
    printf 'expected %s and lines "%s" but got %s and "%s" for\n%b\n' "$1" "$2" "$code" "$told" "$3"
    exit 1
  fi
}
expect 0 "" '/// Returns one.\nint one();'
expect 1 "1 " '/// The number one.\nint one();'
expect 1 "1 " '/// Whether it is one.\nbool is_one(int x) { return x == 1; }'
expect 1 "1 " '/// y = x\nvoid copy(const float* x, float* y);'
expect 1 "1 " '/// Return one.\nint one();'
expect 1 "1 " '/// Its size.\nint size();'
expect 1 "2 " 'int zero();\n  /// Of one.\n  [[nodiscard]] int one();'
expect 1 "1 " '/// A copy of it.\n/// More.\ntemplate <typename T>\nstd::vector<T> copied(const std::vector<T>& it);'
expect 1 "1 " '/// Sum.\nbool operator==(const A&, const A&);'
expect 1 "1 " '/// One step.\nvoid (*step)(const float* x);'
expect 0 "" '/// A pair of numbers.\ntemplate <typename T>\nstruct Pair {\n  T first, second;\n};'
expect 1 "1 " '/// What a pair is.\nstruct Pair {};'
expect 1 "1 " '/// How to add.\nenum class Adding { exact, fast };'
expect 0 "" '/// The number of it.\ninline constexpr int number = count(1);\n/// A function.\nstd::function<int(int)> f{};'
expect 1 "1 " '/// Where it begins.\nint begin = 0;  // counted from 0'
expect 1 "3 " '/// Adds.\nint add(int a, int b);\n/// Because it can.\nint subtract(int a, int b);'
expect 1 "1 " '/// @file\n/// Of all.'
expect 0 "" '/// @file\n/// The parts of it.\n\nint one();  ///< of two'
expect 0 "" '/// Calls f.\nvoid call(FunctionRef<void(int)> f);\n\n// What is no documentation.\nint x = 0;\n/// The place.\nFunctionRef<void(int)> place;'

printf 'int one();\n' > "$scratch/a.hpp"
if sh "$comments" "$scratch" > "$scratch/said"; then echo "a folder without a comment passed"; exit 1; fi
