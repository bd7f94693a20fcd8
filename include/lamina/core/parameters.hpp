#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "tensor.hpp"

namespace LAMINA_NAMESPACE {

/// The Parameters of a layer that learns nothing, or the Workspace of a layer that records nothing.
struct None {
  constexpr bool operator==(const None&) const = default;
};

/// A tensor in a layer's Parameters that is measured, not trained, such as a running mean. `backward` writes its next
/// value to dp, not a gradient. A training step sets it to the mean of the shards' values, weighted by their samples, in
/// their order. Optimizers, clipping and penalties leave it alone.
///
///   struct Parameters {
///     Tensor<T, 1> scale;
///     Buffer<T, 1> running_mean;
///     static void visit(auto&& visitor, auto&... self) {
///       visitor("scale", self.scale...);
///       visitor("running_mean", self.running_mean...);
///     }
///   };
template <typename T, int Rank>
class Buffer : public Tensor<T, Rank> {
 public:
  using Tensor<T, Rank>::Tensor;
  using Tensor<T, Rank>::operator=;
};

}  // namespace lamina

// Eigen sees a Buffer as the tensor that it derives from.
template <typename T, int Rank>
struct Eigen::internal::traits<lamina::Buffer<T, Rank>> : traits<lamina::Tensor<T, Rank>> {};
template <typename T, int Rank>
struct Eigen::internal::eval<lamina::Buffer<T, Rank>, Eigen::Dense> : eval<lamina::Tensor<T, Rank>, Eigen::Dense> {};
template <typename T, int Rank, typename Device>
struct Eigen::TensorEvaluator<const lamina::Buffer<T, Rank>, Device> : TensorEvaluator<const lamina::Tensor<T, Rank>, Device> {
  using TensorEvaluator<const lamina::Tensor<T, Rank>, Device>::TensorEvaluator;
};

