#!/bin/sh
# limits.sh <limits> <list> <include folder> <compiler> <flag>...: counts what each header directly in lamina/ brings with
# it, and fails where a count is above its limit or a header has no limits. The list names the headers that can be compiled
# alone here. A line of the limits reads
#
#   <header> <other .hpp files of lamina> <lines of lamina> <lines in all>
#
# Lines are those of the preprocessed text that are not blank. They do not depend on the machine, but the standard library
# and Eigen have a share in the last count, which is compared for g++ only.
set -eu
limits=$1 list=$2 root=$3
shift 3
is_gcc=no
if echo __clang__ | "$1" -E -P -x c++ - | grep -q '^__clang__'; then is_gcc=yes; fi

# Reads preprocessed text with line markers; prints "<other .hpp files> <lines of lamina> <lines in all>".
count() {
  awk -v root="$root/lamina/" '
    /^# [0-9]+ "/ {
      file = $0; sub(/^# [0-9]+ "/, "", file); sub(/".*$/, "", file)
      ours = index(file, root) == 1
      if (ours && file ~ /\.hpp$/ && !(file in seen)) { seen[file] = 1; ++files }
      next
    }
    NF > 0 { ++all; if (ours) ++lines }
    END { print files - 1, lines, all }'
}

failed=no
for header in "$root"/lamina/*.hpp; do
  name=lamina/$(basename "$header")
  if ! grep -qxF "$name" "$list"; then
    echo "$name: not counted, as it cannot be compiled alone here"
    continue
  fi
  preprocessed=$(mktemp)
  echo "#include <$name>" | "$@" -I "$root" -E -x c++ - > "$preprocessed" || { rm -f "$preprocessed"; exit 1; }
  counts=$(count < "$preprocessed")
  rm -f "$preprocessed"
  limit=$(awk -v name="$name" '$1 == name { print $2, $3, $4 }' "$limits")
  if [ -z "$limit" ]; then
    echo "$name: has no limits; add a line to $limits, for example: $name $counts"
    failed=yes
    continue
  fi
  echo "$counts $limit" | awk -v name="$name" -v gcc="$is_gcc" '
    {
      printf "%s: %d other headers of lamina (limit %d), %d lines of lamina (limit %d), %d lines in all (limit %s)\n",
             name, $1, $4, $2, $5, $3, gcc == "yes" ? $6 : "only for g++"
      exit $1 > $4 || $2 > $5 || (gcc == "yes" && $3 > $6)
    }' || { echo "$name: is above a limit; include less, or raise the limit in $limits and say why"; failed=yes; }
done
for name in $(awk '!/^#/ && NF { print $1 }' "$limits"); do
  [ -e "$root/$name" ] || { echo "$limits: $name does not exist; remove its line"; failed=yes; }
done
[ $failed = no ]
