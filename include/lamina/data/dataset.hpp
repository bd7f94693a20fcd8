#pragma once

#include <algorithm>  // also for the concepts of ranges: <ranges> itself would add its views to every program
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "copy_samples.hpp"
#include "normalisation.hpp"
#include "stored_samples.hpp"
#include "targets.hpp"

namespace LAMINA_NAMESPACE {

/// A data set: N samples of one shape and their targets. Rank is that of a sample: 3 for images (H, W, C), 1 for rows
/// (F). Values are stored as given, a byte as a byte; batches scale and normalise them. It may be empty; everything else
/// is checked on construction.
///
///   Dataset digits{images, labels};                                    // (N, 28, 28, 1) of bytes, N class numbers
///   Dataset prices{x, std::vector<float>{…}};                          // (N, F) of float, N numbers
///   Dataset curve{x, y};                                               // (N, F) and (N, K) of float
///   Dataset mine{pixels, Shape{28, 28, 1}, labels, {.classes = 10}};   // any vector or span of bytes or float: a copy
template <int Rank>
class Dataset {
  static_assert(Rank >= 1, "a sample has at least one axis");

 public:
  /// Makes a data set from a row-major Eigen tensor (N, sample…), which may be moved in. Throws ShapeError unless there
  /// is one target per sample and every extent of a sample is at least 1. Throws DataError if a label is outside the
  /// classes or a target is not finite. Throws OptionError unless class_names is empty or has one name per class.
  template <typename V, int Options>
  Dataset(Eigen::Tensor<V, Rank + 1, Options> values, Targets targets, DatasetOptions options = {})
      : targets_(std::move(targets)), options_(std::move(options)) {
    static_assert(detail::DataValue<V>, "Dataset: samples are bytes, std::uint8_t, or float: convert these, as by x.cast<float>()");
    static_assert((Options & Eigen::RowMajor) != 0, "Dataset: samples are a row-major tensor, lamina::Tensor<float, 4> or "
                                                    "Eigen::Tensor<float, 4, Eigen::RowMajor>, the sample being its first axis");
    if constexpr (detail::DataValue<V> && (Options & Eigen::RowMajor) != 0) {
      Tensor<V, Rank + 1>& mine = stored_.template in_memory<V>();
      mine = std::move(values);
      stored_.holds_bytes = std::same_as<V, std::uint8_t>;
      size_ = mine.dimension(0);
      sample_ = lamina::sample_shape(lamina::shape(mine));
      check();
      normalise({});
    }
  }

  /// Makes a data set from contiguous values, sample after sample. Throws as above, and ShapeError if they are not a
  /// whole number of samples.
  template <std::ranges::contiguous_range Values>
    requires std::is_arithmetic_v<std::ranges::range_value_t<Values>>
  Dataset(const Values& values, Shape<Rank> sample, Targets targets, DatasetOptions options = {})
      : Dataset(detail::copy_samples(std::span<const std::ranges::range_value_t<Values>>(values), sample), std::move(targets),
                std::move(options)) {}

  /// Makes a data set whose values a source reads whenever they are used, see open_shards.
  Dataset(std::shared_ptr<const detail::SampleSource> source, bool holds_bytes, Shape<Rank> sample, Targets targets, DatasetOptions options)
      : stored_{.source = std::move(source), .holds_bytes = holds_bytes}, targets_(std::move(targets)),
        options_(std::move(options)), size_(stored_.source->size()), sample_(sample) {
    check();
    normalise({});
  }

  /// Returns N, and the shape of one sample: (H, W, C) or (F).
  Index size() const { return size_; }
  const Shape<Rank>& sample_shape() const { return sample_; }

  /// Returns the number of classes; for target rows, K.
  Index classes() const { return options_.classes; }

  /// Returns the names of the classes; empty if none were given.
  const std::vector<std::string>& class_names() const { return options_.class_names; }

