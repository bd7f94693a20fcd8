#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "../core/shape.hpp"
#include "../layers/listed_layers.hpp"
#include "../layers/merges.hpp"
#include "../layers/softmax.hpp"
#include "network_errors.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The shape of images or of rows.
using AnyShape = std::variant<Shape<2>, Shape<4>>;

/// Returns the shape that a listed merge makes. `inputs` are those of the layers up to it, and the last one is its own.
/// Throws ShapeError if there is no such layer or the shapes do not match.
template <typename L>
AnyShape merged_shape(const L& merge, const std::vector<AnyShape>& inputs) {
  check_backs(L::name, merge.backs(), inputs.size() - 1);
  std::vector<std::span<const Index>> values;
  const auto take = [&](const AnyShape& shape) {
    values.push_back(std::visit([](const auto& own) { return std::span<const Index>(own.extents); }, shape));
  };
  for (const Index back : merge.backs()) take(inputs[inputs.size() - 1 - static_cast<std::size_t>(back)]);
  if (L::merge != Merge::from) take(inputs.back());
  const std::vector<Index> made = merged_extents(L::merge, values);
  if (made.size() == 4) return Shape<4>{{made[0], made[1], made[2], made[3]}};
  return Shape<2>{{made[0], made[1]}};
}

/// Calls action(i, layer, shape of its input) for layer i of a list. Returns the shape of its output. Throws ShapeError, which names
/// the layer's place, if it cannot take its input.
template <typename Listed, typename L, int Rank, typename Action>
AnyShape enter_listed_layer(const std::vector<Listed>& layers, std::size_t i, const L& layer, const Shape<Rank>& x, Action& action) {
  if constexpr (Takes<L, Rank>) {
    const AnyShape out = at_place(i, [&] {
      if (std::is_same_v<L, Softmax> && i > 0 && std::holds_alternative<Softmax>(layers[i - 1]))
        throw ShapeError("Softmax: follows Softmax: its input would be probabilities already; remove one of the two");
      return layer.output_shape(x);
    });
    action(i, layer, x);
    return out;
  } else {
    at_place(i, [&] { refuse_rank(L::name, x); });
    return x;
  }
}

/// Does so for every layer, from the shape of the network's input to that of its output, which it returns; for a merge the shape is
/// that of its output. `expected` is how many numbers a sample must hold, if that is known.
template <typename Listed, int Rank, typename Action>
AnyShape for_each_listed_layer(const std::vector<Listed>& layers, const std::optional<Index>& expected, const Shape<Rank>& in,
                               Action& action) {
  if (layers.empty()) throw ShapeError("Network: expects at least one layer");
  if (expected && sample_shape(in).size() != *expected)
    throw ShapeError(str_cat("Network: expects samples of ", *expected, " numbers but got ", in));
  AnyShape at = in;
  std::vector<AnyShape> inputs;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    inputs.push_back(at);
    std::visit(
        [&]<typename L>(const L& layer) {
          if constexpr (is_merge<L>) at = at_place(i, [&] { return merged_shape(layer, inputs); });
        },
        layers[i]);
    at = std::visit([&](const auto& layer, const auto& x) { return enter_listed_layer(layers, i, layer, x, action); }, layers[i], at);
  }
  return at;
}

}  // namespace lamina::detail
