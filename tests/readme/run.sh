#!/bin/sh
# run.sh <scratch folder> <draw_mnist> <library> <page>... -- <compiler> <flag>...: builds and runs every program of the
# pages, a ```cpp block, in the scratch folder, whose data/mnist holds drawn digits, and compares what it prints with the
# ```text block that follows it (match.awk). The programs are joined into one source file (join.awk) and built with
# lamina::compiled, which is the library. With FIRST_ALONE=1 the first is built by itself and from headers alone, as most
# readers will. Programs that read image files are left out where there is no stb_image, and those of several processes where
# there is no MPI; LIBRARIES are the flags that link it.
set -eu
scratch=$1 draw_mnist=$2 library=$3 here=$(cd "$(dirname "$0")" && pwd)
shift 3
if [ ! -e "$1" ]; then
  echo "skipped: the programs of the pages: there is no $1"
  exit 77
fi
rm -rf "$scratch"
mkdir -p "$scratch/programs"
cd "$scratch"
"$draw_mnist" data/mnist
pages=$(mktemp)
trap 'rm -f "$pages"' EXIT
while [ "$1" != -- ]; do
  echo "$1" >> "$pages"
  shift
done
shift
xargs awk -v scratch=. -f "$here/programs.awk" < "$pages"
[ -e programs/001.cpp ] || { echo "the pages have no program: $(cat "$pages")"; exit 77; }

if ! echo '#include <stb_image.h>' | "$@" -fsyntax-only -x c++ - 2> /dev/null; then
  for program in $(grep -l '^#include <lamina/images.hpp>' programs/*.cpp); do
    echo "skipped: $(sed -n '1s|^// ||p' "$program"): stb_image was not found (libstb-dev)"
    rm "$program"
  done
fi

if ! echo '#include <mpi.h>' | "$@" -fsyntax-only -x c++ - 2> /dev/null; then
  for program in $(grep -l '^#include <lamina/mpi.hpp>' programs/*.cpp); do
    echo "skipped: $(sed -n '1s|^// ||p' "$program"): the tests are built without MPI (LAMINA_BUILD_MPI)"
    rm "$program"
  done
fi
[ -n "$(ls programs/*.cpp 2> /dev/null)" ] || exit 77

first=
if [ "${FIRST_ALONE:-}" = 1 ]; then
  first=programs/001.cpp
  "$@" ${PROGRAM_FLAGS:-} "$first" -o first -pthread
fi
# Those with few headers of lamina come first.
joined=$(for program in programs/*.cpp; do
  [ "$program" = "$first" ] || echo "$(grep -c '^#include <lamina/' "$program") $program"
done | sort -n | sed 's/.* //')
if [ -n "$joined" ]; then
  awk -f "$here/join.awk" $joined > joined.cpp
  "$@" -DLAMINA_COMPILED ${PROGRAM_FLAGS:-} joined.cpp "$library" -o joined -pthread ${LIBRARIES:-}
fi

failed=no
for program in programs/*.cpp; do
  number=$(basename "$program" .cpp)
  echo "== $(sed -n '1s|^// ||p' "$program")"
  if [ "$program" = "$first" ]; then run=./first; else run=./joined; fi
  code=0
  $run "$number" < /dev/null > "programs/$number.printed" || code=$?
  [ $code = 0 ] || { cat "programs/$number.printed"; echo "ends with code $code"; failed=yes; continue; }
  awk -f "$here/match.awk" "programs/$number.expected" "programs/$number.printed" || failed=yes
done
[ $failed = no ] || exit 1
echo "$(ls programs/*.cpp | wc -l) programs of the pages built and run; they print what the pages say"
