# Read (`. tests/benchmark/measure.sh`) by compile_cost.sh and against.sh; POSIX sh. `folder` names a scratch folder.

# Prints "<user seconds> <kilobytes or ->" of one command. Without GNU time there is no peak memory.
measured() {
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -f '%U %M' -o "$folder/time" "$@" > "$folder/said" 2>&1 || { cat "$folder/said" >&2; return 1; }
    tail -n 1 "$folder/time"
  else
    bash -c 'TIMEFORMAT="%U -"; time "$@" > /dev/null 2>&1' bash "$@" 2>&1 | tail -n 1
  fi
}

# find_eigen <script>: sets eigen to EIGEN, or to the folder that pkg-config knows, or to the usual one.
find_eigen() {
  eigen=${EIGEN:-$(pkg-config --cflags-only-I eigen3 2> /dev/null | sed -n 's/^-I\([^ ]*\).*/\1/p')}
  eigen=${eigen:-/usr/include/eigen3}
  [ -e "$eigen/Eigen/Core" ] || { echo "$1: EIGEN: there is no Eigen/Core in $eigen" >&2; exit 2; }
}

# Prints the median of the numbers that it reads, a line each.
median() {
  sort -n | awk '{ x[NR] = $1 } END { if (NR) print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2 }'
}

# describe_machine <compiler>: the day, the processor and the compiler, on one line.
describe_machine() {
  processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2> /dev/null | head -n 1)
  echo "$(date +%Y-%m-%d), ${processor:-$(uname -m)}, $("$1" --version | head -n 1)"
}

# write_sources <root> <folder>: the README's first program, lamina.hpp alone, Eigen's Tensor header alone and the float
# kernels, as readme.cpp, umbrella.cpp, tensor.cpp and kernels.cpp.
write_sources() {
  awk '/^```/ { if (inside) exit; inside = $0 == "```cpp"; next } inside' "$1/README.md" > "$2/readme.cpp"
  echo '#include <lamina/lamina.hpp>' > "$2/umbrella.cpp"
  printf '%s\n' '#if __has_include(<unsupported/Eigen/CXX11/Tensor>)' '#include <unsupported/Eigen/CXX11/Tensor>' '#else' \
    '#include <unsupported/Eigen/Tensor>' '#endif' > "$2/tensor.cpp"
  if [ -e "$1/include/lamina/impl/compiled_kernels_float.ipp" ]; then
    printf '%s\n' '#define LAMINA_COMPILED' '#include <lamina/impl/compiled_kernels_float.ipp>' > "$2/kernels.cpp"
  else  # an earlier tree, which instantiates both types in one header
    sed -e '/#pragma once/d' -e '/<double>/d' -e '/(double)/d' -e 's|#include "|#include "lamina/kernels/|' \
      "$1/include/lamina/kernels/compiled.hpp" > "$2/kernels.cpp"
  fi
}

# set_compiled <root>: the flags by which that tree's headers leave to lamina::compiled what it compiles once.
set_compiled() {
  if [ -e "$1/include/lamina/compiled.hpp" ]; then compiled=-DLAMINA_COMPILED; else compiled=-DLAMINA_COMPILED_KERNELS; fi
}
