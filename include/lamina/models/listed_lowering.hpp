#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "../exec/lowering.hpp"
#include "../layers/fusions.hpp"
#include "../layers/listed_layers.hpp"
#include "../layers/merges.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A lowering that adds layers listed at run time, and the fused layers that run them, to a program. Sequential does the same
/// at compile time. The layers must fit one another.
template <typename Listed, typename T>
class ListedLowering {
 public:
  /// Takes the layers, their names if they have some, and the lowering.
  ListedLowering(const std::vector<Listed>& layers, const std::vector<std::string>& names, Lowering<T>& to)
      : layers_(layers), names_(names), to_(to), taken_(layers.size(), 0) {
    for (std::size_t i = 0; i < layers.size(); ++i)
      std::visit(
          [&]<typename L>(const L& layer) {
            if constexpr (is_merge<L>)
              for (const Index back : layer.backs()) taken_[i - static_cast<std::size_t>(back)] = 1;
          },
          layers[i]);
  }

  void run() {
    for (std::size_t i = 0; i < layers_.size(); i += add_longest(i)) {}
  }

 private:
  /// Adds the longest fused layer that begins at layer i, or the layer alone. Returns the number of layers added.
  template <std::size_t F = 0>
  std::size_t add_longest(std::size_t i) {
    if constexpr (F < std::tuple_size_v<Fusions>) {
      const std::size_t count = add_stage(i, std::tuple_element_t<F, Fusions>{});
      return count > 0 ? count : add_longest<F + 1>(i);
    } else {
      to_.enter(i, draw_, name(i));
      std::visit(
          [&]<typename L>(const L& layer) {
            if constexpr (is_merge<L>) to_.merge(layer);
          },
          layers_[i]);
      with_input(i, [&]<AnyTensor X>(std::type_identity<X>, const auto& layer) {
        draw_ += to_.template add_step<X>(layer) ? 1U : 0U;
      });
      to_.leave();
      return 1;
    }
  }

  /// Adds the fused layer of a fusion if it begins at layer i. Returns the number of layers it takes, or 0.
  template <typename S, std::size_t Owner, typename... Ls>
  std::size_t add_stage(std::size_t i, Fusion<S, Owner, Ls...>) {
    constexpr std::size_t count = sizeof...(Ls);
    if (i + count > layers_.size() || is_parted(i, count)) return 0;
    return [&]<std::size_t... J>(std::index_sequence<J...>) -> std::size_t {
      if (!(std::holds_alternative<listed_t<Ls>>(layers_[i + J]) && ...)) return 0;
      const S fused{detail::plain(std::get<listed_t<Ls>>(layers_[i + J]))...};
      const bool images = to_.extents().size() == 4;
      for (std::size_t j = 0; j < count; ++j) {
        to_.enter(i + j, 0, name(i + j));
        with_input(i + j, [&]<AnyTensor X>(std::type_identity<X>, const auto& layer) { to_.template add<X>(layer); });
        to_.leave();
      }
      to_.enter(i + Owner, 0);
      if constexpr (Takes<S, 2>)
        if (!images) to_.template run_fused<Tensor<T, 2>>(fused, count, Owner);
      if (images) to_.template run_fused<Tensor<T, 4>>(fused, count, Owner);
      to_.leave();
      return count;
    }(std::index_sequence_for<Ls...>{});
  }

  /// Tells whether a merge takes the input of a layer after layer i among the next `count`, which then cannot run as one.
  bool is_parted(std::size_t i, std::size_t count) const {
    for (std::size_t j = i + 1; j < i + count; ++j)
      if (taken_[j] != 0) return true;
    return false;
  }

  /// Calls action(type of the input, layer i).
  template <typename Action>
  void with_input(std::size_t i, const Action& action) const {
    std::visit(
        [&]<typename L>(const L& layer) {
          if constexpr (!is_merge<L>) {
            if constexpr (Takes<L, 4>)
              if (to_.extents().size() == 4) return action(std::type_identity<Tensor<T, 4>>{}, layer);
            if constexpr (Takes<L, 2>) action(std::type_identity<Tensor<T, 2>>{}, layer);
          }
        },
        layers_[i]);
  }

  std::string_view name(std::size_t i) const { return names_.empty() ? std::string_view() : std::string_view(names_[i]); }

  const std::vector<Listed>& layers_;
  const std::vector<std::string>& names_;
  Lowering<T>& to_;
  std::vector<unsigned char> taken_;  // whether a merge takes the layer's input
  std::uint64_t draw_ = 0;  // number of earlier fused layers that draw random numbers
};

}  // namespace lamina::detail
