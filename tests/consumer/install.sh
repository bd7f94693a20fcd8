#!/bin/sh
# install.sh <README.md>: runs the README's lines that install lamina, in the current folder, where `lamina` is its source.
# Prints CMAKE_PREFIX_PATH and PKG_CONFIG_PATH as they leave them, a line each; all other output goes to standard error.
set -eu
awk '/^```sh$/ { block = ""; reading = 1; next }
     /^```$/ { if (reading && block ~ /cmake --install/) { printf "%s", block; exit } reading = 0 }
     reading { block = block $0 "\n" }' "$1" > install-lines.sh
[ -s install-lines.sh ] || { echo "$1: has no lines with cmake --install" >&2; exit 1; }
. ./install-lines.sh >&2
printf '%s\n%s\n' "$CMAKE_PREFIX_PATH" "$PKG_CONFIG_PATH"
