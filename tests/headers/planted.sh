#!/bin/sh
# planted.sh <include folder> <scratch folder> <compiler> <flag>...: plants headers that lack an #include in a copy of the
# headers, and expects alone.sh to find each of them, and to pass those that lack nothing.
set -eu
include=$1 scratch=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$scratch"
mkdir -p "$scratch"
cp -R "$include" "$scratch/include"
root=$scratch/include
mkdir -p "$root/lamina/core/impl"

# plant <header>: written from standard input.
plant() { cat > "$root/lamina/$1"; }
# expect <passes|fails> <what> <header> [<flag of the mode>]
expect() {
  expected=$1 what=$2
  echo "lamina/$3" > "$scratch/list"
  mode=$scratch/mode${4:-}
  [ -e "$mode/trainer.hpp.gch" ] || sh "$here/alone.sh" precompile "$root" "$mode" $command ${4:-}
  result=passes
  sh "$here/alone.sh" check 1/1 "$scratch/list" "$root" "$mode" $command ${4:-} > "$scratch/said" 2>&1 || result=fails
  if [ "$result" != "$expected" ]; then
    cat "$scratch/said"
    echo "$what: expected that it $expected, but it $result"
    exit 1
  fi
}
command=$*

plant core/planted.hpp << 'END'
#pragma once
namespace lamina { inline std::vector<int> planted() { return {}; } }
END
expect fails "a header without Eigen that lacks <vector>" core/planted.hpp

plant core/planted.hpp << 'END'
#pragma once
#include <vector>
namespace lamina { inline std::vector<int> planted() { return {}; } }
END
expect passes "a header that includes what it needs" core/planted.hpp

plant core/planted.hpp << 'END'
#pragma once
#include "tensor.hpp"
namespace lamina { inline Rng planted(const Tensor<float, 1>&) { return Rng{1}; } }
END
expect fails "a header with Eigen that lacks one of lamina" core/planted.hpp

plant core/planted.hpp << 'END'
#pragma once
#include "planted_middle.hpp"
#include "random.hpp"
namespace lamina { inline Rng planted(const Tensor<float, 1>&) { return Rng{1}; } }
END
plant core/planted_middle.hpp << 'END'
#pragma once
  #  include "../core/tensor.hpp" // through another header
END
expect passes "a header that reaches Eigen through another" core/planted.hpp
grep -q '1 after eigen' "$scratch/said" || { cat "$scratch/said"; echo "expected it to be compiled after Eigen"; exit 1; }

# Only what implements it reaches Eigen, so compiled once it has to include what it needs by itself.
plant core/planted.hpp << 'END'
#pragma once
namespace lamina { std::vector<int> planted(); }
#ifndef LAMINA_COMPILED
#include "impl/planted.ipp"
#endif
END
plant core/impl/planted.ipp << 'END'
#include "../tensor.hpp"
namespace lamina { inline std::vector<int> planted() { return {}; } }
END
expect fails "a header that lacks <vector>, compiled once" core/planted.hpp -DLAMINA_COMPILED
sed '1a\
#include <vector>' "$root/lamina/core/planted.hpp" > "$scratch/mended" && mv "$scratch/mended" "$root/lamina/core/planted.hpp"
expect passes "the same header with <vector>, compiled once" core/planted.hpp -DLAMINA_COMPILED
expect passes "the same header with <vector>" core/planted.hpp

echo 'this is not C++ when it stands alone' | plant core/impl/planted.ipp
expect passes "an .ipp file, which is not checked alone" core/impl/planted.ipp
rm -rf "$scratch"
