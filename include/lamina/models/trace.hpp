#pragma once

#include <cmath>
#include <string>

#include "../layers/layer.hpp"

namespace lamina {

/// Runs a network one layer at a time, as written, without stages, and shows every layer on the way:
/// visit(path, layer, p, y), where path is "3", nested "1.0", p the layer's parameters and y its output. Returns the
/// last output. For a look inside, not for speed.
template <typename L, AnyTensor X, typename Visitor>
output_t<L, X> trace(const L& layer, const parameters_t<L, X>& p, const X& x, Visitor&& visit, const std::string& path = "") {
  if constexpr (requires { layer.layers(); }) {
    constexpr std::size_t count = std::tuple_size_v<std::remove_cvref_t<decltype(layer.layers())>>;
    const auto from = [&]<std::size_t I>(const auto& self, std::integral_constant<std::size_t, I>, const auto& in) {
      const std::string place = (path.empty() ? "" : path + ".") + std::to_string(I);
      auto y = trace(std::get<I>(layer.layers()), std::get<I>(p), in, visit, place);
      if constexpr (I + 1 == count)
        return y;
      else
        return self(self, std::integral_constant<std::size_t, I + 1>{}, y);
    };
    return from(from, std::integral_constant<std::size_t, 0>{}, x);
  } else {
    workspace_t<L, X> ws;
    output_t<L, X> y;
    infer(layer, p, x, ws, y);
    visit(path, layer, p, y);
    return y;
  }
}

namespace detail {

template <typename T, int Rank>
bool all_finite(const Tensor<T, Rank>& x) {
  for (Index i = 0; i < x.size(); ++i)
    if (!std::isfinite(x.data()[i])) return false;
  return true;
}

}  // namespace detail

/// Where numbers stop being finite: a sentence about the input, or about the first layer whose parameters or output are
/// not; empty when all is finite.
template <typename L, AnyTensor X>
std::string first_non_finite(const L& layer, const parameters_t<L, X>& p, const X& x) {
  if (!detail::all_finite(x)) return "the samples themselves hold numbers that are not finite";
  std::string where;
  trace(layer, p, x, [&](const std::string& path, const auto& inner, const auto& own, const auto& y) {
    if (!where.empty()) return;
    bool finite = true;
    visit_parameters([&](const auto& tensor) { finite = finite && detail::all_finite(tensor); }, own);
    if (finite && detail::all_finite(y)) return;
    where = message("the first layer concerned is layer ", path.empty() ? "0" : path, " (", std::string_view(inner.name),
                    "), whose ", finite ? "output is" : "parameters are", " not finite");
  });
  return where;
}

}  // namespace lamina
