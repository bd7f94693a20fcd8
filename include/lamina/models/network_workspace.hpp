#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "../exec/program.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The workspace of a Network, with the program of the network that used it last.
template <typename T>
struct NetworkWorkspace {
  Program<T> program{};
  typename Program<T>::Memory memory{};
  std::shared_ptr<const char> of{};
  std::vector<Index> in{};

  /// Makes it ready for a pass of the network of this mark over a batch of samples of these extents, the first being 1.
  /// Calls make_program() if it served another network, or other extents.
  template <typename MakeProgram>
  const Program<T>& make_ready(const std::shared_ptr<const char>& mark, std::span<const Index> extents, const ModelParameters<T>& p,
                               const Context& context, const MakeProgram& make_program) {
    if (!of || of != mark || !std::ranges::equal(in, extents)) {
      program = make_program();
      of = mark;
      in.assign(extents.begin(), extents.end());
    }
    program.check(p);
    memory.context = context;
    return program;
  }
};

}  // namespace lamina::detail
