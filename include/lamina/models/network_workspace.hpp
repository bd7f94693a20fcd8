#pragma once

#include <memory>
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
};

}  // namespace lamina::detail
