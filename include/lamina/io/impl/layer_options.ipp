#pragma once

#include "../layer_options.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void read_option(JsonReader& json, Size2D& option) {
  Index numbers[2] = {};
  std::size_t count = 0;
  json.array([&] {
    if (count == 2) throw DataError("expects a height and a width but got more numbers");
    read_option(json, numbers[count++]);
  });
  if (count != 2) throw DataError(str_cat("expects a height and a width but got ", count, " numbers"));
  option = {numbers[0], numbers[1]};
}

LAMINA_FUNC void read_option(JsonReader& json, std::vector<Index>& option) {
  option.clear();
  json.array([&] { read_option(json, option.emplace_back()); });
}

LAMINA_FUNC void read_option(JsonReader& json, PoolStride& option) {
  Size2D stride = 1;
  read_option(json, stride);
  option = PoolStride(stride.height, stride.width);
}

LAMINA_FUNC void read_option(JsonReader& json, Padding& option) {
  if (json.is_string()) {
    const std::string name = json.string();
    if (name != "Same") throw DataError(str_cat("expects numbers or \"Same\" but got \"", JsonReader::printable(name), "\""));
    option = Same{};
    return;
  }
  Index numbers[4] = {};
  std::size_t count = 0;
  json.array([&] {
    if (count == 4) throw DataError("expects two or four numbers but got more");
    read_option(json, numbers[count++]);
  });
  if (count == 2)
    option = {numbers[0], numbers[1]};
  else if (count == 4)
    option = {numbers[0], numbers[1], numbers[2], numbers[3]};
  else
    throw DataError(str_cat("expects two or four numbers but got ", count));
}

LAMINA_FUNC void read_option(JsonReader& json, AnyInitializer& option) {
  constexpr AnyInitializer known[] = {HeNormal{}, GlorotUniform{},   StandardNormal{},  Zeros{},
                                      Fill{},     VarianceScaling{}, TruncatedNormal{}, Orthogonal{}};
  const auto place = [](std::span<const std::string_view> names, const std::string& name, std::string_view what) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw DataError(str_cat("\"", JsonReader::printable(name), "\" is no ", what, " of this version"));
    return found - names.begin();
  };
  const auto by_name = [&] { return known[place(initializer_names, json.string(), "initializer")]; };
  if (json.is_string()) {
    option = by_name();
    return;
  }
  AnyInitializer read;
  std::string number;
  bool is_named = false, is_scaled = false;
  json.object([&](const std::string& key) {
    if (key == "name") {
      option = by_name();
      is_named = true;
    } else if (key == "fan") {
      is_scaled = true;
      read.fan = VarianceScaling::Fan(place(fan_names, json.string(), "fan"));
    } else if (key == "distribution") {
      is_scaled = true;
      read.distribution = VarianceScaling::Distribution(place(distribution_names, json.string(), "distribution"));
    } else {
      if (key.empty()) throw DataError("an initializer has a number without a name");
      number = key;
      read.number = read_number_text(json);
    }
  });
  if (!is_named) throw DataError("an initializer has no \"name\"");
  read.kind = option.kind;
  if (is_scaled && read.kind != AnyInitializer::Kind::variance_scaling)
    throw DataError(str_cat(read.name(), ": expects no \"fan\" and no \"distribution\""));
  const auto kind = static_cast<std::size_t>(read.kind);
  if (number != number_names[kind])
    throw DataError(str_cat(read.name(), ": expects \"", number_names[kind], "\" but got \"", JsonReader::printable(number), "\""));
  try {
    read.check();
  } catch (const OptionError& error) {
    throw DataError(error.what());
  }
  option = read;
}

}  // namespace lamina::detail
