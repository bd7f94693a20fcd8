#pragma once

#include "../shown_settings.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns text such as "SGD, learning_rate 0.05, momentum 0.9", without options that are 0.
[[gnu::cold]] LAMINA_FUNC std::string shown_thing(const DescribedThing& thing) {
  std::string text = thing.name;
  for (const auto& [name, value] : thing.options)
    if (!value.empty() && value != "0") text.append(", ").append(name).append(" ").append(value);
  return text;
}

/// Returns text that describes the learning rate over the run.
[[gnu::cold]] LAMINA_FUNC std::string shown_rates(const std::vector<StepRate>& rates) {
  if (rates.empty()) return "none";
  const double first = rates.front().rate, last = rates.back().rate;
  double most = first;
  bool constant = true;
  for (const StepRate& step : rates) {
    most = (std::max)(most, step.rate);
    constant = constant && step.rate == first;
  }
  if (constant) return shortest(first);
  return str_cat("from ", format_value(first), most > first && most > last ? " over " + format_value(most) : "", " to ",
                 format_value(last));
}

[[gnu::cold]] LAMINA_FUNC std::vector<RunSetting> shown_settings(const FitWork& work, const History& history) {
  const FitPlan& plan = work.plan();
  const RunDescription run = work.describe();
  std::vector<RunSetting> settings;
  const auto add = [&](const char* name, std::string value) { settings.push_back({name, std::move(value)}); };
  const Index shards = plan.shards_of(plan.whole_step());
  add("loss", shown_thing(run.loss));
  add("optimizer", shown_thing(run.optimizer));
  add("learning rate", shown_rates(history.learning_rates));
  add("epochs", format_count(plan.epochs));
  add("batch size", str_cat(format_count(plan.batch_size), plan.accumulate > 1 ? str_cat(", ", plan.accumulate, " to a step") : "",
                            ", in ", shards, shards == 1 ? " shard" : " shards"));
  add("seed of the order of samples", str_cat(plan.seed));
  add("augmentation", plan.augment.empty() ? "none" : "yes");
  if (!plan.mix.empty()) add("samples mixed", plan.mix.text());
  if (plan.clip.norm) add("gradient clipped to the norm", shortest(*plan.clip.norm));
  if (plan.clip.value) add("gradient's numbers clipped to", shortest(*plan.clip.value));
  if (plan.average) add("average of the parameters", "decay " + shortest(plan.average->decay));
  for (const ParameterGroup& group : plan.groups) add("parameters apart", group_text(group));
  if (const auto& stop = plan.early_stopping)
    add("early stopping", str_cat("patience ", stop->patience, stop->restore_best ? ", with the best epoch's weights" : ""));
  if (const auto& plateau = plan.on_plateau)
    add("on a plateau", str_cat("rate times ", shortest(plateau->factor), " after ", plateau->patience, " epochs"));
  if (plan.reduce) add("gradient reduced", "by a function");
  if (plan.group()) add("processes", str_cat(plan.group()->size()));
  if (plan.precision == Precision::bf16) add("products", "of bfloat16 numbers");
  if (!plan.winograd) add("Winograd's algorithm", "not used");
  add("threads", str_cat(plan.threads));
  return settings;
}

}  // namespace lamina::detail
