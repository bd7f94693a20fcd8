#!/bin/sh
# run.sh <README.md> <scratch folder> <draw_mnist> <compiler> <flag>...: every ```cpp block of the README with a main is
# built and run in the scratch folder, whose data/mnist holds drawn digits.
set -eu
readme=$1 scratch=$2 draw_mnist=$3
shift 3
if [ ! -e "$readme" ]; then
  echo "skipped: the programs of README.md: there is no README.md"
  exit 77
fi
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"
"$draw_mnist" data/mnist
awk '
  /^```/ { if (inside) close(name); inside = !inside && $0 == "```cpp"; if (inside) name = "block-" ++count ".cpp"; next }
  inside { print > name }
' "$readme"

programs=0
for block in block-*.cpp; do
  if grep -q 'int main' "$block"; then
    programs=$((programs + 1))
    program=./$(basename "$block" .cpp)
    echo "== $block"
    "$@" "$block" -o "$program" -pthread
    "$program" < /dev/null
  fi
done
[ "$programs" -gt 0 ] || { echo "README.md has no \`\`\`cpp block with a main"; exit 1; }
echo "$programs programs of README.md built and run"
