#!/bin/sh
# Checks that the two ways to compile lamina give the same program and stay apart.
#
#   run.sh bits <program> <program of the other way>
#   run.sh apart <object or library> <object or library of the other way>
#   run.sh sources <scratch folder> <object with all of lamina> <object with a main> <compiler> <flag>...
#   run.sh mixed <scratch folder> <library> <compiler> <flag>...
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
what=$1
shift

# Prints the names that a file defines and that come from lamina, or are made of something of lamina's.
defined() { nm --defined-only "$1" 2> /dev/null | awk 'NF == 3 && $2 ~ /[TWVBDRuwS]/ && $3 ~ /lamina|Li4097|Li8193/ { print $3 }' | sort -u; }

case $what in
  bits)
    one=$("$1") other=$("$2")
    [ "$one" = "$other" ] || { printf 'from headers alone:\n%s\ncompiled:\n%s\n' "$one" "$other"; exit 1; }
    [ "$(printf '%s\n' "$one" | wc -l)" -ge 4 ] || { echo "the program printed too little: $one"; exit 1; }
    printf '%s\n' "$one" ;;
  apart)
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    defined "$1" > "$folder/one"
    defined "$2" > "$folder/other"
    [ "$(wc -l < "$folder/one")" -gt 100 ] && [ "$(wc -l < "$folder/other")" -gt 100 ] ||
      { echo "expected more than 100 names in each"; wc -l "$folder/one" "$folder/other"; exit 1; }
    if ! comm -12 "$folder/one" "$folder/other" > "$folder/both" || [ -s "$folder/both" ]; then
      echo "defined both ways:"
      c++filt < "$folder/both" | head -n 20
      exit 1
    fi
    echo "$(wc -l < "$folder/one") and $(wc -l < "$folder/other") names, none of them both ways" ;;
  sources)
    scratch=$1 all=$2 main=$3
    shift 3
    rm -rf "$scratch"
    mkdir -p "$scratch"
    # Twenty source files that include all of lamina make twenty such objects.
    for i in $(seq 20); do cp "$all" "$scratch/$i.o"; done
    "$@" "$main" "$scratch"/*.o -o "$scratch/program" -pthread
    "$scratch/program" > /dev/null
    echo "a program of twenty-one objects links and runs" ;;
  mixed)
    scratch=$1 library=$2
    shift 2
    rm -rf "$scratch"
    mkdir -p "$scratch"
    for name in gives takes; do
      "$@" -c "$here/$name.cpp" -o "$scratch/$name.o"
      "$@" -DLAMINA_COMPILED -c "$here/$name.cpp" -o "$scratch/${name}_compiled.o"
    done
    "$@" "$scratch/gives.o" "$scratch/takes.o" -o "$scratch/program" -pthread
    "$@" "$scratch/gives_compiled.o" "$scratch/takes_compiled.o" "$library" -o "$scratch/program" -pthread
    for pair in "gives takes_compiled" "gives_compiled takes"; do
      set -- "$@"
      if "$@" "$scratch/${pair% *}.o" "$scratch/${pair#* }.o" "$library" -o "$scratch/program" -pthread 2> "$scratch/said"; then
        echo "expected $pair not to link"
        exit 1
      fi
      for name in take_tensor take_thread_pool take_generator; do
        grep -q "undefined.*$name" "$scratch/said" || { cat "$scratch/said"; echo "expected $name to be undefined"; exit 1; }
      done
    done
    echo "files of different ways do not link" ;;
  *) echo "run.sh: expects bits, apart, sources or mixed but got $what" >&2; exit 2 ;;
esac
