#pragma once

#include "../classification_report.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void note(std::ostream& out, const char* text, const std::vector<std::string>& names) {
  constexpr std::size_t most = 10;
  if (names.empty()) return;
  out << "note: " << text;
  for (std::size_t i = 0; i < (std::min)(names.size(), most); ++i) out << (i ? ", " : "") << printable(names[i]);
  if (names.size() > most) out << " and " << names.size() - most << " more";
  out << '\n';
}

LAMINA_FUNC std::vector<std::size_t> listed_classes(const std::vector<ClassScores>& classes, Index most) {
  std::vector<std::size_t> listed(classes.size());
  std::iota(listed.begin(), listed.end(), std::size_t{0});
  if (std::ssize(listed) <= most) return listed;
  const auto rank = [&](std::size_t k) { return std::tuple(classes[k].support == 0, classes[k].f1, k); };
  for (auto it = listed.begin(); it != listed.begin() + most; ++it)
    std::iter_swap(it, std::min_element(it, listed.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); }));
  listed.resize(static_cast<std::size_t>(most));
  return listed;
}

LAMINA_FUNC std::string note_of_unlisted(Index all, const char* what, const char* where) {
  if (all <= most_listed) return {};
  return str_cat("note: the ", most_listed, " of ", format_count(all), " ", what, " with the least F1 are listed; ", where,
                 " has all\n");
}

LAMINA_FUNC Index name_width(const std::vector<ClassScores>& classes, const std::vector<std::size_t>& listed) {
  Index width = display_width("weighted avg");
  for (const std::size_t k : listed) width = (std::max)(width, display_width(printable(classes[k].name)));
  return width;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ClassificationReport::ClassificationReport(const ConfusionMatrix& confusion, ReportOptions options)
    : digits(options.digits) {
  if (digits < 0 || digits > 15)
    throw OptionError(str_cat("ClassificationReport: expects digits in 0 … 15 but got ", digits));
  const Index samples = detail::check_counted("ClassificationReport", confusion);
  accuracy = ratio(confusion.correct(), samples);
  macro = {.name = "macro avg", .support = samples};
  weighted = {.name = "weighted avg", .support = samples};
  for (Index c = 0; c < confusion.classes(); ++c) {
    classes.push_back(scores(confusion, c));
    add(macro, classes.back(), 1.0);
    add(weighted, classes.back(), static_cast<double>(classes.back().support));
    if (confusion.predicted(c) == 0) never_predicted.push_back(classes.back().name);
    if (confusion.labelled(c) == 0) without_samples.push_back(classes.back().name);
  }
  divide(macro, confusion.classes());
  divide(weighted, samples);
}

LAMINA_FUNC ClassScores ClassificationReport::scores(const ConfusionMatrix& confusion, Index c) {
  const Index correct = confusion(c, c), predicted = confusion.predicted(c), labelled = confusion.labelled(c);
  return {.name = confusion.class_names()[static_cast<std::size_t>(c)],
          .precision = ratio(correct, predicted),
          .recall = ratio(correct, labelled),
          .f1 = ratio(2 * correct, predicted + labelled),
          .support = labelled};
}

LAMINA_FUNC void ClassificationReport::add(ClassScores& sum, const ClassScores& row, double weight) {
  sum.precision += weight * row.precision;
  sum.recall += weight * row.recall;
  sum.f1 += weight * row.f1;
}

LAMINA_FUNC void ClassificationReport::print(std::ostream& out, const ClassScores& row, Index width) const {
  out << align_right(printable(row.name), width) << "  " << cell(row.precision) << ' ' << cell(row.recall) << ' ' << cell(row.f1)
      << ' ' << align_right(std::to_string(row.support), 9) << '\n';
}

}  // namespace lamina
