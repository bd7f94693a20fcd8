#pragma once

#include <algorithm>  // and the concepts of ranges; <ranges> itself costs every program its views
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "answers.hpp"
#include "convert.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE {

/// What a data set can hold: bytes, which become 0 … 1 when they are used, or float.
template <typename V>
concept DataValue = std::same_as<V, std::uint8_t> || std::same_as<V, float>;

/// N samples of one shape and what is to be learned of them. Rank is a sample's: 3 for images (H, W, C), 1 for rows
/// (F). Values are kept as they came, a byte as a byte; they are scaled and normalised while batches are gathered. It
/// can be empty; everything else it promises is checked when it is made.
///
///   Dataset digits{images, labels};                                    // (N, 28, 28, 1) of bytes, N class numbers
///   Dataset prices{x, std::vector<float>{…}};                          // (N, F) of float, N numbers
///   Dataset curve{x, y};                                               // (N, F) and (N, K) of float
///   Dataset mine{pixels, Shape{28, 28, 1}, labels, {.classes = 10}};   // any vector or span of bytes or float: a copy
template <int Rank>
class Dataset {
  static_assert(Rank >= 1, "a sample has at least one axis");

 public:
  /// From a row-major Eigen tensor (N, sample…), which may be moved in. Throws ShapeError unless there is one answer
  /// for each sample and every extent of a sample is at least 1; DataError when a label is outside the classes or a
  /// target is not finite; OptionError when class_names are not one per class.
  template <typename V, int Options>
  Dataset(Eigen::Tensor<V, Rank + 1, Options> values, Answers answers, DatasetOptions options = {})
      : answers_(std::move(answers)), options_(std::move(options)), holds_bytes_(std::same_as<V, std::uint8_t>) {
    static_assert(DataValue<V>, "Dataset: samples are bytes, std::uint8_t, or float: convert these, as by x.cast<float>()");
    static_assert((Options & Eigen::RowMajor) != 0, "Dataset: samples are a row-major tensor, lamina::Tensor<float, 4> or "
                                                    "Eigen::Tensor<float, 4, Eigen::RowMajor>, the sample being its first axis");
    if constexpr (DataValue<V> && (Options & Eigen::RowMajor) != 0) {
      Tensor<V, Rank + 1>& mine = stored<V>();
      mine = std::move(values);
      size_ = mine.dimension(0);
      sample_ = lamina::sample_shape(lamina::shape(mine));
      check();
      normalise({});
    }
  }

  /// From values that lie one after another, sample after sample. Throws as above, and ShapeError when they are not a
  /// whole number of samples.
  template <std::ranges::contiguous_range Values>
    requires std::is_arithmetic_v<std::ranges::range_value_t<Values>>
  Dataset(const Values& values, Shape<Rank> sample, Answers answers, DatasetOptions options = {})
      : Dataset(copy(std::span(std::ranges::data(values), std::ranges::size(values)), sample), std::move(answers),
                std::move(options)) {}

  /// Return N, and the shape of one sample: (H, W, C) or (F).
  Index size() const { return size_; }
  const Shape<Rank>& sample_shape() const { return sample_; }

  /// How many classes there are; of target rows, K.
  Index classes() const { return options_.classes; }

  /// The names of the classes, or nothing when none were given.
  const std::vector<std::string>& class_names() const { return options_.class_names; }

  /// The name of class k, or the number when there are no names.
  std::string class_name(Index k) const {
    return class_names().empty() ? std::to_string(k) : class_names().at(static_cast<std::size_t>(k));
  }

  /// Brings the classes into the order of these names, and gives every label its new number; of target rows, the columns.
  /// Classes that the set has no sample of may be among them. Throws OptionError where the set's classes have no names, one
  /// of them is missing, or a name stands twice.
  ///
  ///   test.reorder_classes(train.class_names());
  void reorder_classes(std::vector<std::string> names) {
    detail::reorder_classes(answers_, options_, target_normalisation_, std::move(names));
  }

  /// Whether samples have class numbers; otherwise they have target rows.
  bool has_labels() const { return answers_.has_labels(); }

  /// The class number of each sample, (N); empty when there are target rows.
  const std::vector<std::int32_t>& labels() const { return answers_.labels; }

  /// The target row of each sample, (N, K); (0, 0) when there are class numbers.
  const Tensor<float, 2>& targets() const { return answers_.targets; }

  /// How many samples each class has; of target rows, nothing.
  std::vector<Index> class_counts() const {
    std::vector<Index> counts(static_cast<std::size_t>(has_labels() ? classes() : 0));
    for (const std::int32_t label : labels()) ++counts[static_cast<std::size_t>(label)];
    return counts;
  }

  /// The values as they came, sample after sample: the bytes, or nothing when they are float.
  std::span<const std::uint8_t> bytes() const { return {bytes_.data(), static_cast<std::size_t>(bytes_.size())}; }

  /// The values as they came, sample after sample: the float, or nothing when they are bytes.
  std::span<const float> floats() const { return {floats_.data(), static_cast<std::size_t>(floats_.size())}; }

  /// Sets how values are normalised from now on; {} takes it back. Throws OptionError unless there is one mean and one
  /// deviation for all or for each channel, finite, the deviations above 0.
  void normalise(const Normalisation& normalisation) {
    affine_ = detail::affine(normalisation, sample_[Rank - 1], unit());
    normalising_ = detail::affine(normalisation, sample_[Rank - 1], 1);
    normalisation_ = normalisation;
  }

  /// How values are normalised: {} unless told otherwise.
  const Normalisation& normalisation() const { return normalisation_; }

