#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "tensor.hpp"

namespace LAMINA_NAMESPACE {

/// Parameters of a layer that learns nothing; a workspace of a layer that records nothing.
struct None {
  constexpr bool operator==(const None&) const = default;
};

template <typename Visitor, typename P, typename... Same>
void visit_parameters(Visitor&& visitor, P& p, Same&... same);

namespace detail {

/// Of how many layers these are the parameters; 0 when of one.
template <typename P>
inline constexpr std::size_t layer_count = 0;
template <typename... Ps>
inline constexpr std::size_t layer_count<std::tuple<Ps...>> = sizeof...(Ps);

/// The layers from I on.
template <std::size_t I, typename Visitor, typename P, typename... Same>
void visit_from(Visitor& visitor, P& p, Same&... same) {
  if constexpr (I < layer_count<std::remove_const_t<P>>) {
    visit_parameters(visitor, std::get<I>(p), std::get<I>(same)...);
    visit_from<I + 1>(visitor, p, same...);
  }
}

template <typename Visitor, typename P, typename... Same>
void visit_named(Visitor& visitor, const std::string& prefix, P& p, Same&... same);

template <std::size_t I, typename Visitor, typename P, typename... Same>
void visit_named_from(Visitor& visitor, const std::string& prefix, P& p, Same&... same) {
  if constexpr (I < layer_count<std::remove_const_t<P>>) {
    visit_named(visitor, prefix + std::to_string(I) + ".", std::get<I>(p), std::get<I>(same)...);
    visit_named_from<I + 1>(visitor, prefix, p, same...);
  }
}

template <typename Visitor, typename P, typename... Same>
void visit_named(Visitor& visitor, const std::string& prefix, P& p, Same&... same) {
  using Plain = std::remove_const_t<P>;
  if constexpr (layer_count<Plain> > 0)
    visit_named_from<0>(visitor, prefix, p, same...);
  else if constexpr (!std::is_same_v<Plain, None>)
    Plain::visit([&](std::string_view name, auto&... tensors) { visitor(prefix + std::string(name), tensors...); }, p,
                 same...);
}

}  // namespace detail

/// Calls visitor(tensors…) for every tensor of p and, in lock step, of any number of further values of the same type:
/// a gradient, a velocity, an average. Allocates nothing.
///
///   visit_parameters([&](auto& theta, const auto& dtheta) { theta -= dtheta * rate; }, model, gradient);
template <typename Visitor, typename P, typename... Same>
void visit_parameters(Visitor&& visitor, P& p, Same&... same) {
  using Plain = std::remove_const_t<P>;
  if constexpr (detail::layer_count<Plain> > 0)
    detail::visit_from<0>(visitor, p, same...);
  else if constexpr (!std::is_same_v<Plain, None>)
    Plain::visit([&](std::string_view, auto&... tensors) { visitor(tensors...); }, p, same...);
}

/// Calls visitor(name, tensors…) with the place of each tensor in the network: "0.weight", nested "1.0.bias".
template <typename Visitor, typename P, typename... Same>
void visit_named_parameters(Visitor&& visitor, P& p, Same&... same) {
  detail::visit_named(visitor, "", p, same...);
}

/// The addresses, sizes and numbers of axes of tensors, in the order of visit_parameters.
/// What treats all tensors alike goes through this list: it is then compiled once, and not for every network.
template <typename T>
struct Places {
  std::vector<T*> begins;
  std::vector<Index> sizes;
  std::vector<int> ranks;

  /// Those of p, instead of what was here. Allocates only for more tensors than ever before.
  template <typename P>
  [[gnu::noinline]] void find(P& p) {
    clear();
    visit_parameters([this](auto& tensor) { add(tensor.data(), tensor.size(), shape(tensor).rank); }, p);
  }

  [[gnu::noinline]] void clear() {
    begins.clear();
    sizes.clear();
    ranks.clear();
  }

  [[gnu::noinline]] void add(T* begin, Index size, int rank) {
    begins.push_back(begin);
    sizes.push_back(size);
    ranks.push_back(rank);
  }
};

/// How many numbers there are to learn.
template <typename P>
Index parameter_count(const P& p) {
  Index count = 0;
  visit_parameters([&](const auto& tensor) { count += tensor.size(); }, p);
  return count;
}

/// A value of the same shapes, all zeros.
template <typename P>
P zeros_like(const P& p) {
  P zeros = p;
  visit_parameters([](auto& tensor) { std::fill_n(tensor.data(), tensor.size(), 0); }, zeros);
  return zeros;
}

}  // namespace lamina
