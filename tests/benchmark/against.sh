#!/bin/sh
# Compares this tree with an earlier commit, which is checked out beside it in build/against. What is compared is measured
# in turn, so that other programs on the machine disturb both alike.
#
#   sh tests/benchmark/against.sh [<option>...] <commit>
#
#   --speed           training and inference of the benchmark's networks: medians of the ratios new ÷ old of pairs
#   --compile         user seconds of the compiler, likewise
#   --digests         whether ten training steps give the same bits, for each instruction set of this machine
#                     (without any of these three: all of them)
#   --pairs N         pairs of measurements (9; of the compiler 3)
#   --seconds S       for each measurement of speed (1)
#   --threads N       of the measurements of speed (all cores)
#   --workloads A,B   some of seed8, mnist-deep, lenet, mlp and cifar-vgg (all)
#   --help            prints this
#
# CXX is the compiler (g++), EIGEN the folder of Eigen.
set -eu

# refuse <what is wrong>
refuse() { echo "against.sh: $1 (--help shows the options)" >&2; exit 2; }
# require_count <option> <value>
require_count() { case "$2" in ""|*[!0-9]*|0) refuse "$1 expects a whole number of at least 1 but got '$2'" ;; esac; }

known="seed8 mnist-deep lenet mlp cifar-vgg"
parts="" pairs="" seconds=1 threads="" workloads=$known commit=""
while [ $# -gt 0 ]; do
  case "$1" in
    --help|-h) awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
    --speed|--compile|--digests) parts="$parts ${1#--}" ;;
    --pairs|--seconds|--threads|--workloads)
      [ $# -gt 1 ] || refuse "$1 expects a value behind it"
      case "$1" in
        --pairs) require_count "$1" "$2"; pairs=$2 ;;
        --threads) require_count "$1" "$2"; threads=$2 ;;
        --seconds)
          case "$2" in ""|.|*[!0-9.]*|*.*.*) refuse "$1 expects a number above 0 but got '$2'" ;; *[1-9]*) ;; *) refuse "$1 expects a number above 0 but got '$2'" ;; esac
          seconds=$2 ;;
        --workloads)
          workloads=$(echo "$2" | tr , ' ')
          [ -n "$2" ] || refuse "$1 expects some of $known but got nothing"
          for workload in $workloads; do
            case " $known " in *" $workload "*) ;; *) refuse "$1 expects some of $known but got '$workload'" ;; esac
          done ;;
      esac
      shift ;;
    -*) refuse "'$1' is not an option" ;;
    *) [ -z "$commit" ] || refuse "expects one commit but got '$commit' and '$1'"; commit=$1 ;;
  esac
  shift
done
[ -n "$commit" ] || refuse "expects a commit to compare with"
parts=${parts:-speed compile digests}

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
hash=$(git -C "$root" rev-parse --verify --quiet --short=12 "$commit^{commit}") || refuse "'$commit' is no commit of this repository"
. "$root/tests/benchmark/measure.sh"
find_eigen against.sh
compiler=${CXX:-g++}
command -v "$compiler" > /dev/null || refuse "CXX: there is no compiler '$compiler'"
scratch=$root/build/against
old_root=$scratch/$hash/tree
mkdir -p "$scratch/$hash" "$scratch/new"
if [ ! -e "$old_root/CMakeLists.txt" ]; then
  git -C "$root" worktree prune
  git -C "$root" worktree add --quiet --detach "$old_root" "$hash" >&2 || exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# root_of <old|new>, built_in <old|new>: a tree, and the folder of what is built of it.
root_of() { if [ "$1" = old ]; then echo "$old_root"; else echo "$root"; fi; }
built_in() { if [ "$1" = old ]; then echo "$scratch/$hash"; else echo "$scratch/new"; fi; }
# order <pair>: who is measured first changes from pair to pair.
order() { if [ $(($1 % 2)) = 1 ]; then echo "old new"; else echo "new old"; fi; }

# build <program> <source>: from both trees, headers only.
build() {
  for side in old new; do
    echo "compiling $1 of the $side tree" >&2
    "$compiler" -std=c++20 -O3 -DNDEBUG -pthread -I "$(root_of $side)/include" -I "$(root_of $side)" -isystem "$eigen" \
      "$(echo "$2" | sed "s|^@|$(root_of $side)|")" -o "$(built_in $side)/$1" || { echo "against.sh: $1 of the $side tree does not compile" >&2; exit 1; }
  done
}

