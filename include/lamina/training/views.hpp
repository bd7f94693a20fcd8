#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../data/batches.hpp"
#include "../exec/any_tensor.hpp"
#include "../exec/option_values.hpp"
#include "../losses/target_view.hpp"
#include "../metrics/regression_scores.hpp"
#include "../optimizers/optimizer.hpp"
#include "fit_work.hpp"

// These interfaces hide the types of data sets, losses and optimizers, so that training and evaluation are compiled once.
namespace LAMINA_NAMESPACE::detail {

/// A reference to samples and their class numbers or target rows.
template <typename T>
struct SamplesRef {
  TensorRef<T> x;
  std::span<const std::int32_t> labels;  // empty if there are none
  const Tensor<T, 2>* targets;

  Index size() const { return x.extents()[0]; }
  TargetView<T> target_view() const { return labels.empty() ? TargetView<T>(*targets) : TargetView<T>(labels); }
};

/// A batch of samples of any rank.
template <typename T>
struct Samples {
  AnyTensorValue<T> x;
  std::vector<std::int32_t> labels{};
  Tensor<T, 2> targets{};
  CanvasRoom<T> room{};

  SamplesRef<T> read() const { return {x.read(), labels, &targets}; }
};

/// The interface of a data set of any rank, for a network of T.
template <typename T>
class DataView {
 public:
  virtual Index size() const = 0;
  virtual Index classes() const = 0;
  virtual bool has_labels() const = 0;
  virtual std::span<const std::int32_t> labels() const = 0;      // empty if there are none
  virtual std::span<const std::string> class_names() const = 0;  // empty if there are none
  virtual std::span<const Index> sample_extents() const = 0;

  /// Returns empty sums for the errors of predictions for this set, without outputs if it has class numbers.
  virtual ErrorSums error_sums() const = 0;

  /// Copies samples into `to`, see gather.
  virtual void gather(std::span<const Index> samples, Samples<T>& to, const std::optional<AugmentContext>& variation) const = 0;
  virtual void prefetch(Index i) const = 0;

  /// Overwrites `order` with the order of an epoch's samples, see Dataset::draw_order.
  virtual void draw_order(std::vector<Index>& order, const Rng& rng) const = 0;

  /// Brings the next of the samples from now on to the end of the epoch near, on a thread, if they are not in memory.
  virtual void read_ahead(std::span<const Index> samples) const = 0;

  /// Reads an image, not normalised.
  virtual void read_image(Index i, float* x) const = 0;

  virtual DescribedData describe() const = 0;

 protected:
  ~DataView() = default;
};

template <typename T, int Rank>
class DatasetView final : public DataView<T> {
 public:
  explicit DatasetView(const Dataset<Rank>& data) : data_(data) {}

  Index size() const override { return data_.size(); }
  Index classes() const override { return data_.classes(); }
  bool has_labels() const override { return data_.has_labels(); }
  std::span<const std::int32_t> labels() const override { return data_.labels(); }
  std::span<const std::string> class_names() const override { return data_.class_names(); }
  std::span<const Index> sample_extents() const override { return data_.sample_shape().extents; }
  ErrorSums error_sums() const override {
    return has_labels() ? ErrorSums() : ErrorSums(classes(), data_.target_normalisation().deviation);
  }

  void gather(std::span<const Index> samples, Samples<T>& to, const std::optional<AugmentContext>& variation) const override {
    T* const x = reshape_samples(to.x, static_cast<Index>(samples.size()), sample_extents());
    gather_to(data_, samples, x, to.labels, to.targets, to.room, variation);
  }

  void prefetch(Index i) const override { data_.prefetch(i); }

  void draw_order(std::vector<Index>& order, const Rng& rng) const override { data_.draw_order(order, rng); }

  void read_ahead(std::span<const Index> samples) const override {
    if (data_.is_in_memory()) return;
    const SourceView source = data_.source();
    if (!ahead_) ahead_ = source.source->read_ahead(source.chosen);
    ahead_->expect(samples);
  }

  void read_image([[maybe_unused]] Index i, [[maybe_unused]] float* x) const override {
    if constexpr (Rank == 3) data_.read_plain(i, x);
  }

  [[gnu::cold]] DescribedData describe() const override {
    const auto& targets = data_.targets();
    return {data_.size(), data_.classes(), format_shape(sample_extents()),
            data_.floats().empty() ? std::as_bytes(data_.bytes()) : std::as_bytes(data_.floats()),
            std::as_bytes(std::span(data_.labels())),
            std::as_bytes(std::span(targets.data(), static_cast<std::size_t>(targets.size()))), &data_.normalisation(),
            &data_.target_normalisation(), data_.source()};
  }

