#!/bin/sh
# limits_test.sh <scratch folder> <compiler>: limits.sh counts rightly, and fails where a count is above its limit.
set -eu
scratch=$1 compiler=$2 limits=$(cd "$(dirname "$0")" && pwd)/limits.sh
rm -rf "$scratch"
mkdir -p "$scratch/include/lamina/core"
printf '#include "core/two.hpp"\nint one;\n' > "$scratch/include/lamina/one.hpp"
printf '\n// a comment\nint two;\nint three;\n' > "$scratch/include/lamina/core/two.hpp"

echo lamina/one.hpp > "$scratch/list.txt"

# expect <exit code> <text that it prints> <limits>
expect() {
  echo "$3" > "$scratch/limits.txt"
  code=0
  sh "$limits" "$scratch/limits.txt" "$scratch/list.txt" "$scratch/include" "$compiler" > "$scratch/said" || code=$?
  if [ "$code" != "$1" ] || ! grep -qF "$2" "$scratch/said"; then
    echo "limits \"$3\": expected exit code $1 and \"$2\" but got $code and:"
    cat "$scratch/said"
    exit 1
  fi
}
expect 0 "1 other headers of lamina (limit 1), 3 lines of lamina (limit 3), 3 lines in all" "lamina/one.hpp 1 3 3"
expect 1 "lamina/one.hpp: is above a limit" "lamina/one.hpp 0 3 3"
expect 1 "lamina/one.hpp: is above a limit" "lamina/one.hpp 1 2 3"
expect 1 "lamina/one.hpp: has no limits" "# nothing"
expect 1 "lamina/gone.hpp does not exist" "lamina/one.hpp 1 3 3
lamina/gone.hpp 1 1 1"
echo '#include <not/installed.h>' > "$scratch/include/lamina/two.hpp"
expect 0 "lamina/two.hpp: not counted" "lamina/one.hpp 1 3 3"
rm -rf "$scratch"
