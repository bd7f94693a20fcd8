#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "../layers/layer.hpp"
#include "walk.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

template <std::size_t I, typename Layers, typename P, AnyTensor X, typename Visitor>
[[gnu::cold]] auto trace_from(const Layers& layers, const P& p, const X& x, Visitor& visit, const std::string& path);

}  // namespace detail

/// Runs a network one layer at a time, as written, without stages, and shows every layer on the way:
/// visit(path, layer, p, y), where path is "3", nested "1.0", p the layer's parameters and y its output. Returns the
/// last output. For a look inside, not for speed.
template <typename L, AnyTensor X, typename Visitor>
[[gnu::cold]] output_t<L, X> trace(const L& layer, const parameters_t<L, X>& p, const X& x, Visitor&& visit,
                     const std::string& path = "") {
  if constexpr (requires { layer.trace_layers(p, x, visit, path); }) {
    return layer.trace_layers(p, x, visit, path);
  } else if constexpr (requires { layer.layers(); }) {
    return detail::trace_from<0>(layer.layers(), p, x, visit, path);
  } else {
    workspace_t<L, X> ws;
    output_t<L, X> y;
    infer(layer, p, x, ws, y);
    visit(path, layer, p, y);
    return y;
  }
}

namespace detail {

template <std::size_t I, typename Layers, typename P, AnyTensor X, typename Visitor>
auto trace_from(const Layers& layers, const P& p, const X& x, Visitor& visit, const std::string& path) {
  auto y = trace(std::get<I>(layers), std::get<I>(p), x, visit, place_in(path, I));
  if constexpr (I + 1 == std::tuple_size_v<Layers>)
    return y;
  else
    return trace_from<I + 1>(layers, p, y, visit, path);
}

template <typename T>
bool all_finite(const T* x, Index size) {
  for (Index i = 0; i < size; ++i)
    if (!std::isfinite(x[i])) return false;
  return true;
}

template <typename T, int Rank>
bool all_finite(const Tensor<T, Rank>& x) {
  return all_finite(x.data(), x.size());
}

/// Finds the first layer whose parameters or output are not finite.
template <typename T>
struct FindNonFinite {
  std::string where = {};  // a sentence, once there is one

  template <typename L, typename P, AnyTensor Y>
  [[gnu::cold]] void operator()(const std::string& path, const L& layer, const P& p, const Y& y) {
    if (where.empty()) look(path, layer.name, places_of<T>(p), all_finite(y));
  }

 private:
  [[gnu::cold]] void look(const std::string& path, std::string_view name, const Places<T>& p, bool finite) {
    bool learned = true;
    for (std::size_t i = 0; i < p.begins.size(); ++i) learned = learned && all_finite(p.begins[i], p.sizes[i]);
    if (learned && finite) return;
    where = message("the first layer concerned is layer ", path.empty() ? "0" : path, " (", name, "), whose ",
                    learned ? "output is" : "parameters are", " not finite");
  }
};

}  // namespace detail

/// Where numbers stop being finite: a sentence about the input, or about the first layer whose parameters or output are
/// not; empty when all is finite.
template <typename L, AnyTensor X>
[[gnu::cold]] std::string first_non_finite(const L& layer, const parameters_t<L, X>& p, const X& x) {
  if (!detail::all_finite(x)) return "the samples themselves hold numbers that are not finite";
  detail::FindNonFinite<scalar_t<X>> found;
  trace(layer, p, x, found);
  return found.where;
}

}  // namespace lamina
