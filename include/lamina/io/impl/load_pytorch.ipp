#pragma once

#include <algorithm>
#include <map>
#include <string_view>

#include "../../models/layer_names.hpp"
#include "../load_pytorch.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The tensors of a module: their names in it, and their extents.
using ModuleTensors = std::map<std::string, std::vector<std::uint64_t>>;

/// A module, or a layer, with its tensors.
struct Module {
  std::string name;
  ModuleTensors tensors;
  bool is_matched = false;
};

/// Appends a tensor, "conv1.weight", to its module, which is the last one if the tensors are in order.
inline void add_tensor(std::vector<Module>& modules, std::map<std::string, std::size_t>& places,
                       const SafeTensors::Entry& entry) {
  const std::size_t dot = entry.name.rfind('.');
  const std::string module = dot == std::string::npos ? "" : entry.name.substr(0, dot);
  const auto [place, is_new] = places.try_emplace(module, modules.size());
  if (is_new) modules.push_back({.name = module, .tensors = {}});
  modules[place->second].tensors[entry.name.substr(dot == std::string::npos ? 0 : dot + 1)] = entry.shape;
}

/// Returns the modules of tensors, in the order of their first tensors, without the counters of batches.
template <typename Tensors, typename EntryOf>
std::vector<Module> modules_of(const Tensors& tensors, const EntryOf& entry_of) {
  std::vector<Module> modules;
  std::map<std::string, std::size_t> places;
  for (const auto& tensor : tensors)
    if (!entry_of(tensor).name.ends_with("num_batches_tracked")) add_tensor(modules, places, entry_of(tensor));
  return modules;
}

/// Returns the length of the digits at the front.
inline std::size_t digits_at(std::string_view text) {
  return (std::min)(text.find_first_not_of("0123456789"), text.size());
}

/// Returns the text without its digits.
inline std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