  /// Sets how targets are normalised from now on, each of the K or all alike: networks learn (y − mean) / deviation.
  /// `targets` stay as they came; RMSE and MAE are told in their units. {} takes it back. Throws OptionError unless means
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

  /// Returns how targets are normalised: {} unless told otherwise.
  const Normalisation& target_normalisation() const { return target_normalisation_; }

  /// Sample i as the network sees it: bytes as 0 … 1, normalised if asked. Throws OptionError when there is no sample
  /// i.
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
    const Index n = sample_.size();
    if (holds_bytes_)
      detail::convert(bytes_.data() + i * n, x, n, affine_);
    else
      detail::convert(floats_.data() + i * n, x, n, affine_);
  }

  /// Writes the target row of sample i, normalised if asked, to y, which has room for K numbers; i is not checked.
  template <std::floating_point T>
  void read_targets(Index i, T* y) const {
    const Index K = targets().dimension(1);
    detail::normalise_row(targets().data() + i * K, K, target_normalisation_, y);
  }

  /// Asks for the beginning of sample i, up to a page, to be brought nearer, as it will be read soon: of more, the machine
  /// foresees the rest. i is not checked.
  void prefetch(Index i) const {
    const Index bytes = sample_.size() * static_cast<Index>(holds_bytes_ ? sizeof(std::uint8_t) : sizeof(float));
    const void* const numbers = holds_bytes_ ? static_cast<const void*>(bytes_.data()) : floats_.data();
    const char* const begin = static_cast<const char*>(numbers) + i * bytes;
    for (Index at = 0; at < (std::min<Index>)(bytes, 4096); at += static_cast<Index>(alignment))
      __builtin_prefetch(begin + at);
  }

  /// As read, but in the data's own scale, bytes as 0 … 1: what augmentation works on.
  template <std::floating_point T>
  void read_plain(Index i, T* x) const {
    const Index n = sample_.size();
    if (holds_bytes_)
      detail::convert(bytes_.data() + i * n, x, n, static_cast<T>(unit()), T(0));
    else
      detail::convert(floats_.data() + i * n, x, n, T(1), T(0));
  }

  /// Normalises a sample that was read plain, where it is.
  template <std::floating_point T>
  void normalise_plain(T* x) const {
    detail::convert(x, x, sample_.size(), normalising_);
  }

  /// These samples, in this order, some twice if so asked; classes, names and normalisation stay. Throws OptionError
  /// when one does not exist.
  Dataset subset(std::span<const Index> samples) const {
    for (const Index i : samples) check_sample("subset", i);
    Dataset part(options_, sample_, holds_bytes_);
    part.normalise(normalisation_);
    part.size_ = static_cast<Index>(samples.size());
    if (holds_bytes_)
      part.bytes_ = detail::rows(bytes_, samples);
    else
      part.floats_ = detail::rows(floats_, samples);
    if (has_labels())
      for (const Index i : samples) part.answers_.labels.push_back(labels()[static_cast<std::size_t>(i)]);
    else
      part.answers_.targets = detail::rows(targets(), samples);
    part.normalise_targets(target_normalisation_);
    return part;
  }

  /// Throws OptionError, in the name of who, unless there is a sample i.
  void check_sample(std::string_view who, Index i) const {
    if (i < 0 || i >= size_)
      throw OptionError(message(who, ": sample ", i, " is not one of the data set's ", size_, ", which count from 0"));
  }

 private:
  /// No samples, but everything else of another data set.
  Dataset(const DatasetOptions& options, const Shape<Rank>& sample, bool holds_bytes)
      : options_(options), holds_bytes_(holds_bytes), sample_(sample) {}

  template <typename V>
  static Tensor<V, Rank + 1> copy(std::span<const V> values, const Shape<Rank>& sample) {
    const Index n = sample.size(), size = static_cast<Index>(values.size());
    if (n < 1) throw ShapeError(message("Dataset: expects samples of extents of at least 1 but got ", sample));
    if (size % n != 0)
      throw ShapeError(message("Dataset: expects samples of ", sample, ", ", n, " values each, but got ", size,
                               " values, which is no multiple of that"));
    Tensor<V, Rank + 1> copied;
    reshape(copied, batch_shape(size / n, sample));
    std::copy(values.begin(), values.end(), copied.data());
    return copied;
  }

  void check() {
    if (std::ranges::any_of(sample_.extents, [](Index extent) { return extent < 1; }))
      throw ShapeError(message("Dataset: expects samples of extents of at least 1 but got ", sample_));
    detail::settle_classes(answers_, size_, options_);
  }

  /// What a stored 1 stands for: the largest byte, 255, is 1.
  double unit() const { return holds_bytes_ ? 1.0 / 255.0 : 1.0; }

  template <typename V>
  Tensor<V, Rank + 1>& stored() {
    if constexpr (std::same_as<V, std::uint8_t>)
      return bytes_;
    else
      return floats_;
  }

  Tensor<std::uint8_t, Rank + 1> bytes_;  // (N, sample…), or none: the values are here …
  Tensor<float, Rank + 1> floats_;        // … or here
  Answers answers_;
  DatasetOptions options_;
  bool holds_bytes_;
  Index size_ = 0;
  Shape<Rank> sample_{};
  Normalisation normalisation_, target_normalisation_;
  detail::Affine affine_;       // from what is stored, as `read` gives it,
  detail::Affine normalising_;  // and from the data's own scale
};

template <typename V, int BatchRank, int Options>
Dataset(Eigen::Tensor<V, BatchRank, Options>, Answers, DatasetOptions = {}) -> Dataset<BatchRank - 1>;

}  // namespace lamina
