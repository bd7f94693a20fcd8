#pragma once

#include "../checks.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Throws DataError for a data set with more classes than the network distinguishes.
[[noreturn, gnu::cold]] LAMINA_FUNC void refuse_classes(const std::string& subject, const ExpectedData& model,
                                                        const GivenData& data) {
  const bool one = model.classes > model.outputs;
  const auto least = std::min_element(data.labels.begin(), data.labels.end());
  const bool from_one = data.classes == model.classes + 1 && least != data.labels.end() && *least == 1;
  throw DataError(
      str_cat(subject, " has labels of ", data.classes, " classes but the network has ", model.outputs,
              one ? " output, which tells two apart; " : model.outputs == 1 ? " output; " : " outputs; ",
              from_one ? "the labels begin at 1, and classes at 0: subtract 1 from each"
              : one    ? "give the last layer as many units as there are classes, and train it with SoftmaxCrossEntropy"
              : model.outputs == 1 && data.classes == 2
                       ? "train it with SigmoidCrossEntropy, for which one output is enough, or give the last layer two units"
                       : "give the last layer as many units as there are classes; replace_last_layer does it for a trained network"));
}

[[gnu::cold]] LAMINA_FUNC void check_normalisation(const char* who, const Normalisation& train, const Normalisation& validation) {
  const bool neither = is_identity(train) && is_identity(validation);
  if (neither || (train.mean == validation.mean && train.deviation == validation.deviation)) return;
  throw OptionError(str_cat(who, ": the validation set is ", is_identity(validation) ? "not normalised" : "normalised",
                            is_identity(train)          ? " and the training set is not"
                            : is_identity(validation) ? " and the training set is"
                                                        : " by other numbers than the training set",
                            "; a network sees both alike after validation.normalise(train.normalisation())"));
}

[[gnu::cold]] LAMINA_FUNC void check_data(const char* who, const char* what, const ExpectedData& model, const GivenData& data) {
  if (data.size == 0) throw DataError(str_cat(who, ": expects at least one sample but ", what, " is empty"));
  if (!std::equal(data.sample.begin(), data.sample.end(), model.sample.begin(), model.sample.end()))
    throw ShapeError(str_cat(who, ": expects samples of ", format_shape(model.sample), ", as the model was made for, but ",
                             what, " has ", format_shape(data.sample), shape_remedy(model.sample, data.sample)));
  check_class_names(who, what, data.names, model.names);
  const Index expected = data.has_labels ? model.classes : model.outputs;
  if (data.classes == expected) return;
  if (!data.has_labels)
    throw ShapeError(str_cat(who, ": expects target rows of ", expected, " numbers, one per output, but ", what,
                             " has rows of ", data.classes));
  if (data.classes > expected) refuse_classes(str_cat(who, ": ", what), model, data);
  throw DataError(str_cat(who, ": expects a set of ", expected, " classes, one per output, but ", what, " has ", data.classes,
                          "; give the data set .classes = ", expected, " if some have no sample, or the network another last layer"));
}

LAMINA_FUNC void check_answers(const char* who, Index size, Index outputs, std::span<const std::int32_t> labels,
                               const Shape<2>& targets) {
  if (labels.empty() && targets != Shape{size, outputs})
    throw ShapeError(str_cat(who, ": expects a label for each of the ", size, " samples or target rows ",
                             Shape{size, outputs}, " but got rows ", targets, " and no labels"));
  if (labels.empty()) return;
  if (std::ssize(labels) != size)
    throw ShapeError(str_cat(who, ": expects a label for each of the ", size, " samples but got ", labels.size()));
  check_labels(who, labels, outputs);
}

LAMINA_FUNC void check_target_units(const DescribedData& train, const DescribedData& validation) {
  const auto same = [&](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t k = 0; k < (std::max)(a.size(), b.size()); ++k)
      if (a[a.size() > 1 ? k : 0] != b[b.size() > 1 ? k : 0]) return false;
    return true;
  };
  const Normalisation &here = *train.target_normalisation, &there = *validation.target_normalisation;
  if (same(here.mean, there.mean) && same(here.deviation, there.deviation)) return;
  throw DataError(
      "fit: the targets of the validation set are not normalised like those of the training set; call "
      "validation.normalise_targets(train.target_normalisation())");
}

LAMINA_FUNC void check_at_least_one(const char* who, const char* what, Index value) {
  if (value < 1) throw OptionError(str_cat(who, ": expects ", what, " of at least 1 but got ", value));
}

LAMINA_FUNC void check_not_kept(const char* who, bool is_kept) {
  if (is_kept)
    throw OptionError(
        str_cat(who, ": trains several models, which cannot all be kept in one folder; leave .checkpoint out"));
}

LAMINA_FUNC void check_rate(const char* expectation, double rate) {
  if (!std::isfinite(rate) || rate < 0)
    throw OptionError(str_cat(expectation, " of at least 0, which the learning rate is multiplied by, but got ", rate));
}

}  // namespace lamina::detail
