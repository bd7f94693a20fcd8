#pragma once

#include "../cross_validate.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string CrossValidation::text() const {
  std::string text;
  const auto row = [&](std::initializer_list<std::string> cells) {
    Index width = 9;
    for (const std::string& cell : cells) {
      text += align_right(cell, width);
      width = width == 9 ? 12 : 10;
    }
    text += '\n';
  };
  const bool numbers = !folds.empty() && folds.front().regression;
  if (numbers)
    row({"fold", "trained on", "held out", "loss", "RMSE", "MAE", "R²"});
  else
    row({"fold", "trained on", "held out", "loss", "accuracy"});
  const auto figures = [&](const std::string& a, const std::string& b, const std::string& c, double loss,
                           double accuracy, const RegressionScores& scores) {
    if (numbers)
      row({a, b, c, format_value(loss), format_value(scores.rmse), format_value(scores.mae), format_value(scores.r2)});
    else
      row({a, b, c, format_value(loss), format_fixed(accuracy, 4)});
  };
  for (std::size_t i = 0; i < folds.size(); ++i)
    figures(std::to_string(i + 1), format_count(folds[i].trained_on), format_count(folds[i].held_out), folds[i].loss,
            folds[i].accuracy, folds[i].regression.value_or(RegressionScores{}));
  const Spread none, rmse = numbers ? this->rmse() : none, mae = numbers ? this->mae() : none,
                     r2 = numbers ? this->r2() : none;
  figures("mean", "", "", loss().mean, accuracy().mean, {rmse.mean, mae.mean, r2.mean});
  figures("deviation", "", "", loss().deviation, accuracy().deviation, {rmse.deviation, mae.deviation, r2.deviation});
  return text;
}

}  // namespace lamina
