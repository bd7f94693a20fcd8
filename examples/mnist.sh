#!/bin/sh
# Builds examples/mnist and runs it with the arguments given here, after fetching MNIST into ${LAMINA_DATA_DIR} or
# ${XDG_CACHE_HOME:-~/.cache}/lamina, unless it is there. Installs what is missing (see cmake/install-missing.sh).
# Without a network the program trains on digits that lamina draws.
#
#   sh examples/mnist.sh --epochs 1
#   sh examples/mnist.sh --help       lists the options
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1

# --help and mistyped options are answered before anything is installed, fetched or built.
answer=$(LC_ALL=C awk -f "$root/examples/options.awk" -- "$root/examples/mnist/main.cpp" "$@")
case $? in
  1) printf '%s\n' "$answer"; exit 0 ;;
  2) printf 'mnist: %s\n' "$answer" >&2; exit 2 ;;
esac

. "$root/cmake/install-missing.sh"
install_missing g++ make cmake ca-certificates libeigen3-dev zlib1g-dev

fetch=yes
for argument in "$@"; do
  case "$argument" in --data|--data=*) fetch=no ;; esac
done
data=${LAMINA_DATA_DIR:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/lamina}
if [ "$fetch" = yes ] && ! cmake -DDIRECTORY="$data" -P "$root/cmake/fetch-mnist.cmake" >&2 2> /dev/null; then
  echo "MNIST could not be fetched into $data." >&2
fi

build=$root/build/mnist
# g++ optimises the kernels whatever the flags: with -O1 for the rest the program is built a third sooner, and as fast.
if "${CXX:-g++}" --version 2> /dev/null | grep -q "Free Software Foundation"; then optimise="-O1 -DNDEBUG"; else optimise="-O3 -DNDEBUG"; fi
log=$build/build.log
mkdir -p "$build" || exit 1
[ -e "$build/examples/mnist" ] || echo "Building examples/mnist" >&2
if ! cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=$optimise" \
  -DLAMINA_BUILD_TESTS=OFF > "$log" 2>&1 < /dev/null; then
  if grep -q "could not be fetched" "$log"; then ask_to_install "$missing"; else tail -n 20 "$log" >&2; fi
  exit 1
fi
if ! cmake --build "$build" --target lamina_example_mnist > "$log" 2>&1 < /dev/null; then
  tail -n 40 "$log" >&2
  echo "Building failed." >&2
  exit 1
fi
exec "$build/examples/mnist" "$@"
