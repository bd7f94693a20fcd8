#!/bin/sh
# wrong_pages.sh <scratch folder>: expects pages.sh to pass good pages, and to name what is wrong with others.
set -eu
scratch=$1
here=$(cd "$(dirname "$0")" && pwd)

# repository: a good one. expect <passes|fails> <what it says>
repository() {
  rm -rf "$scratch"
  mkdir -p "$scratch/include/lamina/io" "$scratch/examples" "$scratch/tests"
  printf '# A\n\n[io](include/lamina/io/README.md#plain-c) [here](#a) [far](https://example.org/x)\n' > "$scratch/README.md"
  printf '# Files\n\n## Plain C++\n\n[back](../../../README.md)\n```\n[no](link)\n```\n' > "$scratch/include/lamina/io/README.md"
}
expect() {
  result=passes
  said=$(sh "$here/pages.sh" "$scratch" 2>&1) || result=fails
  if [ $result != "$1" ] || ! echo "$said" | grep -qF -e "$2"; then
    printf 'expected that it %s and says "%s", but it %s and says:\n%s\n' "$1" "$2" "$result" "$said"
    exit 1
  fi
}

repository
expect passes "the links of 2 pages lead somewhere; README.md has 3 lines"
echo '[x](none.md)' >> "$scratch/README.md"
expect fails "README.md: links to none.md, which does not exist"
repository
echo '[x](../../../README.md#b)' >> "$scratch/include/lamina/io/README.md"
expect fails "include/lamina/io/README.md: links to ../../../README.md#b, but that page has no such heading"
repository
yes | head -n 198 >> "$scratch/README.md"
expect fails "README.md: has 201 lines, more than 200"
rm -rf "$scratch"
echo "wrong pages are seen"
