#pragma once

#include "../layer_options.hpp"

#include <algorithm>
#include <iterator>

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
  constexpr AnyInitializer known[] = {HeNormal{}, GlorotUniform{}, StandardNormal{}, Zeros{}};
  const std::string name = json.string();
  const auto place = std::find(std::begin(initializer_names), std::end(initializer_names), name);
  if (place == std::end(initializer_names))
    throw DataError(str_cat("\"", JsonReader::printable(name), "\" is no initializer of this version"));
  option = known[place - std::begin(initializer_names)];
}

}  // namespace lamina::detail
