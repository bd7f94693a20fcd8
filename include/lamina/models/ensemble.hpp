#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "model.hpp"

namespace LAMINA_NAMESPACE {

/// A group of models that predict together: the mean of their probabilities, or of their values. All must take the same
/// samples and have equally many outputs of one kind. The ensemble holds copies of them.
///
///   Ensemble both{lenet_model, network_model};
///   both.push_back(another);
///   std::cout << evaluate(both, test);
///
///   y[n,k] = Σ_m p_m[n,k] / M        p_m (N, K) the probabilities of model m, see BasicModel::probabilities; y (N, K)
///
/// Functions that evaluate or run a model also take an ensemble: evaluate, predict_classes, predict_probabilities,
/// Predictor. A loss that is passed to `evaluate` must be one on probabilities, such as CrossEntropy.
template <typename T>
class Ensemble final : public detail::InferenceModel<T> {
  using Base = detail::InferenceModel<T>;

 public:
  using Scalar = T;

  /// Makes an ensemble without models; using it throws ShapeError.
  Ensemble() = default;
  template <typename... Models>
    requires(std::same_as<Models, BasicModel<T>> && ...)
  explicit Ensemble(BasicModel<T> first, Models... models) {
    push_back(std::move(first));
    (push_back(std::move(models)), ...);
  }

  /// Adds a model. Throws ShapeError if it takes other samples than the models before it, has other classes, or does not
  /// end in rows. Throws OptionError if its outputs are of another kind, or its class names differ or are in another order.
  void push_back(BasicModel<T> model);

  /// Returns the number of models, and each of them.
  std::size_t size() const { return models_.size(); }
  const BasicModel<T>& operator[](std::size_t i) const { return models_[i]; }
  auto begin() const { return models_.begin(); }
  auto end() const { return models_.end(); }

  /// Returns the mean of the models' probabilities (N, K). It is const and re-entrant. Throws ShapeError if x is not a
  /// batch of the models' samples.
  template <int Rank>
  Tensor<T, 2> operator()(const Tensor<T, Rank>& x) const {
    check(shape(x).extents);
    const auto own = memory();
    Tensor<T, 2> y;
    answer(x, *own, y);
    return y;
  }
  template <int Rank>
  Tensor<T, 2> probabilities(const Tensor<T, Rank>& x) const {
    Tensor<T, 2> y = (*this)(x);
    this->to_probabilities(y);
    return y;
  }

  /// Returns the most probable class of each sample (N), the first among equals. Throws OptionError for values.
  using Base::classes;
  template <int Rank>
  std::vector<std::int32_t> classes(const Tensor<T, Rank>& x) const {
    std::vector<std::int32_t> classes;
    this->decide((*this)(x), classes);
    return classes;
  }

  // The interface of Targets follows.

  const char* name() const override { return "Ensemble"; }
  std::span<const std::string> class_names() const override;
  std::span<const Index> sample_extents() const override { return models_.empty() ? std::span<const Index>() : models_[0].sample_extents(); }
  Index outputs() const override;
  void check(std::span<const Index> in) const override;
  bool gives_probabilities() const override { return meaning() == OutputMeaning::probabilities; }
  OutputMeaning meaning() const override;
  bool has_independent_outputs() const override { return !models_.empty() && models_[0].has_independent_outputs(); }
  std::unique_ptr<typename Base::Memory> memory() const override;
  std::uint64_t changes() const override { return assigned_.times; }  // its models do not change
  void pack_weights(std::span<typename Base::Memory* const> memories) const override;
  void answer(detail::TensorRef<T> x, typename Base::Memory& memory, Tensor<T, 2>& y) const override;

 private:
  struct AnswerMemory final : Base::Memory {
    std::vector<std::unique_ptr<typename Base::Memory>> of_models;
    Tensor<T, 2> one;  // a model's probabilities
  };

  void expect_models() const;

  /// Gives a memory one part per model.
  void make_room(AnswerMemory& memory) const;

  /// A count of the assignments and the models added, so that a predictor notices each.
  struct Assigned {
    std::uint64_t times = 0;
    Assigned() = default;
    Assigned(const Assigned&) = default;
    Assigned& operator=(const Assigned& other) {
      times = (std::max)(times, other.times) + 1;
      return *this;
    }
  };

  std::vector<BasicModel<T>> models_;
  Assigned assigned_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/ensemble.ipp"
#endif
