#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include "optimizer.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename O>
inline constexpr bool can_call_update = requires(const O& optimizer, const ParameterSlice<float>& slice, double rate) {
  { optimizer.update(slice, rate) } -> std::same_as<bool>;
};
template <typename O>
inline constexpr bool can_call_state_tensors = requires(const O& optimizer) {
  { optimizer.state_tensors() } -> std::convertible_to<std::size_t>;
};
template <typename O>
inline constexpr bool can_call_check = requires(const O& optimizer) { optimizer.check(); };
template <typename O>
inline constexpr bool has_learning_rate = requires(const O& optimizer) {
  { optimizer.learning_rate } -> std::convertible_to<double>;
};
template <typename O>
inline constexpr bool has_optimizer_name = requires {
  { O::name } -> std::convertible_to<std::string_view>;
};

/// Reports, in an error of one line, the member of an optimizer that is missing or cannot be called. Returns whether O is an
/// optimizer.
template <typename O>
consteval bool check_optimizer_members() {
  static_assert(can_call_update<O>,
                "this is no optimizer, as it has no `update` or one that cannot be called as update(slice, rate) or does not "
                "return bool: template <typename T> bool update(const ParameterSlice<T>& slice, double rate) const noexcept");
  if constexpr (can_call_update<O>) {
    static_assert(has_learning_rate<O>, "an optimizer lacks `learning_rate`: double learning_rate = 0.01");
    static_assert(has_optimizer_name<O>, "an optimizer lacks `name`: static constexpr std::string_view name = \"Mine\"");
    static_assert(can_call_check<O>, "an optimizer lacks `check`: void check() const, which throws OptionError for "
                                     "hyper-parameters that cannot be");
    if constexpr (requires(const O& optimizer) { optimizer.memories(); })
      static_assert(can_call_state_tensors<O>, "an optimizer's `memories` is called `state_tensors` now");
    else
      static_assert(can_call_state_tensors<O>, "an optimizer lacks `state_tensors`: std::size_t state_tensors() const, how many "
                                               "values of the parameters' type it remembers");
    static_assert(std::copyable<O>, "an optimizer cannot be copied or assigned: leave out const members and references");
  }
  return Optimizer<O>;
}

}  // namespace lamina::detail
