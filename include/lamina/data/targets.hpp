#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

template <int Options>
  requires((Options & Eigen::RowMajor) != 0)
void take_rows(const Eigen::Tensor<float, 2, Options>&);

/// Tells whether Targets can be made of a V.
template <typename V>
inline constexpr bool can_be_targets =
    std::is_convertible_v<V, std::vector<std::int32_t>> || std::is_convertible_v<V, std::span<const std::int32_t>> ||
    std::is_convertible_v<V, std::span<const float>> || requires(const V& rows) { detail::take_rows(rows); };

}  // namespace detail

/// The targets of N samples: a class number for each, or a row of K numbers for each. The other is empty. A vector or
/// span of class numbers converts to it. So does a vector or span of float, one target per sample, which become rows of
/// one, and a row-major Eigen tensor (N, K) of float.
struct Targets {
  std::vector<std::int32_t> labels{};  // N
  Tensor<float, 2> targets{};          // (N, K)

  Targets() = default;
  Targets(std::vector<std::int32_t> class_numbers) : labels(std::move(class_numbers)) {}
  Targets(std::span<const std::int32_t> class_numbers) : labels(class_numbers.begin(), class_numbers.end()) {}
  Targets(std::initializer_list<std::int32_t> class_numbers) : labels(class_numbers) {}
  Targets(std::span<const float> numbers);
  Targets(const std::vector<float>& numbers) : Targets(std::span<const float>(numbers)) {}
  template <int Options>
  requires((Options & Eigen::RowMajor) != 0) Targets(Eigen::Tensor<float, 2, Options> rows)
      : targets(std::move(rows)) {}
  template <typename Other>
    requires(!std::is_base_of_v<Targets, Other> && !detail::can_be_targets<Other>)
  Targets(const Other&) {
    static_assert(detail::can_be_targets<Other>,
                  "these are no targets: a data set takes class numbers, std::vector<std::int32_t>, or numbers, "
                  "std::vector<float> or a row-major Tensor<float, 2> (N, K); names of classes go to .class_names");
  }

  /// Returns whether these are class numbers; true if there are no samples at all.
  bool has_labels() const { return targets.dimension(1) == 0; }

  /// Returns N.
  Index size() const { return has_labels() ? static_cast<Index>(labels.size()) : targets.dimension(0); }
};

using Answers [[deprecated("Answers is called Targets now")]] = Targets;

/// The number of classes and their names.
struct DatasetOptions {
  Index classes = 0;                       ///< 0: the number of names, otherwise the largest label + 1
  std::vector<std::string> class_names{};  ///< none, or one per class
};

namespace detail {

/// Throws unless there is a target for each of so many samples, and classes and names fit them, see Dataset. Counts the
/// classes if the options do not give them.
void settle_classes(const lamina::Targets& targets, Index samples, DatasetOptions& options);

/// Brings classes, or the columns of target rows and their normalisation, into the order of these names. Throws
/// OptionError, see Dataset::reorder_classes, and then changes nothing.
void reorder_classes(lamina::Targets& targets, DatasetOptions& options, Normalisation& normalisation,
                     std::vector<std::string> names);

/// Returns the rows of a tensor (N, …) with these numbers, in this order.
template <typename T, int Rank>
Tensor<T, Rank> rows(const Tensor<T, Rank>& x, std::span<const Index> numbers) {
  Shape<Rank> extents = shape(x);
  extents[0] = static_cast<Index>(numbers.size());
  Tensor<T, Rank> chosen(extents.extents);
  const Index width = lamina::sample_shape(extents).size();
  T* out = chosen.data();
  for (const Index i : numbers) {
    const T* row = x.data() + i * width;
    for (Index j = 0; j < width; ++j) *out++ = row[j];
  }
  return chosen;
}

/// Throws DataError unless every label is one of the classes 0 … classes − 1.
void check_labels(std::string_view who, std::span<const std::int32_t> labels, Index classes);

/// Throws DataError unless every target is finite.
void check_targets(std::string_view who, const Tensor<float, 2>& targets);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/targets.ipp"
#endif