  /// Returns the name of class k, or its number if there are no names.
  std::string class_name(Index k) const {
    return class_names().empty() ? std::to_string(k) : class_names().at(static_cast<std::size_t>(k));
  }

  /// Brings the classes into the order of these names and renumbers the labels; for target rows, reorders the columns.
  /// The names may include classes without samples. Throws OptionError if the set's classes have no names, if one of them
  /// is missing, or if a name occurs twice.
  ///
  ///   test.reorder_classes(train.class_names());
  void reorder_classes(std::vector<std::string> names) {
    detail::reorder_classes(targets_, options_, target_normalisation_, std::move(names));
  }

  /// Returns whether samples have class numbers; otherwise they have target rows.
  bool has_labels() const { return targets_.has_labels(); }

  /// Returns the class number of each sample, (N); empty if there are target rows.
  const std::vector<std::int32_t>& labels() const { return targets_.labels; }

  /// Returns the target row of each sample, (N, K); (0, 0) if there are class numbers.
  const Tensor<float, 2>& targets() const { return targets_.targets; }

  /// Returns the number of samples of each class; empty for target rows.
  std::vector<Index> class_counts() const {
    std::vector<Index> counts(static_cast<std::size_t>(has_labels() ? classes() : 0));
    for (const std::int32_t label : labels()) ++counts[static_cast<std::size_t>(label)];
    return counts;
  }

  /// Returns the stored values, sample after sample, if they are bytes in memory; otherwise nothing.
  std::span<const std::uint8_t> bytes() const { return {stored_.bytes.data(), static_cast<std::size_t>(stored_.bytes.size())}; }

  /// Returns the stored values, sample after sample, if they are float in memory; otherwise nothing.
  std::span<const float> floats() const { return {stored_.floats.data(), static_cast<std::size_t>(stored_.floats.size())}; }

  /// Returns whether stored values are bytes; otherwise they are float.
  bool holds_bytes() const { return stored_.holds_bytes; }

  /// Returns whether the values are in memory; otherwise they are read whenever they are used, see open_shards.
  bool is_in_memory() const { return !stored_.source; }

  /// Copies the stored values of sample i; V is their type. i is not checked.
  template <detail::DataValue V>
  void read_stored(Index i, V* values) const {
    stored_.copy(i, sample_.size(), values);
  }

  /// Sets the normalisation of values for later reads; {} removes it. Throws OptionError unless there is one mean and one
  /// deviation, for all or per channel, finite, with deviations above 0.
  void normalise(const Normalisation& normalisation) {
    affine_ = detail::affine(normalisation, sample_[Rank - 1], unit());
    normalising_ = detail::affine(normalisation, sample_[Rank - 1], 1);
    normalisation_ = normalisation;
  }

  /// Returns the normalisation of values; {} by default.
  const Normalisation& normalisation() const { return normalisation_; }

  /// Sets the normalisation of targets, one for all or one per column: networks learn (y − mean) / deviation. `targets`
  /// keeps the given values, and RMSE and MAE are reported in their units. {} removes it. Throws OptionError unless means
  /// and deviations fit, see normalise, and for class numbers.
  ///
  ///   train.normalise_targets(measure_target_normalisation(train));
  ///   test.normalise_targets(train.target_normalisation());
  void normalise_targets(const Normalisation& normalisation) {
    if (has_labels() && !detail::is_identity(normalisation))
      throw OptionError("normalise_targets: expects target rows but the data set has class numbers, which stay as they are");
    detail::check_target_normalisation("normalise_targets", normalisation, has_labels() ? 1 : targets().dimension(1));
    target_normalisation_ = normalisation;
  }

  /// Returns the normalisation of targets; {} by default.
  const Normalisation& target_normalisation() const { return target_normalisation_; }

  /// Returns sample i as the network sees it: bytes as 0 … 1, normalised if asked. Throws OptionError if there is no
  /// sample i.
  Tensor<float, Rank> at(Index i) const {
    check_sample("at", i);
    Tensor<float, Rank> sample;
    reshape(sample, sample_);
    read(i, sample.data());
    return sample;
  }

