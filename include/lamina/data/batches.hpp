#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "augmentation.hpp"
#include "dataset.hpp"
#include "mixing.hpp"

namespace LAMINA_NAMESPACE {

/// The input of one training step: N samples with either class numbers or target rows; the other is empty.
template <AnyTensor X>
struct Batch {
  X x;                                     // (N, sample…)
  std::vector<std::int32_t> labels;        // N, or none
  Tensor<scalar_t<X>, 2> targets;          // (N, K), or (0, 0)
  detail::CanvasRoom<scalar_t<X>> room{};  // scratch memory for augmentation

  /// Returns N.
  Index size() const { return x.dimension(0); }
};

/// The augmentation of samples while they are collected, and their mixing. Sample i draws from rng.split(i), whatever batch it
/// is in.
struct AugmentContext {
  const Augmentation& augmentation;
  Rng rng;
  const Mixing* mixing = nullptr;
};

namespace detail {

[[gnu::cold]] void check_augmentation(const char* who, const Augmentation& augmentation, int rank);

/// Throws OptionError, in the name of `who`, if augmentation is asked for but samples are not images.
template <int Rank>
void check_augmentation(const char* who, const Augmentation& augmentation) {
  detail::check_augmentation(who, augmentation, Rank);
}

/// Writes sample i to x, augmented and then normalised.
template <typename T, int Rank>
void read_varied(const Dataset<Rank>& dataset, Index i, const AugmentContext& variation, CanvasRoom<T>& room, T* x) {
  if constexpr (Rank == 3) {
    dataset.read_plain(i, x);
    Canvas<T> image(x, dataset.sample_shape(), room);
    variation.augmentation(image, variation.rng.split(static_cast<std::uint64_t>(i)));
    image.pixels();
    dataset.normalise_plain(x);
  }
}

/// Writes sample i to x as training sees it: augmented, if asked, and normalised.
template <typename T, int Rank>
void read_sample(const Dataset<Rank>& dataset, Index i, const std::optional<AugmentContext>& variation, CanvasRoom<T>& room, T* x) {
  if (variation && !variation->augmentation.empty())
    read_varied(dataset, i, *variation, room, x);
  else
    dataset.read(i, x);
}

/// Writes the target row of sample i to y; for a class number, 1 at its place and 0 elsewhere.
template <typename T, int Rank>
void read_target_row(const Dataset<Rank>& dataset, Index i, Index K, T* y) {
  if (!dataset.has_labels()) return dataset.read_targets(i, y);
  std::fill_n(y, K, T(0));
  y[dataset.labels()[static_cast<std::size_t>(i)]] = 1;
}

/// Writes these samples to x, each mixed with another one, and their target rows.
template <typename T, int Rank>
void gather_mixed(const Dataset<Rank>& dataset, std::span<const Index> samples, T* x, Tensor<T, 2>& targets, CanvasRoom<T>& room,
                  const std::optional<AugmentContext>& variation) {
  const Index n = dataset.sample_shape().size(), K = dataset.has_labels() ? dataset.classes() : dataset.targets().dimension(1);
  reshape(targets, Shape{static_cast<Index>(samples.size()), K});
  T* target = targets.data();
  for (const Index i : samples) {
    read_sample(dataset, i, variation, room, x);
    read_target_row(dataset, i, K, target);
    const SampleMix mix(*variation->mixing, dataset.size(), dataset.sample_shape().extents,
                        variation->rng.split(~static_cast<std::uint64_t>(i)));
    if (const Index j = mix.partner(); j >= 0) {
      T* const other = CanvasRoom<T>::take(room.partner, n + K);
      read_sample(dataset, j, variation, room, other);
      mix.values(x, other, n);
      read_target_row(dataset, j, K, other + n);
      mix.blend(target, other + n, K);
    }
    x += n;
    target += K;
  }
}

/// Writes these samples of a data set to x, which has room for them, and their class numbers or target rows beside it. Mixed
/// samples have target rows.
template <typename T, int Rank>
void gather_to(const Dataset<Rank>& dataset, std::span<const Index> samples, T* x, std::vector<std::int32_t>& labels,
               Tensor<T, 2>& targets, CanvasRoom<T>& room, const std::optional<AugmentContext>& variation) {
  const Index N = static_cast<Index>(samples.size()), n = dataset.sample_shape().size();
  if (variation && variation->mixing != nullptr && !variation->mixing->empty()) {
    labels.clear();
    return gather_mixed(dataset, samples, x, targets, room, variation);
  }
  for (const Index i : samples) {
    read_sample(dataset, i, variation, room, x);
    x += n;
  }

  labels.clear();
  if (dataset.has_labels()) {
    for (const Index i : samples) labels.push_back(dataset.labels()[static_cast<std::size_t>(i)]);
    return reshape(targets, Shape{0, 0});
  }
  const Index K = dataset.targets().dimension(1);
  reshape(targets, Shape{N, K});
  T* target = targets.data();
  for (const Index i : samples) {
    dataset.read_targets(i, target);
    target += K;
  }
}

}  // namespace detail

/// Collects these samples of a data set in this order: augmented if asked, scaled and normalised. Allocates only if it
/// needs more room than the largest batch that `batch` ever held. Throws OptionError if a sample does not exist.
template <typename T, int Rank>
void gather(const Dataset<Rank>& dataset, std::span<const Index> samples, Batch<Tensor<T, Rank + 1>>& batch,
            const std::type_identity_t<std::optional<AugmentContext>>& variation = {}) {
  for (const Index i : samples) dataset.check_sample("gather", i);
  reshape(batch.x, detail::batch_shape(static_cast<Index>(samples.size()), dataset.sample_shape()));
  detail::gather_to(dataset, samples, batch.x.data(), batch.labels, batch.targets, batch.room, variation);
}

/// Returns the numbers 0 … size − 1 in a random order, in which an epoch visits the samples of a set that is in memory.
///
///   const auto order = epoch_order(train.size(), rng.split(epoch));
std::vector<Index> epoch_order(Index size, Rng rng);

/// The options of `batches`.
struct BatchOptions {
  Index batch_size = 32;
  std::optional<Rng> shuffle{};  ///< shuffles the samples; without it they keep their order
  bool drop_last = false;        ///< leaves out the last batch if it is smaller
  Augmentation augment{};        ///< for images; draws from `shuffle`, and so changes with each epoch
  Mixing mix{};                  ///< mixes samples; draws from `shuffle`, too; batches then have target rows
};

/// A range of a data set's batches, for a `for` loop. There is one batch at a time: each overwrites the one before.
template <typename T, int Rank>
class Batches {
 public:
  using value_type = Batch<Tensor<T, Rank + 1>>;

