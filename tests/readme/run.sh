#!/bin/sh
# run.sh <README.md> <scratch folder> <draw_mnist> <library> <compiler> <flag>...: every ```cpp block of the README with a
# main is built and run in the scratch folder, whose data/mnist holds drawn digits. The first is built from headers alone,
# as most readers will; the others with lamina::compiled, which is the library.
set -eu
readme=$1 scratch=$2 draw_mnist=$3 library=$4
shift 4
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
    if [ "$programs" = 1 ]; then
      "$@" "$block" -o "$program" -pthread
    else
      "$@" -DLAMINA_COMPILED "$block" "$library" -o "$program" -pthread
    fi
    "$program" < /dev/null
  fi
done
[ "$programs" -gt 0 ] || { echo "README.md has no \`\`\`cpp block with a main"; exit 1; }
echo "$programs programs of README.md built and run"
