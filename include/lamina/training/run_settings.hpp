#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/digest.hpp"
#include "../core/text.hpp"
#include "fit_work.hpp"
#include "kept_parts.hpp"

// By what a run is known to be the one that was kept.
namespace LAMINA_NAMESPACE::detail {

/// The settings of a run, one after another.
class RunSettings {
 public:
  [[gnu::cold]] void add(std::string name, std::string value);
  void add(std::string name, double value) { add(std::move(name), shortest(value)); }
  void add(std::string name, const Digest& digest) { add(std::move(name), std::string("#").append(digest.text())); }  // too much to tell

  [[gnu::cold]] void add_options(const std::string& who, const DescribedThing& thing) {
    add(who, thing.name);
    for (const auto& [name, text] : thing.options) add((who + " ").append(name), text);
  }

  std::vector<Setting> take() { return std::move(list_); }

 private:
  std::vector<Setting> list_;
};

/// Throws DataError, which names the first few that differ, unless a run was kept with these settings.
[[gnu::cold]] void check_settings(const KeptRun& kept, const std::vector<Setting>& here);

[[gnu::cold]] void add_layer(RunSettings& settings, const DescribedThing& layer);

/// How many samples there are, and what they are.
[[gnu::cold]] void add_data(RunSettings& settings, const std::string& name, const DescribedData& data);

/// Whatever decides the course of a run, but for the parameters that it begins with and the functions that are called.
[[gnu::cold]] void add_run(RunSettings& settings, const RunDescription& run, const FitWork& work);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_settings.ipp"
#endif