/// Returns whether a name comes before another if numbers in them are compared as numbers: conv2 before conv10.
inline bool is_before(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::size_t m = digits_at(a), n = digits_at(b);
    if (m > 0 && n > 0) {
      std::string_view first = a.substr(0, m), second = b.substr(0, n);
      first.remove_prefix((std::min)(first.find_first_not_of('0'), m));
      second.remove_prefix((std::min)(second.find_first_not_of('0'), n));
      if (first.size() != second.size()) return first.size() < second.size();
      if (first != second) return first < second;
      a.remove_prefix(m), b.remove_prefix(n);
    } else {
      if (a[0] != b[0]) return a[0] < b[0];
      a.remove_prefix(1), b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

/// Returns the names of modules.
inline std::vector<std::string> names_of(const std::vector<Module*>& modules) {
  std::vector<std::string> names;
  for (const Module* module : modules) names.push_back(module->name);
  return names;
}

/// Finds the module of each layer by the order of those with the same key, key(tensors). Uses only keys of as many
/// modules as layers. Throws DataError where a file that is sorted by name does not tell the order.
template <typename Key>
void match_in_order(std::vector<Module>& layers, std::vector<Module>& modules, bool is_sorted, const Key& key,
                    std::map<std::string, std::string>& found) {
  struct Alike {
    std::vector<Module*> layers, modules;
  };
  std::map<decltype(key(layers[0].tensors)), Alike> groups;
  for (Module& layer : layers)
    if (!layer.is_matched) groups[key(layer.tensors)].layers.push_back(&layer);
  for (Module& module : modules)
    if (!module.is_matched) groups[key(module.tensors)].modules.push_back(&module);
  for (const auto& [tensors, alike] : groups) {
    const std::vector<Module*>& own = alike.layers;
    const std::vector<Module*>& theirs = alike.modules;
    if (own.size() != theirs.size()) continue;
    const auto differs = [&](const Module* module) {
      return without_digits(module->name) != without_digits(theirs[0]->name);
    };
    if (is_sorted && std::any_of(theirs.begin(), theirs.end(), differs))
      throw DataError(str_cat(
          "is sorted by name and does not tell the order of the modules ", listed_names(names_of(theirs)),
          ", whose tensors have the same shapes; they are for the layers ", listed_names(names_of(own)),
          "; say {.names = {…}}, with the module of each layer that has parameters, in the order of the layers"));
    for (std::size_t i = 0; i < own.size(); ++i) {
      found[own[i]->name] = theirs[i]->name;
      own[i]->is_matched = theirs[i]->is_matched = true;
    }
  }
}

/// Returns the module of each layer, for layers without names.
inline std::map<std::string, std::string> modules_in_order(const SafeTensors& file, std::vector<Module> layers) {
  std::vector<Module> modules = modules_of(
      file.entries, [](const auto& entry) -> auto& { return entry; });
  const auto is_behind = [](const auto& a, const auto& b) { return a.dtype == b.dtype && b.name < a.name; };
  const bool is_sorted = std::adjacent_find(file.entries.begin(), file.entries.end(), is_behind) == file.entries.end();
  if (is_sorted)
    std::sort(modules.begin(), modules.end(), [](const auto& a, const auto& b) { return is_before(a.name, b.name); });
  std::map<std::string, std::string> found;
  match_in_order(
      layers, modules, is_sorted, [](const ModuleTensors& tensors) { return tensors; }, found);
  const auto axes = [](const ModuleTensors& tensors) {
    std::map<std::string, std::size_t> all;
    for (const auto& [name, shape] : tensors) all[name] = shape.size();
    return all;
  };
  match_in_order(layers, modules, false, axes, found);  // those of other shapes, for an error or to be skipped
  return found;
}

/// Returns what DataParallel, DistributedDataParallel or torch.compile put before the name of every tensor, or nothing. There
/// is nothing if the model has a tensor of the file.
inline std::string wrapper_of(const SafeTensors& file, const std::vector<StoredTensor>& stored) {
  if (std::any_of(stored.begin(), stored.end(), [&](const auto& own) { return file.find(own.entry.name); })) return {};
  for (const std::string wrapper : {"module._orig_mod.", "_orig_mod.module.", "module.", "_orig_mod."})
    if (!file.entries.empty() &&
        std::all_of(file.entries.begin(), file.entries.end(), [&](const auto& entry) { return entry.name.starts_with(wrapper); }))
      return wrapper;
  return {};
}

LAMINA_FUNC std::vector<std::string> pytorch_modules(const SafeTensors& file, const std::vector<StoredTensor>& stored,
                                                     std::vector<std::string> paths,
                                                     const std::vector<std::string>& names) {
  std::vector<Module> layers = modules_of(
      stored, [](const StoredTensor& tensor) -> auto& { return tensor.entry; });
  std::map<std::string, std::string> found;
  if (!names.empty()) {
    if (names.size() != layers.size()) {
      std::vector<Module*> own;
      for (Module& layer : layers) own.push_back(&layer);
      throw OptionError(str_cat("load_pytorch: .names expects a module for each of the ", layers.size(),
                                " layers that have parameters but got ", names.size(), "; the layers are ",
                                listed_names(names_of(own))));
    }
    for (std::size_t i = 0; i < names.size(); ++i) found[layers[i].name] = names[i];
  } else {
    const bool has_names =
        std::any_of(paths.begin(), paths.end(), [](const auto& path) { return is_layer_name(path); });
    const std::string wrapper = wrapper_of(file, stored);
    const bool has_all =
        std::all_of(stored.begin(), stored.end(), [&](const auto& own) { return file.find(wrapper + own.entry.name); });
    if (has_names || has_all)
      for (std::string& path : paths) path.insert(0, wrapper);
    else
      found = modules_in_order(file, std::move(layers));
  }
  for (std::string& path : paths)
    if (const auto module = found.find(path); module != found.end()) path = module->second;
  return paths;
}

LAMINA_FUNC void refuse_torch_save(std::span<const std::byte> bytes) {
  constexpr std::byte zip[] = {std::byte{'P'}, std::byte{'K'}, std::byte{3}, std::byte{4}};
  if (bytes.size() >= std::size(zip) && std::equal(std::begin(zip), std::end(zip), bytes.begin()))
    throw DataError(
        "expects a safetensors file but got one of torch.save; in Python, write "
        "safetensors.torch.save_file(net.state_dict(), \"net.safetensors\")");
}

}  // namespace LAMINA_NAMESPACE::detail
