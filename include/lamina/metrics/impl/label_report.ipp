#pragma once

#include "../label_report.hpp"

#include <algorithm>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The counts for a label, for a sample, or for all.
struct Decisions {
  Index right = 0, got = 0, has = 0;

  void add(bool decided, bool is) {
    right += decided && is;
    got += decided;
    has += is;
  }
  void add(const Decisions& other) {
    right += other.right;
    got += other.got;
    has += other.has;
  }

  static double ratio(Index part, Index whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }
  ClassScores scores(std::string name) const {
    return {std::move(name), ratio(right, got), ratio(right, has), ratio(2 * right, got + has), has};
  }
};

/// Adds weighted scores to a mean.
LAMINA_FUNC void add_share(ClassScores& mean, const ClassScores& one, double share) {
  mean.precision += share * one.precision;
  mean.recall += share * one.recall;
  mean.f1 += share * one.f1;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC LabelReport::LabelReport(const detail::TrueClasses& truth, const ScoreTable& probabilities,
                                     const LabelReportOptions& options)
    : digits(options.digits) {
  const auto refuse = [](const auto&... what) { throw OptionError(str_cat("LabelReport: expects ", what...)); };
  truth.check("LabelReport", probabilities);
  probabilities.check_probabilities("LabelReport");
  if (!(options.threshold >= 0 && options.threshold <= 1)) refuse("a threshold in 0 … 1 but got ", options.threshold);
  if (digits < 0 || digits > 15) refuse("digits in 0 … 15 but got ", digits);
  count = probabilities.samples();
  const Index K = probabilities.classes();
  if (!options.names.empty() && std::ssize(options.names) != K)
    refuse("a name for each of the ", K, " labels, or none, but got ", options.names.size());

  std::vector<detail::Decisions> of_label(static_cast<std::size_t>(K));
  detail::Decisions all;
  samples.name = "samples avg";
  for (Index n = 0; n < count; ++n) {
    detail::Decisions own;
    Index agreeing = 0;
    for (Index k = 0; k < K; ++k) {
      const bool decided = probabilities(n, k) > options.threshold, is = truth.of(n, k);
      of_label[static_cast<std::size_t>(k)].add(decided, is);
      own.add(decided, is);
      agreeing += decided == is;
    }
    detail::add_share(samples, own.scores({}), 1 / static_cast<double>(count));
    accuracy += static_cast<double>(agreeing);
    exact_match += agreeing == K;
  }
  accuracy /= static_cast<double>(count) * static_cast<double>(K);
  exact_match /= static_cast<double>(count);

  for (const detail::Decisions& own : of_label) all.add(own);
  micro = all.scores("micro avg");
  macro.name = "macro avg";
  weighted.name = "weighted avg";
  macro.support = weighted.support = samples.support = all.has;
  for (std::size_t k = 0; k < of_label.size(); ++k) {
    labels.push_back(of_label[k].scores(options.names.empty() ? std::to_string(k) : options.names[k]));
    detail::add_share(macro, labels[k], 1 / static_cast<double>(K));
    detail::add_share(weighted, labels[k], detail::Decisions::ratio(of_label[k].has, all.has));
  }
}

LAMINA_FUNC std::string LabelReport::text() const {
  const auto listed = detail::listed_classes(labels);
  const Index width = detail::name_width(labels, listed);
  std::string text = align_right("", width) + "  precision    recall  f1-score   support\n\n";
  const auto add = [&](const ClassScores& row) {
    text += align_right(printable(row.name), width) + "  ";
    for (const double score : {row.precision, row.recall, row.f1}) text += align_right(format_fixed(score, digits), 9) + ' ';
    text += align_right(std::to_string(row.support), 9) + '\n';
  };
  for (const std::size_t k : listed) add(labels[k]);
  text += '\n';
  for (const ClassScores* row : {&micro, &macro, &weighted, &samples}) add(*row);
  text += detail::note_of_unlisted(std::ssize(labels), "labels", "LabelReport::labels");
  return text + str_cat("\nright decisions ", format_fixed(accuracy, digits), ", samples with all labels right ",
                        format_fixed(exact_match, digits), '\n');
}

}  // namespace lamina
