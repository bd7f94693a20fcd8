#!/bin/sh
# with-mnist.sh <scratch folder> <program> <argument>...: runs the program with LAMINA_DATA_DIR naming a folder with
# MNIST's four files, unpacked. Looks in LAMINA_DATA_DIR, then in ../shared/data beside the repository. Where there is
# none, says so and ends with 77, by which CTest counts a test as skipped.
set -eu
scratch=$1
shift
beside=$(dirname "$0")/../../shared/data
names="train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte"

# is_mnist <folder>
is_mnist() {
  for name in $names; do
    dotted=$(echo "$name" | sed 's/-idx/.idx/')
    [ -e "$1/$name" ] || [ -e "$1/$name.gz" ] || [ -e "$1/$dotted" ] || [ -e "$1/$dotted.gz" ] || return 1
  done
}

for folder in "${LAMINA_DATA_DIR:-}" "${LAMINA_DATA_DIR:-}/mnist" "$beside/mnist" "$beside"; do
  if [ -n "$folder" ] && is_mnist "$folder"; then
    if ls "$folder"/*ubyte.gz > /dev/null 2>&1; then
      mkdir -p "$scratch"
      for packed in "$folder"/*ubyte.gz; do
        plain=$scratch/$(basename "$packed" .gz)
        [ -e "$plain" ] || { gzip -dc "$packed" > "$plain.$$" && mv "$plain.$$" "$plain"; }
      done
      folder=$scratch
    fi
    LAMINA_DATA_DIR=$folder exec "$@"
  fi
done
echo "skipped: tests on real MNIST: it is neither in LAMINA_DATA_DIR nor in ../shared/data (sh examples/mnist.sh fetches it)"
exit 77