# ratios <file of lines "<key> <pair> <old|new> <number>">: "<key> <ratio new ÷ old>" for each pair.
ratios() {
  awk '{ value[$1, $2, $3] = $4; if (!($1 in seen)) { seen[$1]; keys[++count] = $1 } if ($2 > pairs) pairs = $2 }
       END { for (k = 1; k <= count; ++k) for (p = 1; p <= pairs; ++p)
               if (value[keys[k], p, "old"] > 0) print keys[k], value[keys[k], p, "new"] / value[keys[k], p, "old"] }' "$1"
}
# show_ratios <file>: a line for each key: the median, the least and the largest ratio.
show_ratios() {
  ratios "$1" > "$folder/ratios"
  for key in $(awk '!($1 in seen) { seen[$1]; print $1 }' "$folder/ratios"); do
    awk -v key="$key" '$1 == key { print $2 }' "$folder/ratios" | sort -n | awk -v key="$key" '
      { x[NR] = $1 }
      END { gsub(/_/, " ", key)
            printf "%-44s %6.3f  (%.3f … %.3f)\n", key, NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2, x[1], x[NR] }'
  done
}

compare_speed() {
  build lamina_bench "@/tests/benchmark/bench.cpp"
  : > "$folder/speed"
  for pair in $(seq "${pairs:-9}"); do
    for workload in $workloads; do
      for side in $(order "$pair"); do
        "$(built_in "$side")/lamina_bench" --workload "$workload" --seconds "$seconds" ${threads:+--threads "$threads"} --json |
          sed -n 's/.*"workload": "\([^"]*\)", "mode": "\([^"]*\)", "batch_size": \([0-9]*\),.*"images_per_second": \([0-9.]*\),.*/\1,_\2,_\3_images '"$pair $side"' \4/p' >> "$folder/speed"
      done
    done
  done
  [ -s "$folder/speed" ] || { echo "against.sh: lamina_bench printed no measurements" >&2; exit 1; }
  echo "images per second, new ÷ old: the median of ${pairs:-9} pairs (least … largest)"
  show_ratios "$folder/speed"
}

compare_compiling() {
  : > "$folder/seconds"
  for side in old new; do
    mkdir -p "$folder/$side"
    write_sources "$(root_of $side)" "$folder/$side"
  done
  for pair in $(seq "${pairs:-3}"); do
    for row in readme readme_compiled umbrella kernels; do
      for side in $(order "$pair"); do
        set_compiled "$(root_of "$side")"
        case $row in *_compiled) flags=$compiled ;; *) flags="" ;; esac
        # shellcheck disable=SC2086
        cost=$(measured "$compiler" -std=c++20 -O3 -pthread -I "$(root_of "$side")/include" -isystem "$eigen" $flags \
          -c "$folder/$side/${row%_compiled}.cpp" -o "$folder/out.o") ||
          { echo "against.sh: $row of the $side tree does not compile" >&2; exit 1; }
        case $row in
          readme) title=README\'s_first_program ;;
          readme_compiled) title=README\'s_first_program,_lamina::compiled ;;
          umbrella) title=lamina/lamina.hpp_alone ;;
          kernels) title=the_float_kernels ;;
        esac
        echo "$title $pair $side ${cost% *}" >> "$folder/seconds"
      done
    done
  done
  echo "the compiler's user seconds, new ÷ old: the median of ${pairs:-3} pairs (least … largest)"
  show_ratios "$folder/seconds"
}

# digests_of <old|new> <instruction set>: the lines of lamina_digest, or nothing where the machine or the tree has it not.
digests_of() {
  variable=LAMINA_EDITION
  if grep -rqs 'getenv("LAMINA_ISA")' "$(root_of "$1")/include"; then variable=LAMINA_ISA; fi
  # shellcheck disable=SC2086
  env -u LAMINA_EDITION -u LAMINA_ISA "$variable=$2" "$(built_in "$1")/lamina_digest" $workloads 2> "$folder/reason" || {
    grep -q 'expects one of' "$folder/reason" || cat "$folder/reason" >&2
    return 0
  }
}

different=no
compare_digests() {
  build lamina_digest "$root/tests/benchmark/digest.cpp"
  echo "digests of the weights after ten steps"
  for set in avx512 avx2 baseline; do
    digests_of old "$set" > "$folder/old.txt"
    digests_of new "$set" > "$folder/new.txt"
    if [ ! -s "$folder/old.txt" ] && [ ! -s "$folder/new.txt" ]; then
      echo "skipped: $set: this machine does not have it"
      continue
    fi
    for workload in $workloads; do
      before=$(awk -v name="$workload" '$1 == name { print $2 }' "$folder/old.txt")
      after=$(awk -v name="$workload" '$1 == name { print $2 }' "$folder/new.txt")
      if [ -n "$before" ] && [ "$before" = "$after" ]; then
        printf '%-10s %-12s equal      %s\n' "$set" "$workload" "$after"
      else
        different=yes
        printf '%-10s %-12s DIFFERENT  old %s, new %s\n' "$set" "$workload" "${before:-none}" "${after:-none}"
      fi
    done
  done
}

echo "this tree against $hash, $(describe_machine "$compiler")"
case " $parts " in *" digests "*) compare_digests ;; esac
case " $parts " in *" compile "*) compare_compiling ;; esac
case " $parts " in *" speed "*) compare_speed ;; esac
[ $different = no ] || { echo "some weights are different" >&2; exit 1; }
