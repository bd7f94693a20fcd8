#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/digest.hpp"
#include "../core/text.hpp"
#include "../models/walk.hpp"
#include "fit_options.hpp"
#include "run_digests.hpp"

// By what a run is known to be the one that was kept.
namespace lamina::detail {

/// A tensor of a network's parameters.
struct NamedTensor {
  std::string name;                  // "0.weight"
  std::vector<std::uint64_t> shape;  // in memory
};

/// action(name, text) for the hyper-parameters of a layer, a loss or an optimizer that tells of them.
template <typename Thing, typename Action>
void for_each_option(const Thing& thing, Action&& action) {
  const auto tell = [&](std::string_view name, const auto& value) { action(name, option_text(value)); };
  if constexpr (requires { Thing::visit_options(tell, thing); }) Thing::visit_options(tell, thing);
}

/// The settings of a run, one after another.
class RunSettings {
 public:
  [[gnu::cold]] void add(std::string name, std::string value) {
    for (std::string* text : {&name, &value})  // a layer of one's own may be called anything
      std::replace_if(
          text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    list_.push_back({std::move(name), std::move(value)});
  }
  void add(std::string name, double value) { add(std::move(name), shortest(value)); }
  void add(std::string name, const Digest& digest) { add(std::move(name), std::string("#").append(digest.text())); }  // too much to tell

  template <typename Thing>
  [[gnu::cold]] void add_options(std::string_view who, const Thing& thing) {
    add(std::string(who), std::string(Thing::name));
    for_each_option(thing, [&](std::string_view name, std::string text) {
      add(std::string(who).append(" ").append(name), std::move(text));
    });
  }

  std::vector<KeptRun::Setting> take() { return std::move(list_); }

 private:
  std::vector<KeptRun::Setting> list_;
};

/// Throws DataError, which names the first few that differ, unless a run was kept with these settings.
[[gnu::cold]] inline void check_settings(const KeptRun& kept, const std::vector<KeptRun::Setting>& here) {
  if (kept.settings == here) return;
  std::vector<std::string> differences;
  const auto find = [](const std::vector<KeptRun::Setting>& in, const std::string& name) {
    return std::find_if(in.begin(), in.end(), [&](const auto& setting) { return setting.name == name; });
  };
  for (const auto& [name, value] : here) {
    const auto there = find(kept.settings, name);
    if (there == kept.settings.end())
      differences.push_back(name + " is only here");
    else if (there->value != value)
      differences.push_back(value.starts_with("#")
                                ? name + " differ"
                                : message(name, " is ", there->value, " there and ", value, " here"));
  }
  for (const auto& [name, value] : kept.settings)
    if (find(here, name) == here.end()) differences.push_back(name + " is only there");
  std::string list;
  for (std::size_t i = 0; i < differences.size() && i < 4; ++i) list.append(i > 0 ? ", " : "").append(differences[i]);
  if (differences.size() > 4) list += message(" and ", differences.size() - 4, " more");
  throw DataError(message(kept.origin, ": is of another run: ", list,
                          "; go on as it began, give another folder, or replace what is in this one"));
}

/// Tells of every layer, and returns the names and shapes of the parameters, in the order of visit_parameters.
template <typename M>
[[gnu::cold]] std::vector<NamedTensor> outline(const M& model, RunSettings& settings) {
  std::vector<NamedTensor> tensors;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string& path, const auto& layer, const auto& in, const auto& p) {
         std::string line = message(layer.name, " to ", sample_shape(layer.output_shape(in)));
         for_each_option(layer, [&](std::string_view name, const std::string& text) {
           if (!text.empty()) line.append(", ").append(name).append(" ").append(text);
         });
         settings.add(path.empty() ? "the network" : "layer " + path, std::move(line));
         visit_named_parameters(
             [&](const std::string& name, const auto& tensor) {
               const auto extents = shape(tensor).extents;
               tensors.push_back({path.empty() ? name : path + "." + name, {extents.begin(), extents.end()}});
             },
             p);
       });
  return tensors;
}

/// How many samples there are, and what they are.
template <int Rank>
[[gnu::cold]] void add_data(RunSettings& settings, const std::string& name, const Dataset<Rank>& data) {
  settings.add(name, message(data.size(), " samples of ", data.sample_shape(), " in ", data.classes(), " classes"));
  settings.add("samples of " + name, digest_of(data));
}

/// Whatever decides the course of a run, but for the parameters that it begins with and the functions that are called.
template <typename M, typename F, typename O, int Rank>
[[gnu::cold]] void add_run(RunSettings& settings, const M& model, const F& loss, const O& optimizer,
                           const Dataset<Rank>& train, const FitOptions<Rank>& options) {
  settings.add("samples", message(model.sample_shape(), " of ", sizeof(typename M::Scalar), " bytes a number"));
  settings.add_options("loss", loss);
  settings.add_options("optimizer", optimizer);
  const Index whole = std::min(options.batch_size, train.size()), last = train.size() % whole;
  settings.add("batch_size", static_cast<double>(whole));
  settings.add("shards", last > 0 ? message(options.shards_of(whole), " and ", options.shards_of(last))
                                  : message(options.shards_of(whole)));
  settings.add("seed", message(options.seed));
  settings.add("winograd", options.winograd);
  settings.add("clip.norm", options.clip.norm.value_or(0));
  settings.add("clip.value", options.clip.value.value_or(0));
  settings.add("factors of the schedule", digest_of(options.schedule));
  if (!is_constant(options.schedule)) settings.add("epochs", static_cast<double>(options.epochs));
  settings.add("images after augmentation", digest_of(options.augment, train, options.seed));
  if (const auto& stop = options.early_stopping)
    settings.add("early_stopping",
                 message("by figure ", static_cast<int>(stop->monitor), ", patience ", stop->patience, ", min_delta ",
                         shortest(stop->min_delta), ", restore_best ", stop->restore_best));
  if (const auto& plateau = options.on_plateau)
    settings.add("on_plateau",
                 message("by figure ", static_cast<int>(plateau->monitor), ", factor ", shortest(plateau->factor),
                         ", patience ", plateau->patience, ", threshold ", shortest(plateau->threshold), ", cooldown ",
                         plateau->cooldown, ", least ", shortest(plateau->least)));
  add_data(settings, "the training set", train);
  if (options.validation) add_data(settings, "the validation set", *options.validation);
}

}  // namespace lamina::detail