 private:
  const Dataset<Rank>& data_;
  mutable std::unique_ptr<ReadAhead> ahead_{};  // made when it is needed first
};

/// The interface of a loss, see Loss.
template <typename T>
class LossView {
 public:
  virtual ~LossView() = default;
  virtual std::unique_ptr<LossView> copy() const = 0;
  virtual double loss(const Tensor<T, 2>& z, const TargetView<T>& y, Index batch, Tensor<T, 2>& dz) const = 0;
  virtual double correct(const Tensor<T, 2>& z, const TargetView<T>& y) const = 0;
  virtual double weight(const TargetView<T>& y) const = 0;
  virtual bool is_regression() const = 0;

  /// Returns the meaning of the outputs of a network that is trained with the loss, see meaning_of.
  virtual std::optional<OutputMeaning> meaning(bool numbers) const = 0;
  virtual DescribedThing describe() const = 0;
};

template <typename T, Loss F>
class LossOf final : public LossView<T> {
 public:
  explicit LossOf(F loss) : loss_(std::move(loss)) {}

  std::unique_ptr<LossView<T>> copy() const override { return std::make_unique<LossOf>(loss_); }

  double loss(const Tensor<T, 2>& z, const TargetView<T>& y, Index batch, Tensor<T, 2>& dz) const override {
    return loss_(z, y, batch, dz);
  }
  double correct(const Tensor<T, 2>& z, const TargetView<T>& y) const override { return loss_.correct(z, y); }
  double weight(const TargetView<T>& y) const override { return detail::weight_of(loss_, y); }
  bool is_regression() const override { return detail::is_regression<F>(); }
  std::optional<OutputMeaning> meaning(bool numbers) const override { return meaning_of<F>(numbers); }
  [[gnu::cold]] DescribedThing describe() const override {
    return {{}, std::string(std::string_view(F::name)), {}, detail::option_texts(loss_)};
  }

 private:
  F loss_;
};

/// The interface of an optimizer, see Optimizer.
template <typename T>
class OptimizerView {
 public:
  virtual ~OptimizerView() = default;
  virtual std::unique_ptr<OptimizerView> copy() const = 0;
  virtual double learning_rate() const = 0;
  virtual std::size_t state_tensors() const = 0;
  virtual bool update(const ParameterSlice<T>& slice, double rate) const = 0;

  /// Returns whether `update` may throw, as far as the compiler knows.
  virtual bool may_throw() const = 0;

  /// Returns a copy with another weight decay; a plain copy if the optimizer has none.
  virtual std::unique_ptr<OptimizerView> with_weight_decay(double weight_decay) const = 0;
  virtual DescribedThing describe() const = 0;
};

/// An optimizer with a weight decay that a ParameterGroup may change.
template <typename O>
concept HasWeightDecay = requires(O& optimizer) { optimizer.weight_decay = 0.0; };

template <typename T, Optimizer O>
class OptimizerOf final : public OptimizerView<T> {
 public:
  explicit OptimizerOf(O optimizer) : optimizer_(std::move(optimizer)) {}

  std::unique_ptr<OptimizerView<T>> copy() const override { return std::make_unique<OptimizerOf>(optimizer_); }

  double learning_rate() const override { return optimizer_.learning_rate; }
  std::size_t state_tensors() const override { return optimizer_.state_tensors(); }
  bool update(const ParameterSlice<T>& slice, double rate) const override { return optimizer_.update(slice, rate); }
  bool may_throw() const override {
    return !noexcept(std::declval<const O&>().update(std::declval<const ParameterSlice<T>&>(), 1.0));
  }
  [[gnu::cold]] std::unique_ptr<OptimizerView<T>> with_weight_decay([[maybe_unused]] double weight_decay) const override {
    O other = optimizer_;
    if constexpr (HasWeightDecay<O>) other.weight_decay = static_cast<decltype(other.weight_decay)>(weight_decay);
    return std::make_unique<OptimizerOf>(std::move(other));
  }
  [[gnu::cold]] DescribedThing describe() const override {
    return {{}, std::string(std::string_view(O::name)), {}, detail::option_texts(optimizer_)};
  }

 private:
  O optimizer_;
};

}  // namespace lamina::detail
