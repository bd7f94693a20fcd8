#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layer.hpp"

namespace LAMINA_NAMESPACE::detail {

// The layers that end a branch when a network with branches is written as a list. An ordinary layer of a list takes the
// output of the layer before it. These layers also take an earlier value, or only an earlier value. `back` counts layers
// backwards: with a_0 the network's input and a_l the output of layer l − 1, layer l takes a_l and a_{l − back}.
//
//   | layer  | y                                                                                      |
//   |--------|----------------------------------------------------------------------------------------|
//   | From   | a_{l − back}, where the next branch begins; nothing is copied                          |
//   | Add    | a_{l − back} + a_l                                                                     |
//   | Mul    | a_{l − back} · a_l; one may be a row or a single pixel if the other is an image        |
//   | Concat | a_{l − back[0]}, a_{l − back[1]}, …, a_l, joined along the last axis                   |
//
// models/add.hpp, mul.hpp and concat.hpp have the equations and the blocks that users write.

/// The operation that merges several values into one.
enum class Merge : unsigned char { none, from, add, mul, concat };

/// The common base of these layers. They compute nothing themselves; the program computes them.
template <Merge kind>
struct ListedMerge {
  static constexpr Merge merge = kind;

  template <typename>
  using Parameters = None;

  /// Returns its argument: the caller passes the merged shape, see merged_extents.
  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& made) const {
    return made;
  }
};

template <Merge kind>
struct ListedPair : ListedMerge<kind> {
  Index back = 1;

  constexpr ListedPair() = default;
  constexpr explicit ListedPair(Index layers_before) : back(layers_before) {}

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("back", self.back...);
  }

  std::span<const Index> backs() const { return {&back, 1}; }
};

struct From : ListedPair<Merge::from> {
  using ListedPair::ListedPair;
  static constexpr std::string_view name = "From";
};
struct ListedAdd : ListedPair<Merge::add> {
  using ListedPair::ListedPair;
  static constexpr std::string_view name = "Add";
};
struct ListedMul : ListedPair<Merge::mul> {
  using ListedPair::ListedPair;
  static constexpr std::string_view name = "Mul";
};
struct ListedConcat : ListedMerge<Merge::concat> {
  std::vector<Index> back{1};

  ListedConcat() = default;
  explicit ListedConcat(std::vector<Index> layers_before) : back(std::move(layers_before)) {}

  static constexpr std::string_view name = "Concat";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("back", self.back...);
  }

  std::span<const Index> backs() const { return back; }
};

/// True if L is one of these layers.
template <typename L>
inline constexpr bool is_merge = requires(const L& layer) { L::merge, layer.backs(); };

/// Throws ShapeError unless `back` has an entry and every entry is from 0 to `before`, the number of layers before it.
void check_backs(std::string_view name, std::span<const Index> back, std::size_t before);

/// Returns " but got (1, 4) and (1, 3); give the layers before it the …".
[[gnu::cold]] std::string two_shapes(std::span<const Index> a, std::span<const Index> b, const char* remedy);

/// Returns whether `gate` has one number for each sample and channel of images: (N, 1, 1, C), or rows (N, C).
constexpr bool is_gate(std::span<const Index> gate, std::span<const Index> images) {
  if (images.size() != 4 || gate.front() != images[0] || gate.back() != images[3]) return false;
  return gate.size() == 2 || (gate.size() == 4 && gate[1] == 1 && gate[2] == 1);
}

/// Writes the extents of two merged values to `out`, which has as many elements as the longer of the two. Throws ShapeError
/// if they do not match.
constexpr void merge_extents(Merge merge, std::span<const Index> a, std::span<const Index> b, std::span<Index> out) {
  const bool whole = merge != Merge::concat;  // the last axis must match, too
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i + (whole ? 0 : 1) < a.size(); ++i) same = a[i] == b[i];
  const bool gates = merge == Merge::mul && !same && (is_gate(a, b) || is_gate(b, a));
  if (!same && !gates) {  // the compiler shows these lines
    if (merge == Merge::concat)
      throw ShapeError("Concat: expects inputs that differ in the last axis alone, channels or features," + two_shapes(a, b, "strides and paddings that do"));
    if (merge == Merge::mul)
      throw ShapeError("Mul: expects inputs of one shape, or images (N, H, W, C) and one number for each channel, (N, 1, 1, C) or (N, C)," +
                       two_shapes(a, b, "filters or units that make as many numbers as there are channels"));
    throw ShapeError("Add: expects inputs of one shape" + two_shapes(a, b, "filters, units, strides and paddings that do"));
  }
  const auto& larger = gates && is_gate(a, b) ? b : a;
  for (std::size_t i = 0; i < larger.size(); ++i) out[i] = larger[i];
  if (merge != Merge::concat) return;
  if (a.back() > (Index{1} << 40) || b.back() > (Index{1} << 40))
    throw ShapeError("Concat: makes more numbers than an index can count," + two_shapes(a, b, "fewer channels or features"));
  out[out.size() - 1] = a.back() + b.back();
}

/// Returns the extents of all values, merged in their order. Throws as merge_extents does.
std::vector<Index> merged_extents(Merge merge, std::span<const std::span<const Index>> values);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/merges.ipp"
#endif
