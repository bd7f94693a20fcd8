#!/bin/sh
# Checks that headers include all that they need: a source file that includes nothing but one header must compile.
#
#   sh alone.sh precompile <include folder> <scratch folder> <compiler> <flag>...
#   sh alone.sh check <part>/<parts> <list> <include folder> <scratch folder> <compiler> <flag>...
#
# `check` takes every <parts>th line of the list, beginning with line <part>. A line is a header's path below the include
# folder; only .hpp files are checked, as .ipp and .inc files belong to a header. The flags choose what is checked, for
# example with and without -DLAMINA_COMPILED. Both commands need the same flags and the same scratch folder.
#
# Most of the time would go into a few headers that most others include: Eigen's Tensor header, models/model.hpp and
# training/trainer.hpp. `precompile` compiles each of them alone, once. A header that includes one of them, itself or through
# others, is compiled after it. That hides nothing: its own text comes after that header's in any case, and what it includes
# before is a header that is checked by itself. Where only its .ipp file includes it, the other mode sees what is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

bases="models/model training/trainer"  # the last one that a header reaches is compiled before it

command=$1
shift
if [ "$command" = precompile ]; then
  root=$1 scratch=$2
  shift 2
  rm -rf "$scratch"
  mkdir -p "$scratch"
  cat > "$scratch/eigen.hpp" << 'END'
#if __has_include(<unsupported/Eigen/CXX11/Tensor>)
#include <unsupported/Eigen/CXX11/Tensor>
#else
#include <unsupported/Eigen/Tensor>
#endif
END
  "$@" -x c++-header "$scratch/eigen.hpp" -o "$scratch/eigen.hpp.gch"
  for base in $bases; do
    [ -e "$root/lamina/$base.hpp" ] || { echo "alone.sh: $root/lamina/$base.hpp does not exist" >&2; exit 2; }
    name=$(basename "$base")
    echo "#include <lamina/$base.hpp>" > "$scratch/$name.hpp"
    "$@" -I "$root" -x c++-header "$scratch/$name.hpp" -o "$scratch/$name.hpp.gch"
  done
  exit
fi

[ "$command" = check ] || { echo "alone.sh: expects precompile or check but got $command" >&2; exit 2; }
part=${1%/*} parts=${1#*/} list=$2 root=$3 scratch=$4
shift 4
[ -e "$scratch/trainer.hpp.gch" ] || { echo "alone.sh: $scratch has nothing precompiled; run alone.sh precompile first" >&2; exit 2; }

defined=" "
for flag in "$@"; do
  case "$flag" in -D*) flag=${flag#-D}; defined="$defined${flag%%=*} " ;; esac
done
folder=$scratch/part-$part
rm -rf "$folder"
mkdir -p "$folder/alone"
find "$root/lamina" -type f ! -name '*.md' | sort > "$folder/files"
for base in core/tensor $bases; do
  # shellcheck disable=SC2046
  awk -v target="lamina/$base.hpp" -v root="$root" -v defined="$defined" -f "$here/reaches.awk" $(cat "$folder/files") \
    > "$folder/reach_$(basename "$base")"
done
awk -v part="$part" -v parts="$parts" 'NR % parts == part % parts && /\.hpp$/' "$list" > "$folder/list"

while read -r header; do
  [ -e "$root/$header" ] || { echo "alone.sh: $root/$header does not exist" >&2; exit 2; }
  after=nothing
  if grep -qxF "$header" "$folder/reach_tensor"; then after=eigen; fi
  for base in $bases; do
    # What is precompiled cannot come before itself.
    if [ "$header" != "lamina/$base.hpp" ] && grep -qxF "$header" "$folder/reach_$(basename "$base")"; then
      after=$(basename "$base")
    fi
  done
  mkdir -p "$folder/alone/$after"
  echo "#include <$header>" > "$folder/alone/$after/$(echo "${header%.hpp}" | tr / .).cpp"
done < "$folder/list"

failed=no said=""
set -- "$@" -I "$root" -fsyntax-only
for group in "$folder"/alone/*; do
  [ -d "$group" ] || continue  # no header is in this part
  after=$(basename "$group")
  said="$said, $(ls "$group" | wc -l) after $after"
  if [ "$after" = nothing ]; then
    "$@" "$group"/*.cpp || failed=yes
  else
    "$@" -Winvalid-pch -include "$scratch/$after.hpp" "$group"/*.cpp || failed=yes
  fi
done
said=${said#, }
echo "compiled alone: ${said:-none}"
[ $failed = no ] || { echo "a header does not compile alone: see above" >&2; exit 1; }
