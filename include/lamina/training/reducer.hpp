#pragma once

#include <concepts>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "process_group.hpp"

namespace LAMINA_NAMESPACE {

/// The gradient of one step, summed over its shards and accumulated batches, before clipping. It is the gradient of the
/// mean loss of the step's samples. A reducer may change its numbers.
template <typename T>
struct StepGradient {
  struct Tensor {
    std::string_view name;  // "0.weight", nested "1.0.bias"
    std::span<T> values;
  };

  std::span<const Tensor> tensors;  // in the order of the parameters
  std::span<const Tensor> buffers;  // values that layers measured, means over `samples`; the layers take them after the step
  Index samples;                    // number of samples of the step
  double weight;                    // sum of their weights in the loss: `samples` unless the loss weights them
};

/// A function that changes the gradient of every step of `fit` or `step` before clipping, for example to add the
/// gradients of other processes. It is called once per step, on the caller's thread:
///
///   .reduce = [&](StepGradient<float>& gradient) {
///     const double share = gradient.weight / sum_of_all_processes(gradient.weight);
///     for (const auto& tensor : gradient.tensors) {
///       for (float& number : tensor.values) number *= static_cast<float>(share);
///       add_of_all_processes(tensor.values);                            // such as MPI_Allreduce, in place
///     }
///   }
///
/// These steps equal those of one process that has all samples: every process makes the same number of steps and gets the
/// same parameters. A function that takes `auto&` works for models of float and of double.
///
/// If it throws, the caller of `fit` or `step` gets the exception, and the model is as after the last whole step. It is
/// not called in a step whose loss or own gradient is not finite. Such a step throws DivergenceError, and the program
/// must tell the other processes.
class Reducer {
 public:
  Reducer() = default;

  template <typename F>
    requires(!std::same_as<F, Reducer> &&
             (std::invocable<F&, StepGradient<float>&> || std::invocable<F&, StepGradient<double>&>))
  Reducer(F reduce) {
    if constexpr (std::invocable<F&, StepGradient<float>&>) float_ = reduce;
    if constexpr (std::invocable<F&, StepGradient<double>&>) double_ = std::move(reduce);
  }

  /// Makes the reducer of processes that train together, which must outlive it: see mpi::average.
  explicit Reducer(detail::ProcessGroup& group) : group_(&group) {}

  explicit operator bool() const { return float_ || double_; }

  /// Returns the processes that train together, or null.
  detail::ProcessGroup* group() const { return group_; }

  template <typename T>
  void operator()(StepGradient<T>& gradient) const {
    of<T>()(gradient);
  }

  /// Throws OptionError in the name of `who` if it cannot take gradients of T.
  template <typename T>
  [[gnu::cold]] void check(const char* who) const {
    if (!*this || of<T>()) return;
    const char* const names[]{"float", "double"};
    throw OptionError(str_cat(who, ": expects a .reduce that takes StepGradient<", names[sizeof(T) != sizeof(float)],
                              ">&, as the model's numbers are, but it takes StepGradient<",
                              names[sizeof(T) == sizeof(float)], ">&"));
  }

 private:
  template <typename T>
  const std::function<void(StepGradient<T>&)>& of() const {
    if constexpr (std::is_same_v<T, float>)
      return float_;
    else
      return double_;
  }

  std::function<void(StepGradient<float>&)> float_;
  std::function<void(StepGradient<double>&)> double_;
  detail::ProcessGroup* group_ = nullptr;
};

}  // namespace lamina
