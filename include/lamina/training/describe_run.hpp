#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/parameters.hpp"
#include "../core/text.hpp"
#include "../data/dataset.hpp"
#include "fit_work.hpp"

// What a kept run has to know of the types of a run of `fit`, as texts and tables. Everything that is done with it is
// compiled once; this is compiled for every network, hence it does as little as it can.
namespace LAMINA_NAMESPACE::detail {

/// Returns a hyper-parameter as text; nothing for what cannot be written.
template <typename Value>
[[gnu::cold]] std::string option_text(const Value& value) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return shortest(static_cast<double>(value));
  } else if constexpr (requires { value.begin(), value.end(); }) {
    std::string list;
    for (const auto& one : value) list.append(list.empty() ? "" : " ").append(option_text(one));
    return list;
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    return message(value);
  } else {
    return {};
  }
}

/// Returns the hyper-parameters of a layer, a loss or an optimizer that tells of them.
template <typename Thing>
[[gnu::cold]] OptionTexts option_texts(const Thing& thing) {
  OptionTexts options;
  const auto tell = [&](std::string_view name, const auto& value) { options.emplace_back(name, option_text(value)); };
  if constexpr (requires { Thing::visit_options(tell, thing); }) Thing::visit_options(tell, thing);
  return options;
}

template <int Rank>
std::span<const Index> extents_in(const Shape<Rank>& shape) {
  return shape.extents;
}

/// Adds a tensor of the layer at `path`.
[[gnu::cold]] void add_tensor(RunDescription& run, const std::string& path, std::string_view name,
                                     std::span<const Index> extents);

/// Describes every layer that it is shown, and the tensors of its parameters.
struct DescribingWalk {
  RunDescription& run;

  template <typename L, int Rank, typename P>
  [[gnu::cold]] void operator()(const std::string& path, const L& layer, const Shape<Rank>& in, const P& p) const {
    const auto out = sample_shape(layer.output_shape(in));
    run.layers.push_back({path, std::string(std::string_view(L::name)), format_shape(extents_in(out)),
                          option_texts(layer)});
    visit_named_parameters(
        [&](const std::string& name, const auto& tensor) {
          const auto extents = shape(tensor);
          add_tensor(run, path, name, extents_in(extents));
        },
        p);
  }
};

template <int Rank>
[[gnu::cold]] DescribedData describe_data(const Dataset<Rank>& data) {
  const auto& targets = data.targets();
  return {data.size(), data.classes(), format_shape(extents_in(data.sample_shape())),
          data.floats().empty() ? std::as_bytes(data.bytes()) : std::as_bytes(data.floats()),
          std::as_bytes(std::span(data.labels())),
          std::as_bytes(std::span(targets.data(), static_cast<std::size_t>(targets.size()))), &data.normalisation()};
}

template <typename Thing>
[[gnu::cold]] DescribedThing describe_thing(const Thing& thing) {
  return {{}, std::string(std::string_view(Thing::name)), {}, option_texts(thing)};
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/describe_run.ipp"
#endif
