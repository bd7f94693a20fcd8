#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "../core/parameters.hpp"
#include "../layers/layer.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Calls add(own) with the parameters of each step of a network's program, in the order of `lower`. A network with a member
/// each_step_parameters hands over those of its parts.
template <typename L, typename P, typename Add>
void each_step_parameters(P& p, const Add& add) {
  if constexpr (requires { L::each_step_parameters(p, add); })
    L::each_step_parameters(p, add);
  else
    add(p);
}

/// The parameters of a network, or a gradient with respect to them, without their type.
template <typename T>
class ParameterValues {
 public:
  ParameterValues() = default;
  ParameterValues(const ParameterValues&) = delete;
  ParameterValues& operator=(const ParameterValues&) = delete;
  virtual ~ParameterValues() = default;

  /// Returns an empty value of the same type, to which a gradient can be written.
  virtual std::unique_ptr<ParameterValues> empty() const = 0;

  /// Writes to `places` where the tensors stand.
  virtual void find(Places<T>& places) = 0;

  /// Returns a pointer to the parameters of each step of the network's program.
  std::span<void* const> of_steps() const { return of_steps_; }

 protected:
  std::vector<void*> of_steps_;
};

/// The parameters of a network L on inputs of type X.
template <typename L, AnyTensor X>
class ParametersOf final : public ParameterValues<scalar_t<X>> {
  using T = scalar_t<X>;

 public:
  using Typed = parameters_t<L, X>;

  ParametersOf() { note_steps(); }
  explicit ParametersOf(Typed values) : values_(std::move(values)) { note_steps(); }

  Typed& typed() { return values_; }
  const Typed& typed() const { return values_; }

  std::unique_ptr<ParameterValues<T>> empty() const override { return std::make_unique<ParametersOf>(); }
  void find(Places<T>& places) override { places.find(values_); }

 private:
  void note_steps() {
    each_step_parameters<L>(values_, [this](auto& own) { this->of_steps_.push_back(&own); });
  }

  Typed values_;
};

}  // namespace lamina::detail
