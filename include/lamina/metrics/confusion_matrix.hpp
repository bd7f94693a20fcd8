#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "../core/tensor.hpp"
#include "../core/text.hpp"
#include "accuracy.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The number of classes that a printed table lists; if there are more, it lists the worst.
inline constexpr Index most_listed = 50;

}  // namespace detail

/// A matrix that counts how often samples of each class were predicted as each class: (K, K), rows are the true classes,
/// columns the predicted ones.
///
///   ConfusionMatrix confusion{10};
///   confusion.add(labels, classes_of(scores));
///   std::cout << confusion;
class ConfusionMatrix {
 public:
  /// Makes an empty matrix of classes named 0 … K − 1. Throws OptionError for fewer than one class.
  explicit ConfusionMatrix(Index classes) : ConfusionMatrix(numbered(classes)) {}

  /// Makes an empty matrix of classes with these names. Throws OptionError if there is no name.
  explicit ConfusionMatrix(std::vector<std::string> class_names);

  Index classes() const { return static_cast<Index>(class_names_.size()); }
  const std::vector<std::string>& class_names() const { return class_names_; }

  /// Counts one sample. Throws DataError for a number outside 0 … K − 1.
  void add(std::int32_t label, std::int32_t predicted);

  /// Counts samples one by one, up to the first invalid one. Throws as above, and ShapeError unless there are as many
  /// predictions as labels.
  void add(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted) {
    if (!labels.empty() || !predicted.empty()) detail::check_pairs("ConfusionMatrix", labels.size(), predicted.size());
    for (std::size_t n = 0; n < labels.size(); ++n) add(labels[n], predicted[n]);
  }

  /// Adds the counts of another matrix with the same classes. Throws ShapeError for another number of classes.
  void merge(const ConfusionMatrix& other);

  /// Returns how many samples of class `label` were predicted as class `predicted`.
  Index operator()(Index label, Index predicted) const;

  /// Returns all counts (K, K). It makes a new tensor at every call: 800 MB for 10,000 classes.
  Tensor<Index, 2> counts() const;

  /// Calls f(label, predicted, count) for every count above 0, row after row.
  template <typename F>
  void each_count(F f) const {
    for (Index i = 0; i < dense_.size(); ++i)
      if (const Index count = dense_.data()[i]; count > 0) f(i / classes(), i % classes(), count);
    for (const auto& [i, count] : sparse_) f(i / classes(), i % classes(), count);
  }

  /// Returns the number of samples: in all, predicted as their own class, of one class, predicted as one class.
  Index samples() const { return samples_; }
  Index correct() const { return correct_; }
  Index labelled(Index c) const { return labelled_[static_cast<std::size_t>(c)]; }
  Index predicted(Index c) const { return predicted_[static_cast<std::size_t>(c)]; }

  /// Prints a table with headings; every column is as wide as its name or its widest count. If there are more than 50
  /// classes, it prints the 20 most frequent confusions instead.
  friend std::ostream& operator<<(std::ostream& out, const ConfusionMatrix& confusion) { return out << confusion.text(); }

 private:
  static constexpr Index most_dense = 1024;  // up to so many classes, every pair has a count; above, only pairs that occurred

  /// Adds samples of one pair of valid classes.
  void count(Index label, Index predicted, Index samples);

  std::string text() const;
  std::string confusions() const;

  static void check_classes(Index classes);
  static std::vector<std::string> numbered(Index classes);

  std::vector<std::string> class_names_;
  Tensor<Index, 2> dense_;         // (K, K), or empty: the counts are here …
  std::map<Index, Index> sparse_;  // … or here, by label · K + predicted
  std::vector<Index> labelled_, predicted_;
  Index samples_ = 0, correct_ = 0;
};

namespace detail {

/// Returns the number of counted samples. Throws DataError, in the name of `who`, if there are none.
Index check_counted(const char* who, const ConfusionMatrix& confusion);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/confusion_matrix.ipp"
#endif