namespace LAMINA_NAMESPACE {

template <typename Visitor, typename P, typename... Same>
void visit_parameters(Visitor&& visitor, P& p, Same&... same);

namespace detail {

template <typename X>
inline constexpr bool is_buffer = false;
template <typename T, int Rank>
inline constexpr bool is_buffer<Buffer<T, Rank>> = true;

/// The number of layers that these are the parameters of; 0 for a single layer.
template <typename P>
inline constexpr std::size_t layer_count = 0;
template <typename... Ps>
inline constexpr std::size_t layer_count<std::tuple<Ps...>> = sizeof...(Ps);

/// Visits the layers from I on.
template <std::size_t I, bool buffers, typename Visitor, typename P, typename... Same>
void visit_from(Visitor& visitor, P& p, Same&... same);

/// Calls visitor(tensors…) for the trained tensors or, if `buffers` is true, for the measured ones.
template <bool buffers, typename Visitor, typename P, typename... Same>
void visit_some(Visitor& visitor, P& p, Same&... same) {
  using Plain = std::remove_const_t<P>;
  if constexpr (layer_count<Plain> > 0)
    detail::visit_from<0, buffers>(visitor, p, same...);
  else if constexpr (!std::is_same_v<Plain, None>)
    Plain::visit(
        [&]<typename First, typename... Rest>(std::string_view, First& first, Rest&... rest) {
          if constexpr (is_buffer<std::remove_const_t<First>> == buffers) visitor(first, rest...);
        },
        p, same...);
}

template <std::size_t I, bool buffers, typename Visitor, typename P, typename... Same>
void visit_from(Visitor& visitor, P& p, Same&... same) {
  if constexpr (I < layer_count<std::remove_const_t<P>>) {
    detail::visit_some<buffers>(visitor, std::get<I>(p), std::get<I>(same)...);
    detail::visit_from<I + 1, buffers>(visitor, p, same...);
  }
}

template <typename Visitor, typename P, typename... Same>
void visit_named(Visitor& visitor, const std::string& prefix, P& p, Same&... same);

template <std::size_t I, typename Visitor, typename P, typename... Same>
void visit_named_from(Visitor& visitor, const std::string& prefix, P& p, Same&... same) {
  if constexpr (I < layer_count<std::remove_const_t<P>>) {
    detail::visit_named(visitor, prefix + std::to_string(I) + ".", std::get<I>(p), std::get<I>(same)...);
    detail::visit_named_from<I + 1>(visitor, prefix, p, same...);
  }
}

template <typename Visitor, typename P, typename... Same>
void visit_named(Visitor& visitor, const std::string& prefix, P& p, Same&... same) {
  using Plain = std::remove_const_t<P>;
  if constexpr (layer_count<Plain> > 0)
    detail::visit_named_from<0>(visitor, prefix, p, same...);
  else if constexpr (!std::is_same_v<Plain, None>)
    Plain::visit([&](std::string_view name, auto&... tensors) { visitor(prefix + std::string(name), tensors...); }, p,
                 same...);
}

}  // namespace detail

/// Calls visitor(tensors…) for every trained tensor of p. It walks any number of further values of the same type in
/// parallel: a gradient, a velocity, an average. It allocates nothing.
///
///   visit_parameters([&](auto& theta, const auto& dtheta) { theta -= dtheta * rate; }, model, gradient);
template <typename Visitor, typename P, typename... Same>
void visit_parameters(Visitor&& visitor, P& p, Same&... same) {
  detail::visit_some<false>(visitor, p, same...);
}

namespace detail {

/// Calls visitor(tensors…) for every measured tensor, as visit_parameters does for the trained ones.
template <typename Visitor, typename P, typename... Same>
void visit_buffers(Visitor&& visitor, P& p, Same&... same) {
  detail::visit_some<true>(visitor, p, same...);
}

}  // namespace detail

/// Calls visitor(name, tensors…) for every tensor, trained or measured. The name gives its place in the network:
/// "0.weight", nested "1.0.bias". The Parameters of a layer made of other layers use it in their visit.
template <typename Visitor, typename P, typename... Same>
void visit_named_tensors(Visitor&& visitor, P& p, Same&... same) {
  detail::visit_named(visitor, "", p, same...);
}

namespace detail {

/// Calls visitor(name, tensors…) for every trained tensor.
template <typename Visitor, typename P, typename... Same>
void visit_named_parameters(Visitor&& visitor, P& p, Same&... same) {
  lamina::visit_named_tensors(
      [&]<typename First, typename... Rest>(const std::string& name, First& first, Rest&... rest) {
        if constexpr (!detail::is_buffer<std::remove_const_t<First>>) visitor(name, first, rest...);
      },
      p, same...);
}

/// The addresses, sizes and ranks of tensors, trained and measured, in the order of visit_named_tensors. Code that treats
/// all tensors alike uses this list and does not depend on their ranks.
template <typename T>
struct TensorViews {
  std::vector<T*> begins;
  std::vector<Index> sizes;
  std::vector<int> ranks;
  std::vector<unsigned char> measured;  // whether it is a Buffer

  [[gnu::noinline]] void clear() {
    begins.clear();
    sizes.clear();
    ranks.clear();
    measured.clear();
  }

  [[gnu::noinline]] void add(T* begin, Index size, int rank, bool is_measured) {
    begins.push_back(begin);
    sizes.push_back(size);
    ranks.push_back(rank);
    measured.push_back(is_measured);
  }
};

}  // namespace detail

/// Returns the number of trained parameters.
template <typename P>
Index parameter_count(const P& p) {
  Index count = 0;
  lamina::visit_parameters([&](const auto& tensor) { count += tensor.size(); }, p);
  return count;
}

namespace detail {

/// Returns a value of the same shapes, filled with zeros.
template <typename P>
P zeros_like(const P& p) {
  P zeros = p;
  const auto clear = [](auto& tensor) { std::fill_n(tensor.data(), tensor.size(), 0); };
  lamina::visit_parameters(clear, zeros);
  lamina::detail::visit_buffers(clear, zeros);
  return zeros;
}

}  // namespace detail
}  // namespace lamina
