#pragma once

#include "../run_settings.hpp"

#include <algorithm>

#include "../fit_plan.hpp"
#include "../run_checksums.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void RunSettings::add(std::string name, std::string value) {
  for (std::string* text : {&name, &value})  // a user's layer may have any name
    std::replace_if(
        text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  list_.push_back({std::move(name), std::move(value)});
}

LAMINA_FUNC std::string setting_differences(const std::vector<RunSetting>& there, const std::vector<RunSetting>& here,
                                            std::string_view there_word, std::string_view here_word) {
  std::vector<std::string> differences;
  const auto find = [](const std::vector<RunSetting>& in, const std::string& name) {
    return std::find_if(in.begin(), in.end(), [&](const auto& setting) { return setting.name == name; });
  };
  for (const auto& [name, value] : here) {
    const auto other = find(there, name);
    if (other == there.end())
      differences.push_back(str_cat(name, " is only ", here_word));
    else if (other->value != value)
      differences.push_back(value.starts_with("#")
                                ? name + " differ"
                                : str_cat(name, " is ", other->value, " ", there_word, " and ", value, " ", here_word));
  }
  for (const auto& [name, value] : there)
    if (find(here, name) == here.end()) differences.push_back(str_cat(name, " is only ", there_word));
  std::string list;
  for (std::size_t i = 0; i < differences.size() && i < 4; ++i) list.append(i > 0 ? ", " : "").append(differences[i]);
  if (differences.size() > 4) list += str_cat(" and ", differences.size() - 4, " more");
  return list;
}

LAMINA_FUNC void check_settings(const Checkpoint& kept, const std::vector<RunSetting>& here) {
  if (kept.settings == here) return;
  throw DataError(str_cat(kept.origin, ": is of another run: ", setting_differences(kept.settings, here, "there", "here"),
                          "; continue with the same settings, give another folder, or replace the run in this one"));
}

LAMINA_FUNC void add_layer(RunSettings& settings, const DescribedThing& layer) {
  std::string line = layer.name + " to " + layer.shape;
  for (const auto& [name, text] : layer.options)
    if (!text.empty()) line.append(", ").append(name).append(" ").append(text);
  settings.add(layer.place.empty() ? "the network" : "layer " + layer.place, std::move(line));
}

LAMINA_FUNC void add_data(RunSettings& settings, const std::string& name, const DescribedData& data) {
  settings.add(name, str_cat(data.size, " samples of ", data.sample, " in ", data.classes, " classes"));
  settings.add("samples of " + name, digest_of(data));
}

LAMINA_FUNC void add_run(RunSettings& settings, const RunDescription& run, const FitWork& work) {
  const FitPlan& plan = work.plan();
  settings.add("samples", str_cat(run.sample, " of ", run.number_size, " bytes a number"));
  settings.add_options("loss", run.loss);
  settings.add_options("optimizer", run.optimizer);
  const Index whole = plan.whole_step(), last = plan.rest();
  settings.add("batch_size", static_cast<double>(whole));
  settings.add("shards", last > 0 ? str_cat(plan.shards_of(whole), " and ", plan.shards_of(last))
                                  : str_cat(plan.shards_of(whole)));
  settings.add("seed", str_cat(plan.seed));
  settings.add("winograd", plan.winograd);
  if (plan.precision == Precision::bf16) settings.add("precision", std::string("bf16"));
  settings.add("clip.norm", plan.clip.norm.value_or(0));
  settings.add("clip.value", plan.clip.value.value_or(0));
  for (std::size_t g = 0; g < plan.groups.size(); ++g) settings.add(str_cat("group ", g), group_text(plan.groups[g]));
  if (plan.average) settings.add("average.decay", plan.average->decay);
  settings.add("factors of the schedule", digest_of(plan.schedule));
  if (!is_constant(plan.schedule)) settings.add("epochs", static_cast<double>(plan.epochs));
  settings.add("images after augmentation", digest_of_images(work, run.image));
  if (!plan.mix.empty()) settings.add("mix", plan.mix.text());
  if (const auto& stop = plan.early_stopping)
    settings.add("early_stopping",
                 str_cat("by figure ", static_cast<int>(stop->monitor), ", patience ", stop->patience, ", min_delta ",
                         shortest(stop->min_delta), ", restore_best ", stop->restore_best));
  if (const auto& plateau = plan.on_plateau)
    settings.add("on_plateau",
                 str_cat("by figure ", static_cast<int>(plateau->monitor), ", factor ", shortest(plateau->factor),
                         ", patience ", plateau->patience, ", threshold ", shortest(plateau->threshold), ", cooldown ",
                         plateau->cooldown, ", least ", shortest(plateau->min_factor)));
  add_data(settings, "the training set", run.train);
  if (const SampleSource* source = run.train.source.source; source && source->shuffled_together() < source->size())
    settings.add("samples shuffled together", static_cast<double>(source->shuffled_together()));
  if (plan.judged) add_data(settings, "the validation set", run.validation);
  for (const DescribedThing& layer : run.layers) add_layer(settings, layer);
}

}  // namespace lamina::detail
