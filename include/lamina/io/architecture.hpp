#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../models/any_layer.hpp"
#include "../models/layer_names.hpp"
#include "../models/model.hpp"
#include "layer_options.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A layer of a network, without its type, as files and other programs describe it.
struct LayerDescription {
  std::string place;                // "3", nested "1.0", empty for a network that is one layer
  std::string type;                 // "Conv"
  std::string options;              // ,"filters":6,…
  std::optional<AnyLayer<>> layer;  // empty for a layer of the user's own
  std::vector<Index> in, out;       // extents of its input and output for one sample: {1, 28, 28, 1}
  std::vector<std::size_t> inputs;  // the values that it takes: 0 is the network's input, l + 1 the output of layer l
};

/// A network's layers in order; the layers of nested Sequentials stand in their places.
struct Architecture {
  std::vector<Index> sample;    // {28, 28, 1}
  std::optional<Index> inputs;  // see Network::expect_inputs
  std::vector<LayerDescription> layers;
};

/// A network that was read from a file and not yet checked.
template <typename Net>
struct ReadNetwork {
  std::vector<Index> sample;
  std::vector<std::string> places;  // names of the layers in the file
  Net network;
};

/// Returns a layer of this type with default options. Throws DataError if the type is not in the list.
template <typename Listed, std::size_t I = 0>
Listed layer_of_type(const std::string& type) {
  if constexpr (I < std::variant_size_v<Listed>) {
    using L = std::variant_alternative_t<I, Listed>;
    if (type != std::string_view(L::name)) return layer_of_type<Listed, I + 1>(type);
    if constexpr (!std::is_empty_v<L> && !VisitsOptions<L>)
      throw DataError(str_cat(type,
                              ": has no visit_options, so that it cannot be rebuilt; add it, or "
                              "load the file into a model of the same layers"));
    else if constexpr (std::is_default_constructible_v<L>)
      return L{};
    else
      throw DataError(str_cat(type, ": cannot be made without its options; give them defaults"));
  } else {
    throw DataError(str_cat("\"", JsonReader::printable(type),
                            "\" is not a layer of this version; if it is your own, use ",
                            "load_model<BasicNetwork<It>>(…), or load the file into a model of the same layers"));
  }
}

/// Reads a layer, {"name":…,"type":…,options…}; the name and the type must come first.
template <typename Listed>
std::pair<std::string, Listed> read_layer(JsonReader& json) {
  std::string place, type;
  std::optional<Listed> layer;
  std::size_t members = 0;
  json.object([&](const std::string& key) {
    const std::size_t member = members++;
    if (member < 2) {
      if (key != (member == 0 ? "name" : "type")) throw DataError("expects a name and a type before the options");
      (member == 0 ? place : type) = json.string();
      if (member == 1) layer = layer_of_type<Listed>(type);
    } else {
      std::visit(
          [&](auto& own) {
            try {
              if (!detail::read_option_of(own, key, json))
                throw DataError(str_cat("\"", JsonReader::printable(key), "\" is no option of this version"));
            } catch (const DataError& error) {
              throw DataError(str_cat(type, ": ", error.what()));
            }
          },
          *layer);
    }
  });
  if (!layer) throw DataError("expects a name and a type");
  return {place, *layer};
}

/// Appends the layers of a list. Throws DataError, which names the layer, for unknown content and for more than `most` layers.
template <typename Net>
void read_layers(JsonReader& json, std::size_t most, ReadNetwork<Net>& read) {
  json.array([&] {
    if (read.places.size() == most) throw DataError(str_cat("expects at most ", most, " layers; there are more"));
    try {
      const auto read_one = read_layer<typename Net::Listed>(json);
      const std::string& place = read.places.emplace_back(read_one.first);
      std::visit([&](const auto& own) { is_layer_name(place) ? read.network.push_back(own, place) : read.network.push_back(own); }, read_one.second);
    } catch (const DataError& error) {
      throw DataError(str_cat("layer ", read.places.size(), ": ", error.what()));
    }
  });
}

/// Reads an architecture that architecture_text wrote. Throws DataError for unknown content, and as read_layers does.
template <typename Net>
ReadNetwork<Net> read_architecture(std::string_view text, std::size_t most) {
  const auto count = [](JsonReader& json) { return in_range<Index>({false, json.number()}); };
  ReadNetwork<Net> read;
  JsonReader json(text);
  json.object([&](const std::string& key) {
    if (key == "sample")
      json.array([&] {
        if (read.sample.size() == 8) throw DataError("expects samples of at most 8 axes");
        read.sample.push_back(count(json));
      });
    else if (key == "inputs")
      read.network.expect_inputs(count(json));
    else if (key == "layers")
      detail::read_layers(json, most, read);
    else
      throw DataError(str_cat("\"", JsonReader::printable(key), "\" is unknown to this version"));
  });
  json.end();
  return read;
}

/// Returns the layers of a model, for export to another format. A Conv or Dense has the default initializers there.
template <typename T>
Architecture describe(const BasicModel<T>& model);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/architecture.ipp"
#endif