  Batches(const Dataset<Rank>& dataset, const BatchOptions& options)
      : dataset_(&dataset), batch_size_(options.batch_size), order_(static_cast<std::size_t>(dataset.size())),
        augment_(options.augment), mix_(options.mix), rng_(options.shuffle.value_or(Rng{})) {
    if (batch_size_ < 1)
      throw OptionError(str_cat("batches: expects a batch_size of at least 1 but got ", batch_size_));
    detail::check_augmentation<Rank>("batches", augment_);
    detail::check_mixing("batches", mix_, Rank);
    if (!(augment_.empty() && mix_.empty()) && !options.shuffle)
      throw OptionError("batches: expects .shuffle beside .augment and .mix, which draw from it: .shuffle = rng.split(epoch)");
    std::iota(order_.begin(), order_.end(), Index{0});
    if (options.shuffle) dataset.draw_order(order_, *options.shuffle);
    if (options.drop_last) order_.resize(order_.size() - order_.size() % static_cast<std::size_t>(batch_size_));
  }

  /// Returns the number of batches.
  Index size() const {
    const Index samples = static_cast<Index>(order_.size());
    return samples / batch_size_ + (samples % batch_size_ == 0 ? 0 : 1);
  }

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = Batches::value_type;
    using difference_type = std::ptrdiff_t;

    const value_type& operator*() const { return batches_->batch_; }
    const value_type* operator->() const { return &batches_->batch_; }
    iterator& operator++() {
      batches_->fill(++number_);
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return number_ >= batches_->size(); }

   private:
    friend Batches;
    explicit iterator(Batches& batches) : batches_(&batches) {}

    Batches* batches_;
    Index number_ = 0;
  };

  /// Starts again with the first batch.
  iterator begin() {
    fill(0);
    return iterator(*this);
  }
  std::default_sentinel_t end() const { return {}; }

 private:
  void fill(Index number) {
    if (number >= size()) return;
    const std::size_t first = static_cast<std::size_t>(number * batch_size_);
    const std::size_t count = (std::min)(static_cast<std::size_t>(batch_size_), order_.size() - first);
    gather(*dataset_, std::span<const Index>(order_).subspan(first, count), batch_, AugmentContext{augment_, rng_, &mix_});
  }

  const Dataset<Rank>* dataset_;
  Index batch_size_;
  std::vector<Index> order_;
  Augmentation augment_;
  Mixing mix_;
  Rng rng_;
  value_type batch_;
};

/// Returns the batches of a data set, by default of float. The data set must outlive them. Throws OptionError for a
/// batch_size below 1, and for an augmentation without .shuffle or of samples that are not images.
///
///   for (Index epoch = 0; epoch < 5; ++epoch)
///     for (const auto& batch : batches(train, {.batch_size = 10, .shuffle = rng.split(epoch)})) …
template <typename T = float, int Rank>
Batches<T, Rank> batches(const Dataset<Rank>& dataset, const BatchOptions& options = {}) {
  return Batches<T, Rank>(dataset, options);
}
template <typename T = float, int Rank>
Batches<T, Rank> batches(Dataset<Rank>&&,
                         const BatchOptions& = {}) = delete;  // a temporary would be gone before the first batch

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/batches.ipp"
#endif
