#pragma once

#include "../confusion_matrix.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ConfusionMatrix::ConfusionMatrix(std::vector<std::string> class_names)
    : class_names_(std::move(class_names)), labelled_(class_names_.size()), predicted_(class_names_.size()) {
  check_classes(classes());
  if (classes() > most_dense) return;
  reshape(dense_, Shape{classes(), classes()});
  dense_.setZero();
}

LAMINA_FUNC void ConfusionMatrix::add(std::int32_t label, std::int32_t predicted) {
  detail::check_class("ConfusionMatrix", "a label", label, classes());
  detail::check_class("ConfusionMatrix", "a predicted class", predicted, classes());
  count(label, predicted, 1);
}

LAMINA_FUNC void ConfusionMatrix::count(Index label, Index predicted, Index samples) {
  (dense_.size() > 0 ? dense_(label, predicted) : sparse_[label * classes() + predicted]) += samples;
  labelled_[static_cast<std::size_t>(label)] += samples;
  predicted_[static_cast<std::size_t>(predicted)] += samples;
  samples_ += samples;
  if (label == predicted) correct_ += samples;
}

LAMINA_FUNC void ConfusionMatrix::merge(const ConfusionMatrix& other) {
  if (other.classes() != classes())
    throw ShapeError(str_cat("ConfusionMatrix: expects to merge ", classes(), " classes but got ", other.classes()));
  if (this == &other) return merge(ConfusionMatrix(other));
  other.each_count([&](Index label, Index predicted, Index samples) { count(label, predicted, samples); });
}

LAMINA_FUNC Index ConfusionMatrix::operator()(Index label, Index predicted) const {
  if (dense_.size() > 0) return dense_(label, predicted);
  const auto found = sparse_.find(label * classes() + predicted);
  return found == sparse_.end() ? 0 : found->second;
}

LAMINA_FUNC Tensor<Index, 2> ConfusionMatrix::counts() const {
  if (dense_.size() > 0) return dense_;
  Tensor<Index, 2> all(classes(), classes());
  all.setZero();
  each_count([&](Index label, Index predicted, Index samples) { all(label, predicted) = samples; });
  return all;
}

LAMINA_FUNC std::string ConfusionMatrix::text() const {
  if (classes() > detail::most_listed) return confusions();
  std::vector<std::string> names, cells;
  std::vector<Index> widths;
  Index first = 0;
  for (const std::string& name : class_names_) {
    names.push_back(printable(name));
    widths.push_back(display_width(names.back()));
    first = (std::max)(first, widths.back());
  }
  for (Index i = 0; i < classes() * classes(); ++i) {
    cells.push_back(std::to_string(dense_.data()[i]));
    Index& width = widths[static_cast<std::size_t>(i % classes())];
    width = (std::max)(width, display_width(cells.back()));
  }
  std::string text = "confusion matrix (rows: true class, columns: predicted class)\n" + align_right("", first);
  for (std::size_t j = 0; j < names.size(); ++j) text += align_right(names[j], 2 + widths[j]);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t row = i / names.size(), column = i % names.size();
    if (column == 0) text += '\n' + align_right(names[row], first);
    text += align_right(cells[i], 2 + widths[column]);
  }
  return text + '\n';
}

[[gnu::cold]] LAMINA_FUNC std::string ConfusionMatrix::confusions() const {
  struct Confusion {
    Index label, predicted, samples;
  };
  std::vector<Confusion> all;
  each_count([&](Index label, Index predicted, Index samples) {
    if (label != predicted) all.push_back({label, predicted, samples});
  });
  const auto end = all.begin() + (std::min<Index>)(std::ssize(all), 20);
  const auto before = [](const Confusion& a, const Confusion& b) {
    return std::tuple(-a.samples, a.label, a.predicted) < std::tuple(-b.samples, b.label, b.predicted);
  };
  for (auto it = all.begin(); it != end; ++it) std::iter_swap(it, std::min_element(it, all.end(), before));
  std::string text = str_cat("confusion matrix of ", format_count(classes()), " classes: ",
                             all.empty() ? std::string("no sample was taken for another class\n")
                                         : str_cat("the ", end - all.begin(), " most frequent of ",
                                                   format_count(std::ssize(all)), " confusions\n"));
  const auto name = [&](Index k) { return printable(class_names_[static_cast<std::size_t>(k)]); };
  Index widths[] = {display_width("true class"), display_width("predicted class")};
  for (auto it = all.begin(); it != end; ++it) {
    widths[0] = (std::max)(widths[0], display_width(name(it->label)));
    widths[1] = (std::max)(widths[1], display_width(name(it->predicted)));
  }
  const auto row = [&](const std::string& label, const std::string& predicted, const std::string& samples) {
    text += align_right(label, widths[0]) + "  " + align_right(predicted, widths[1]) + align_right(samples, 9) + '\n';
  };
  if (all.empty()) return text;
  row("true class", "predicted class", "samples");
  for (auto it = all.begin(); it != end; ++it) row(name(it->label), name(it->predicted), std::to_string(it->samples));
  return text + "note: ConfusionMatrix::each_count and counts have all\n";
}

LAMINA_FUNC void ConfusionMatrix::check_classes(Index classes) {
  if (classes < 1) throw OptionError(str_cat("ConfusionMatrix: expects at least one class but got ", classes));
}

LAMINA_FUNC std::vector<std::string> ConfusionMatrix::numbered(Index classes) {
  check_classes(classes);
  std::vector<std::string> names;
  for (Index c = 0; c < classes; ++c) names.push_back(std::to_string(c));
  return names;
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Index check_counted(const char* who, const ConfusionMatrix& confusion) {
  const Index samples = confusion.samples();
  if (samples == 0) throw DataError(str_cat(who, ": expects at least one sample but the confusion matrix is empty"));
  return samples;
}

}  // namespace lamina::detail
