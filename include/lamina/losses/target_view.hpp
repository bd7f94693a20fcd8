#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/argmax.hpp"
#include "../core/output_meaning.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

/// The targets of a batch in one of two forms: class numbers (N), or rows (N, K), such as one-hot rows or several labels
/// at once. It is a view: the numbers belong to the caller.
///
///   y[n,k] = [k = labels[n]]        or        y[n,k] = rows[n,k]
template <typename T>
class TargetView {
 public:
  TargetView(std::span<const std::int32_t> labels) : labels_(labels) {}
  TargetView(const std::vector<std::int32_t>& labels) : labels_(labels) {}
  TargetView(const Tensor<T, 2>& rows) : rows_(&rows) {}

  bool are_labels() const { return !rows_; }
  std::int32_t label(Index n) const { return labels_[static_cast<std::size_t>(n)]; }
  Index size() const { return rows_ ? rows_->dimension(0) : static_cast<Index>(labels_.size()); }

  /// Returns the class of row n: its number, or the place of its largest target, the first among equals.
  Index argmax(Index n) const {
    if (!rows_) return label(n);
    const Index K = rows_->dimension(1);
    return detail::argmax(rows_->data() + n * K, K);
  }

  T operator()(Index n, Index k) const {
    return rows_ ? rows_->data()[n * rows_->dimension(1) + k] : static_cast<T>(label(n) == k);
  }

  /// Returns the target of question k of K in row n. For a single question, class number 1 means yes.
  T yes(Index n, Index k, Index K) const { return K == 1 && !rows_ ? static_cast<T>(label(n)) : (*this)(n, k); }

  /// Throws in the name of `loss` unless there is a target for every row of an output of shape (N, K). If one output may
  /// distinguish two classes, its labels are 0 and 1.
  void check(std::string_view loss, const Shape<2>& output, bool one_tells_two = false) const {
    const Index N = output[0], K = one_tells_two && output[1] == 1 && !rows_ ? 2 : output[1];
    if (rows_ && shape(*rows_) != output)
      throw ShapeError(str_cat(loss, ": expects target rows ", output, ", as many as outputs, but got ", shape(*rows_)));
    if (size() != N) throw ShapeError(str_cat(loss, ": expects ", N, " labels, one per output row, but got ", size()));
    for (std::size_t n = 0; n < labels_.size(); ++n)
      if (labels_[n] < 0 || labels_[n] >= K)
        throw DataError(str_cat(loss, ": label ", labels_[n], " of sample ", n, " is outside the ", K,
                                " classes 0 … ", K - 1, "; ", labels_[n] == K && std::ranges::find(labels_, 0) == labels_.end()
                                    ? "where labels begin at 1, subtract 1 from each"
                                    : "give the last layer more units or mend the label"));
  }

  /// Throws DataError in the name of `loss` if a row has a number outside [0, 1]. A NaN passes: the loss becomes one, too,
  /// which is reported as divergence.
  void check_yes(std::string_view loss) const {
    if (!rows_) return;
    const T rounding = T(1e-5);  // of mixed targets
    for (Index i = 0; i < rows_->size(); ++i)
      if (rows_->data()[i] < -rounding || rows_->data()[i] > 1 + rounding)
        throw DataError(str_cat(loss, ": expects targets in [0, 1], from no to yes, but got ", rows_->data()[i], " in row ",
                                i / rows_->dimension(1), "; for quantities use MeanSquaredError{}"));
  }

 private:
  std::span<const std::int32_t> labels_;
  const Tensor<T, 2>* rows_ = nullptr;
};

namespace detail {

/// Returns how many rows of an output have their largest number at the target's largest: accuracy × N for one class per
/// sample. Of equal numbers the first counts, and a NaN counts only if there is no number.
template <typename T>
double categorical_correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) {
  const auto [N, K] = shape(z);
  double correct = 0;
  for (Index n = 0; n < N; ++n) correct += detail::argmax(z.data() + n * K, K) == y.argmax(n);
  return correct;
}

