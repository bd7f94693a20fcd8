#!/bin/sh
# Checks that headers include all that they need: a source file that includes nothing but one header must compile.
#
#   sh alone.sh precompile <scratch folder> <compiler> <flag>...
#   sh alone.sh check <part>/<parts> <list> <include folder> <scratch folder> <compiler> <flag>...
#
# `check` takes every <parts>th line of the list, beginning with line <part>. A line is a header's path below the include
# folder; only .hpp files are checked, as .ipp and .inc files belong to a header. The flags choose what is checked, for
# example with and without -DLAMINA_COMPILED. Both commands need the same flags and the same scratch folder.
#
# Most of the time would go into Eigen's Tensor header. `precompile` compiles it, and it alone, once. Headers that include
# core/tensor.hpp, themselves or through others, are compiled after it. That hides nothing: their own text comes after
# Eigen's in any case, and what they include before it is a header that is checked by itself.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

command=$1
shift
if [ "$command" = precompile ]; then
  scratch=$1
  shift
  rm -rf "$scratch"
  mkdir -p "$scratch"
  cat > "$scratch/eigen_tensor.hpp" << 'END'
#if __has_include(<unsupported/Eigen/CXX11/Tensor>)
#include <unsupported/Eigen/CXX11/Tensor>
#else
#include <unsupported/Eigen/Tensor>
#endif
END
  exec "$@" -x c++-header "$scratch/eigen_tensor.hpp" -o "$scratch/eigen_tensor.hpp.gch"
fi

[ "$command" = check ] || { echo "alone.sh: expects precompile or check but got $command" >&2; exit 2; }
part=${1%/*} parts=${1#*/} list=$2 root=$3 scratch=$4
shift 4
precompiled=$scratch/eigen_tensor.hpp
[ -e "$precompiled.gch" ] || { echo "alone.sh: $precompiled.gch does not exist; run alone.sh precompile first" >&2; exit 2; }

defined=" "
for flag in "$@"; do
  case "$flag" in -D*) flag=${flag#-D}; defined="$defined${flag%%=*} " ;; esac
done
folder=$scratch/part-$part
rm -rf "$folder"
mkdir -p "$folder/after_eigen" "$folder/plain"
find "$root/lamina" -type f | sort > "$folder/files"
# shellcheck disable=SC2046
awk -v root="$root" -v defined="$defined" -f "$here/reaches_tensor.awk" $(cat "$folder/files") > "$folder/reaching"
awk -v part="$part" -v parts="$parts" 'NR % parts == part % parts && /\.hpp$/' "$list" > "$folder/list"

while read -r header; do
  [ -e "$root/$header" ] || { echo "alone.sh: $root/$header does not exist" >&2; exit 2; }
  kind=plain
  if grep -qxF "$header" "$folder/reaching"; then kind=after_eigen; fi
  echo "#include <$header>" > "$folder/$kind/$(echo "${header%.hpp}" | tr / .).cpp"
done < "$folder/list"

failed=no
set -- "$@" -I "$root" -fsyntax-only
if ls "$folder"/plain/*.cpp > "$folder/plain.txt" 2> /dev/null; then
  "$@" "$folder"/plain/*.cpp || failed=yes
fi
if ls "$folder"/after_eigen/*.cpp > "$folder/after_eigen.txt" 2> /dev/null; then
  "$@" -Winvalid-pch -include "$precompiled" "$folder"/after_eigen/*.cpp || failed=yes
fi
echo "compiled alone: $(wc -l < "$folder/plain.txt") headers without Eigen's Tensor header," \
     "$(wc -l < "$folder/after_eigen.txt") after it"
[ $failed = no ] || { echo "a header does not compile alone: see above" >&2; exit 1; }