  /// Writes sample i as the network sees it to x, which has room for sample_shape().size() numbers; i is not checked.
  template <std::floating_point T>
  void read(Index i, T* x) const {
    stored_.read(i, sample_.size(), x, affine_);
  }

  /// Writes the target row of sample i, normalised if asked, to y, which has room for K numbers; i is not checked.
  template <std::floating_point T>
  void read_targets(Index i, T* y) const {
    const Index K = targets().dimension(1);
    detail::normalise_row(targets().data() + i * K, K, target_normalisation_, y);
  }

  /// Prefetches the beginning of sample i from memory, because it will be read soon. i is not checked.
  void prefetch(Index i) const { stored_.prefetch(i, sample_.size()); }

  /// Overwrites `order`, which has N numbers, with the order in which an epoch visits the samples: see epoch_order and, for a
  /// set that is not in memory, open_shards.
  void draw_order(std::vector<Index>& order, const Rng& rng) const {
    stored_.source ? stored_.source->draw_order(order, rng, stored_.chosen) : detail::draw_order(order, rng);
  }

  /// Returns the source of the values of a set that is not in memory.
  detail::SourceView source() const { return stored_.view(); }

  /// Writes sample i in the data's own scale, bytes as 0 … 1, without normalisation. Augmentation works on this.
  template <std::floating_point T>
  void read_plain(Index i, T* x) const {
    stored_.read(i, sample_.size(), x, static_cast<T>(unit()), T(0));
  }

  /// Normalises, in place, a sample that read_plain wrote.
  template <std::floating_point T>
  void normalise_plain(T* x) const {
    detail::convert(x, x, sample_.size(), normalising_);
  }

  /// Returns a data set of these samples, in this order, with repetitions; classes, names and normalisation stay. Throws
  /// OptionError if one does not exist.
  Dataset subset(std::span<const Index> samples) const {
    for (const Index i : samples) check_sample("subset", i);
    Dataset part(options_, sample_, stored_.subset(samples));
    part.normalise(normalisation_);
    part.size_ = static_cast<Index>(samples.size());
    if (has_labels())
      for (const Index i : samples) part.targets_.labels.push_back(labels()[static_cast<std::size_t>(i)]);
    else
      part.targets_.targets = detail::rows(targets(), samples);
    part.normalise_targets(target_normalisation_);
    return part;
  }

  /// Throws OptionError, in the name of `who`, unless there is a sample i.
  void check_sample(std::string_view who, Index i) const {
    if (i < 0 || i >= size_)
      throw OptionError(str_cat(who, ": sample ", i, " is not one of the data set's ", size_, ", which count from 0"));
  }

 private:
  /// Makes a data set without targets.
  Dataset(const DatasetOptions& options, const Shape<Rank>& sample, detail::StoredSamples<Rank> stored)
      : stored_(std::move(stored)), options_(options), sample_(sample) {}

  void check() {
    if (std::ranges::any_of(sample_.extents, [](Index extent) { return extent < 1; }))
      throw ShapeError(str_cat("Dataset: expects samples of extents of at least 1 but got ", sample_));
    detail::settle_classes(targets_, size_, options_);
  }

  /// Returns the factor of stored values: 1/255 for bytes, so that 255 becomes 1; otherwise 1.
  double unit() const { return holds_bytes() ? 1.0 / 255.0 : 1.0; }

  detail::StoredSamples<Rank> stored_;
  Targets targets_;
  DatasetOptions options_;
  Index size_ = 0;
  Shape<Rank> sample_{};
  Normalisation normalisation_, target_normalisation_;
  detail::Affine affine_;       // from stored values to those that `read` writes,
  detail::Affine normalising_;  // and from the data's own scale
};

template <typename V, int BatchRank, int Options>
Dataset(Eigen::Tensor<V, BatchRank, Options>, Targets, DatasetOptions = {}) -> Dataset<BatchRank - 1>;

}  // namespace lamina
