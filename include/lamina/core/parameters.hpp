#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tensor.hpp"

namespace lamina {

/// Parameters of a layer that learns nothing; a workspace of a layer that records nothing.
struct None {
  constexpr bool operator==(const None&) const = default;
};

namespace detail {

template <typename P>
struct is_tuple : std::false_type {};
template <typename... Ps>
struct is_tuple<std::tuple<Ps...>> : std::true_type {};

template <typename Visitor, typename P, typename... Same>
void visit_named(Visitor& visitor, const std::string& prefix, P& p, Same&... same) {
  using Plain = std::remove_cvref_t<P>;
  if constexpr (is_tuple<Plain>::value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto one = [&](auto place) {
        constexpr std::size_t i = decltype(place)::value;
        visit_named(visitor, prefix + std::to_string(i) + ".", std::get<i>(p), std::get<i>(same)...);
      };
      (one(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<std::tuple_size_v<Plain>>{});
  } else if constexpr (!std::is_same_v<Plain, None>) {
    Plain::visit([&](std::string_view name, auto&... tensors) { visitor(prefix + std::string(name), tensors...); }, p, same...);
  }
}

}  // namespace detail

/// Calls visitor(tensors…) for every tensor of p and, in lock step, of any number of further values of the same type:
/// a gradient, a velocity, an average. Allocates nothing.
///
///   visit_parameters([&](auto& theta, const auto& dtheta) { theta -= dtheta * rate; }, model, gradient);
template <typename Visitor, typename P, typename... Same>
void visit_parameters(Visitor&& visitor, P& p, Same&... same) {
  using Plain = std::remove_cvref_t<P>;
  if constexpr (detail::is_tuple<Plain>::value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto one = [&](auto place) {
        constexpr std::size_t i = decltype(place)::value;
        visit_parameters(visitor, std::get<i>(p), std::get<i>(same)...);
      };
      (one(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<std::tuple_size_v<Plain>>{});
  } else if constexpr (!std::is_same_v<Plain, None>) {
    Plain::visit([&](std::string_view, auto&... tensors) { visitor(tensors...); }, p, same...);
  }
}

/// Calls visitor(name, tensors…) with the place of each tensor in the network: "0.weight", nested "1.0.bias".
template <typename Visitor, typename P, typename... Same>
void visit_named_parameters(Visitor&& visitor, P& p, Same&... same) {
  detail::visit_named(visitor, "", p, same...);
}

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
  visit_parameters([](auto& tensor) { tensor.setZero(); }, zeros);
  return zeros;
}

}  // namespace lamina
