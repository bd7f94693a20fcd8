#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../core/function_ref.hpp"
#include "../models/model.hpp"

namespace LAMINA_NAMESPACE {

/// The error of a training run whose numbers became NaN or infinite. The model has the parameters after the last update,
/// or those of the best epoch if EarlyStopping restores them.
struct DivergenceError : std::runtime_error {
  DivergenceError(const std::string& text, Index in_epoch, Index in_batch)
      : std::runtime_error(text), epoch(in_epoch), batch(in_batch) {}
  Index epoch, batch;  // the first is 0
};

namespace detail {

/// Returns a sentence about the input, or about the first layer whose parameters or output are not finite. Returns an
/// empty text if all numbers are finite.
template <typename T>
std::string first_non_finite(const BasicModel<T>& model, detail::TensorRef<T> x);

/// The quantity that stopped being finite, such as "the loss", and the learning rate of the step.
struct Divergence {
  std::string_view what;
  double learning_rate;
};

/// Returns a sentence that says which number of a batch or of the model is not finite, and what to try. sample_name(n)
/// names the n-th sample of the batch.
template <typename T>
[[gnu::cold]] std::string explain_divergence(const BasicModel<T>& model, TensorRef<T> x, const Divergence& divergence,
                                             FunctionRef<std::string(Index n)> sample_name) {
  const Index n = x.size() / x.extents()[0];
  for (Index i = 0; i < x.size(); ++i)
    if (!std::isfinite(x.data()[i]))
      return str_cat("sample ", sample_name(i / n), " holds numbers that are not finite: correct it or leave it out");
  const std::string remedy = str_cat("; try a smaller learning rate (it was ", divergence.learning_rate,
                                     ") or inputs scaled to about −1 … 1");
  if (const std::string where = first_non_finite(model, x); !where.empty()) return where + remedy;
  if (divergence.what == "the gradient") return "every layer's output is finite" + remedy;
  return "every layer's output is finite but the loss of it is not: look at the targets";
}

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/divergence.ipp"
#endif
