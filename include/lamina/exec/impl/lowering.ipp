#pragma once

#include "../lowering.hpp"

#include <memory>
#include <string>
#include <utility>

#include "../../core/error.hpp"
#include "../merge_node.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename T>
[[gnu::cold]] void Lowering<T>::enter(std::size_t i, std::uint64_t draw, std::string_view name) {
  places_.push_back(i);
  names_.push_back(name.empty() ? std::to_string(i) : std::string(name));
  draw_.push_back(draw);
}

template <typename T>
[[gnu::cold]] void Lowering<T>::leave() {
  places_.pop_back();
  names_.pop_back();
  draw_.pop_back();
}

template <typename T>
[[gnu::cold]] std::vector<Index> Lowering<T>::made_by(const LayerNode<T>& node) const {
  try {
    return node.output_extents(at_);
  } catch (const ShapeError& error) {
    throw ShapeError(place_text(places_) + error.what());
  }
}

template <typename T>
[[gnu::cold]] void Lowering<T>::push(std::unique_ptr<const LayerNode<T>> node, std::vector<Index> out,
                                     std::vector<std::size_t> inputs, Value value) {
  std::string path;
  for (const std::string& name : names_) path.append(path.empty() ? "" : ".").append(name);
  layers_.push_back({std::move(node), places_, std::move(path), at_, out, std::move(inputs)});
  values_.push_back(value);
  at_ = std::move(out);
}

template <typename T>
[[gnu::cold]] bool Lowering<T>::run(std::unique_ptr<const Step<T>> step, std::size_t count, std::size_t owner) {
  const bool draws = step->draws();
  const std::size_t first = layers_.size() - count;
  entries_.push_back({std::move(step), Merge::none, {values_[first].of_program}, {}, first, count, first + owner, place_text(places_),
                      draws ? draw_ : std::vector<std::uint64_t>{}});
  values_.back().of_program = entries_.size();
  return draws;
}

template <typename T>
template <typename L>
[[gnu::cold]] void Lowering<T>::merge(const L& listed) {
  const std::size_t place = layers_.size();
  std::vector<Value> values;
  std::vector<Index> out;
  try {
    check_backs(L::name, listed.backs(), place);
    std::vector<std::span<const Index>> extents;
    for (const Index back : listed.backs()) {
      const std::size_t from = place - static_cast<std::size_t>(back);
      values.push_back(values_[from]);
      extents.push_back(extents_of(from));
      if (values.back().of_program == inside)
        throw ShapeError(str_cat(L::name, ": expects to take the input of a layer that begins a step"));
    }
    if (L::merge != Merge::from) {
      values.push_back(values_.back());
      extents.push_back(at_);
    }
    out = merged_extents(L::merge, extents);
  } catch (const ShapeError& error) {
    throw ShapeError(place_text(places_) + error.what());
  }
  std::vector<std::size_t> inputs;
  for (const Value& value : values) inputs.push_back(value.layer);
  auto node = std::make_unique<MergeNode<T, L>>(listed, static_cast<int>(at_.size()));
  if (L::merge == Merge::from) return push(std::move(node), std::move(out), std::move(inputs), values[0]);
  push(std::move(node), std::move(out), std::move(inputs), {place + 1, entries_.size() + 1});
  entries_.push_back({nullptr, L::merge, {values.back().of_program}, {}, place, 1, place, place_text(places_), {}});
  values.pop_back();
  for (const Value& value : values) entries_.back().others.push_back({value.of_program});
}

template <typename T>
[[gnu::cold]] Program<T> Lowering<T>::program() {
  if (entries_.empty()) throw ShapeError("expects a network that computes something, but it has no layer that does");
  std::vector<unsigned char> taken(entries_.size() + 1, 0);
  const auto take = [&](typename Program<T>::Input& input) {
    input.shares = taken[input.value] != 0;
    taken[input.value] = 1;
  };
  for (std::size_t s = entries_.size(); s-- > 0;) {  // as gradients are given
    const bool is_output = values_.back().of_program == s + 1;
    const auto& entry = entries_[s];
    if (is_output != (s + 1 == entries_.size()) || (!is_output && taken[s + 1] == 0))
      throw ShapeError(str_cat(entry.place, layers_[entry.first + entry.count - 1].node->name(),
                               is_output ? ": expects to be the last one, as its output is the network's; put layers that others do not need before it"
                                         : ": expects a layer that takes its output, but there is none; take it out, or merge its branch"));
    take(entries_[s].in);
    for (auto& input : entries_[s].others) take(input);
  }
  return Program<T>(std::move(layers_), std::move(entries_));
}

}  // namespace lamina::detail
