#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/checksum.hpp"
#include "../core/text.hpp"
#include "checkpoint_parts.hpp"
#include "fit_work.hpp"

// These settings are compared when a checkpoint is continued.
namespace LAMINA_NAMESPACE::detail {

/// A list of a run's settings.
class RunSettings {
 public:
  [[gnu::cold]] void add(std::string name, std::string value);
  void add(std::string name, double value) { add(std::move(name), shortest(value)); }
  void add(std::string name, const Checksum& digest) { add(std::move(name), std::string("#").append(digest.text())); }  // too long to show

  [[gnu::cold]] void add_options(const std::string& who, const DescribedThing& thing) {
    add(who, thing.name);
    for (const auto& [name, text] : thing.options) add((who + " ").append(name), text);
  }

  std::vector<RunSetting> take() { return std::move(list_); }

 private:
  std::vector<RunSetting> list_;
};

/// Returns the first differences between two runs' settings: "batch_size is 32 there and 64 here, …". `places` are the words
/// for there and here. Returns an empty text if they are equal.
[[gnu::cold]] std::string setting_differences(const std::vector<RunSetting>& there, const std::vector<RunSetting>& here,
                                              std::string_view there_word, std::string_view here_word);

/// Throws DataError, which names the first differences, unless a run was kept with these settings.
[[gnu::cold]] void check_settings(const Checkpoint& kept, const std::vector<RunSetting>& here);

[[gnu::cold]] void add_layer(RunSettings& settings, const DescribedThing& layer);

/// Adds the number of samples and a check value of them.
[[gnu::cold]] void add_data(RunSettings& settings, const std::string& name, const DescribedData& data);

/// Adds all settings that decide the course of a run, except its first parameters and the callbacks.
[[gnu::cold]] void add_run(RunSettings& settings, const RunDescription& run, const FitWork& work);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_settings.ipp"
#endif
