#pragma once

#include <lamina/core/parameters.hpp>

#include <vector>

/// All numbers of some parameters, or of a model's, in order.
template <typename P>
std::vector<double> numbers(const P& of) {
  if constexpr (requires { of.parameters(); }) {
    return numbers(of.parameters());
  } else {
    std::vector<double> all;
    lamina::visit_parameters([&](const auto& tensor) { all.insert(all.end(), tensor.data(), tensor.data() + tensor.size()); }, of);
    return all;
  }
}
