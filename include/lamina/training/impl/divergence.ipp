#pragma once

#include "../divergence.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

template <typename T>
[[gnu::cold]] std::string first_non_finite(const BasicModel<T>& model, detail::TensorRef<T> x) {
  if (!detail::all_finite(x.data(), x.size())) return "the samples themselves hold numbers that are not finite";
  std::string where;
  const auto p = model.parameters().of_layers();
  model.program().trace(p, x, [&](std::size_t i, detail::TensorRef<T> y) {
    if (!where.empty()) return;
    bool learned = true;
    model.parameters().each_tensor(i, [&](std::string_view, detail::TensorPointer<T> pointer) {
      pointer.visit([&](const auto& tensor) { learned = learned && detail::all_finite(tensor.data(), tensor.size()); });
    });
    if (learned && detail::all_finite(y.data(), y.size())) return;
    const auto& layer = model.layers()[i];
    where = str_cat("the first layer concerned is layer ", layer.path.empty() ? "0" : layer.path, " (", layer.node->name(),
                    "), whose ", learned ? "output is" : "parameters are", " not finite");
  });
  return where;
}

}  // namespace detail
}  // namespace lamina
