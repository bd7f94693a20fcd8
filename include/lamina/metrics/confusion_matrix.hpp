#pragma once

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "../core/tensor.hpp"
#include "../core/text.hpp"
#include "accuracy.hpp"

namespace LAMINA_NAMESPACE {

/// How often samples of each class were taken for each class: (K, K) counts, rows are the true classes, columns the
/// predicted ones.
///
///   ConfusionMatrix confusion{10};
///   confusion.add(labels, classes_of(scores));
///   std::cout << confusion;
class ConfusionMatrix {
 public:
  /// Named 0 … K − 1. Throws OptionError for fewer than one class.
  explicit ConfusionMatrix(Index classes) : ConfusionMatrix(numbered(classes)) {}

  /// Throws OptionError when there is no name.
  explicit ConfusionMatrix(std::vector<std::string> class_names);

  Index classes() const { return static_cast<Index>(class_names_.size()); }
  const std::vector<std::string>& class_names() const { return class_names_; }

  /// Counts one sample. Throws DataError for a number outside 0 … K − 1.
  void add(std::int32_t label, std::int32_t predicted);

  /// Counts samples one by one, up to the first that is refused. Throws as above, and ShapeError unless there are as
  /// many predictions as labels.
  void add(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted) {
    if (!labels.empty() || !predicted.empty()) detail::check_pairs("ConfusionMatrix", labels.size(), predicted.size());
    for (std::size_t n = 0; n < labels.size(); ++n) add(labels[n], predicted[n]);
  }

  /// Adds what another one, of the same classes, has counted. Throws ShapeError for another number of classes.
  void merge(const ConfusionMatrix& other);

  /// How many samples of class `label` were taken for class `predicted`.
  Index operator()(Index label, Index predicted) const { return counts_(label, predicted); }

  /// All counts (K, K).
  const Tensor<Index, 2>& counts() const { return counts_; }

  /// How many samples there are: in all, taken for their own class, of one class, taken for one class.
  Index samples() const { return sum(0, counts_.size(), 1); }
  Index correct() const { return sum(0, counts_.size(), classes() + 1); }
  Index labelled(Index c) const { return sum(c * classes(), (c + 1) * classes(), 1); }
  Index predicted(Index c) const { return sum(c, counts_.size(), classes()); }

  /// A table under a heading; every column as wide as its name or its widest count.
  friend std::ostream& operator<<(std::ostream& out, const ConfusionMatrix& confusion) {
    const std::vector<std::string>& names = confusion.class_names_;
    Index first = 0;
    for (const std::string& name : names) first = std::max(first, display_width(name));
    std::vector<Index> widths(names.size());
    for (std::size_t j = 0; j < names.size(); ++j) {
      Index widest = 0;
      for (Index i = 0; i < confusion.classes(); ++i) widest = std::max(widest, confusion(i, static_cast<Index>(j)));
      widths[j] = 2 + std::max(display_width(names[j]), display_width(std::to_string(widest)));
    }
    out << "confusion matrix (rows: true class, columns: predicted class)\n" << align_right("", first);
    for (std::size_t j = 0; j < names.size(); ++j) out << align_right(names[j], widths[j]);
    out << '\n';
    for (std::size_t i = 0; i < names.size(); ++i) {
      out << align_right(names[i], first);
      for (std::size_t j = 0; j < names.size(); ++j)
        out << align_right(std::to_string(confusion(static_cast<Index>(i), static_cast<Index>(j))), widths[j]);
      out << '\n';
    }
    return out;
  }

 private:
  /// Of every stride-th count from `first` on, those before `end`.
  Index sum(Index first, Index end, Index stride) const;

  static void check_classes(Index classes);
  static std::vector<std::string> numbered(Index classes);

  std::vector<std::string> class_names_;
  Tensor<Index, 2> counts_;
};

namespace detail {

/// How many samples were counted. Throws DataError, in the name of who, when there is none.
Index check_counted(const char* who, const ConfusionMatrix& confusion);

}  // namespace detail

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/confusion_matrix.ipp"
#endif
