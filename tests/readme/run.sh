#!/bin/sh
# run.sh <scratch folder> <draw_mnist> <library> <page>... -- <compiler> <flag>...: builds and runs every ```cpp block of the
# pages that has a main, in the scratch folder, whose data/mnist holds drawn digits. The first is built from headers alone, as
# most readers will; the others with lamina::compiled, which is the library. Pages without such a block are read, too.
set -eu
scratch=$1 draw_mnist=$2 library=$3
shift 3
if [ ! -e "$1" ]; then
  echo "skipped: the programs of README.md: there is no README.md"
  exit 77
fi
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"
"$draw_mnist" data/mnist
while [ "$1" != -- ]; do
  awk -v page="$1" '
    /^```/ {
      if (inside) close(name)
      inside = !inside && $0 == "```cpp"
      if (inside) { name = sprintf("block-%03d.cpp", ++count + first); print "// " page > name }
      next
    }
    inside { print > name }
  ' first="$(find . -name 'block-*.cpp' | wc -l)" "$1"
  shift
done
shift

programs=0
for block in block-*.cpp; do
  if grep -q 'int main' "$block"; then
    programs=$((programs + 1))
    program=./$(basename "$block" .cpp)
    echo "== $block: $(sed -n '1s|^// ||p' "$block")"
    if [ "$programs" = 1 ]; then
      "$@" "$block" -o "$program" -pthread
    else
      "$@" -DLAMINA_COMPILED "$block" "$library" -o "$program" -pthread
    fi
    "$program" < /dev/null
  fi
done
[ "$programs" -gt 0 ] || { echo "README.md has no \`\`\`cpp block with a main"; exit 1; }
echo "$programs programs of the pages built and run"