/// Returns, for several labels at once, the share of a row's labels on the right side of the threshold, summed over rows.
template <typename T>
double binary_correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, T threshold) {
  const auto [N, K] = shape(z);
  if (y.are_labels() && K > 1) return categorical_correct(z, y);
  Index right = 0;
  for (Index n = 0; n < N; ++n)
    for (Index k = 0; k < K; ++k) right += (z.data()[n * K + k] > threshold) == (y.yes(n, k, K) > T(0.5));
  return static_cast<double>(right) / static_cast<double>(K);
}

}  // namespace detail

/// Throws DataError in the name of a loss on probabilities if a number lies outside [0, 1]. A NaN passes: it comes from a
/// diverged run, which is reported as such.
template <typename T>
void check_probabilities(std::string_view loss, const char* layer, const char* on_logits, const Tensor<T, 2>& p) {
  const T rounding = T(1e-5);
  for (Index i = 0; i < p.size(); ++i)
    if (p.data()[i] < -rounding || p.data()[i] > 1 + rounding)
      throw DataError(str_cat(loss, ": expects probabilities in [0, 1] but got ", p.data()[i], " in row ", i / p.dimension(1),
                              "; end the network in ", layer, " or use ", on_logits, " on its logits"));
}

/// A loss: a function that computes its value and the gradient with respect to the network's output in one pass.
///
///   loss(z, y, batch, dz)   returns Σₙ ℓ(z[n], y[n]) / batch over the rows of the call; dz = ∂/∂z of it, overwritten
///   correct(z, y)           returns how many rows are right, for the accuracy during training
///
/// The mean over the batch is taken here and nowhere else. One call sees one shard of a batch: `batch` is the size of the
/// whole, so that the shards' values and gradients add up to the batch's. Throws ShapeError for targets of another shape
/// and DataError for labels outside the classes.
///
/// A loss that weights its rows may have
///
///   weight(y)               returns Σₙ of the weights of the rows of the call
///
/// It still divides by `batch`, because a shard does not know the others' weights. The code that adds up the shards
/// multiplies sum and gradient by batch / Σ weights and gets the weighted mean.
///
/// A loss for regression may have
///
///   is_regression           true: for target rows, RMSE, MAE and R² are reported instead of an accuracy
///
/// A loss that defines the meaning of the outputs of a network trained with it may have
///
///   outputs                   an OutputMeaning, which the model gets
///   has_independent_outputs   true: each output is an independent question, and a single one distinguishes two classes
template <typename F>
concept Loss = std::copyable<F> && requires(const F& loss, const Tensor<float, 2>& z, const TargetView<float>& y, Index batch,
                                            Tensor<float, 2>& dz) {
  { F::name } -> std::convertible_to<std::string_view>;
  { F::expects_logits } -> std::convertible_to<bool>;
  { loss(z, y, batch, dz) } -> std::same_as<double>;
  { loss.correct(z, y) } -> std::same_as<double>;
};

namespace detail {

/// Returns the sum of the weights of some rows; their number if the loss has no weights.
template <Loss F, typename T>
double weight_of(const F& loss, const TargetView<T>& y) {
  if constexpr (requires { loss.weight(y); })
    return loss.weight(y);
  else
    return static_cast<double>(y.size());
}

/// Returns whether a loss treats target rows as numbers.
template <Loss F>
constexpr bool is_regression() {
  if constexpr (requires { F::is_regression; })
    return F::is_regression;
  else
    return false;
}

/// Returns whether each output of a loss is an independent yes/no question.
template <Loss F>
constexpr bool has_independent_outputs() {
  if constexpr (requires { F::has_independent_outputs; })
    return F::has_independent_outputs;
  else
    return false;
}

/// Returns the meaning of the outputs of a network that is trained with a loss; nothing if the loss does not tell.
/// `numbers` is true if it is trained on target rows.
template <Loss F>
constexpr std::optional<OutputMeaning> meaning_of(bool numbers) {
  if constexpr (requires { F::outputs; }) return F::outputs;
  if (is_regression<F>() && numbers) return OutputMeaning::values;
  return {};
}

}  // namespace detail
}  // namespace lamina

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE::detail {

/// Returns the factor that makes Σ ℓ / batch the weighted mean: 1 if every row weighs 1, and 0 if the weights sum to 0.
inline double mean_scale(Index batch, double weight) { return weight > 0 ? static_cast<double>(batch) / weight : 0; }

}  // namespace lamina::detail

#include "../core/exact_end.inc"
