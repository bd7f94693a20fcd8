#pragma once

#include <concepts>
#include <string_view>

#include "target_view.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename F>
inline constexpr bool can_call_loss =
    requires(const F& loss, const Tensor<float, 2>& z, const TargetView<float>& y, Index batch, Tensor<float, 2>& dz) {
      { loss(z, y, batch, dz) } -> std::same_as<double>;
    };
template <typename F>
inline constexpr bool can_call_correct = requires(const F& loss, const Tensor<float, 2>& z, const TargetView<float>& y) {
  { loss.correct(z, y) } -> std::same_as<double>;
};
template <typename F>
inline constexpr bool has_hits = requires(const F& loss, const Tensor<float, 2>& z, const TargetView<float>& y) { loss.hits(z, y); };
template <typename F>
inline constexpr bool has_loss_name = requires {
  { F::name } -> std::convertible_to<std::string_view>;
};
template <typename F>
inline constexpr bool has_expects_logits = requires {
  { F::expects_logits } -> std::convertible_to<bool>;
};

/// Reports, in an error of one line, the member of a loss that is missing or cannot be called. Returns whether F is a loss.
template <typename F>
consteval bool check_loss_members() {
  static_assert(can_call_loss<F>,
                "this is no loss, as it cannot be called as loss(z, y, batch, dz) or does not return double: template <typename "
                "T> double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, "
                "2>& dz) const");
  if constexpr (can_call_loss<F>) {
    static_assert(has_loss_name<F>, "a loss lacks `name`: static constexpr std::string_view name = \"Mine\"");
    static_assert(has_expects_logits<F>, "a loss lacks `expects_logits`: static constexpr bool expects_logits = true");
    if constexpr (has_hits<F>)
      static_assert(can_call_correct<F>, "a loss's `hits` is called `correct` now");
    else
      static_assert(can_call_correct<F>,
                    "a loss lacks `correct`, or it cannot be called as correct(z, y) or does not return double: template "
                    "<typename T> double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const");
    static_assert(std::copyable<F>, "a loss cannot be copied or assigned: leave out const members and references");
  }
  return Loss<F>;
}

}  // namespace lamina::detail
