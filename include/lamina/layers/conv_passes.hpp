#pragma once

#include <algorithm>

#include "../kernels/convolutions.hpp"
#include "../kernels/depthwise.hpp"
#include "../kernels/grouped_convolutions.hpp"
#include "bf16_passes.hpp"
#include "conv_parameters.hpp"
#include "layer.hpp"

// The passes of a convolution, which Conv and ConvTranspose share: the kernels that suit its groups and its dilation.
namespace LAMINA_NAMESPACE::detail {

/// The scratch memory of the kernels. Nothing is recorded, because backward gets x again.
template <typename T>
struct ConvWorkspace : PackedWorkspace<T> {
  double ceiling = -1;                    // in inference: not negative if the output is min(max(0, y), ceiling), see Conv::rectify
};

/// Returns whether it is an ordinary convolution, without groups and dilation. Only these are packed, shared among threads and fused.
constexpr bool is_plain(const kernels::ConvShape& g) { return g.groups == 1 && g.dilation_h == 1 && g.dilation_w == 1; }

/// Returns whether each channel has one filter.
constexpr bool is_depthwise(const kernels::ConvShape& g) { return g.groups > 1 && g.groups == g.C && g.groups == g.K; }

/// Returns how many numbers of scratch memory the passes need.
template <typename T>
Index conv_scratch(const kernels::ConvShape& g) {
  if (g.bf16) return g.bf16->scratch(g);
  if (is_plain(g)) return kernels::convolutions<T>().conv_scratch(g);
  return is_depthwise(g) ? 0 : kernels::grouped_scratch<T>(g);
}

/// Returns the weights and the data packed from them.
template <typename T>
kernels::ConvWeights<T> conv_weights(const ConvParameters<T>& p, const ConvWorkspace<T>& ws) {
  return {p.weight.data(), ws.packed_data()};
}

/// Computes y of x, as Convolutions::conv_forward.
template <typename T>
void conv_forward(const kernels::ConvShape& g, const T* x, kernels::ConvWeights<T> w, const T* b, T* y, T* scratch) {
  if constexpr (std::is_same_v<T, float>)
    if (g.bf16) return g.bf16->forward(g, kernels::WeightOrder::channels_first, x, w.w, w.packed, b, y, scratch);
  if (is_depthwise(g)) return kernels::depthwise<T>().forward(g, x, w.w, b, y);
  if (!is_plain(g)) return kernels::grouped_forward<T>(g, x, w.w, b, y, scratch);
  const auto& plain = kernels::convolutions<T>();
  (g.rectified ? plain.conv_relu_forward : plain.conv_forward)(g, x, w, b, y, scratch);
}

/// Returns how many threads a pass is worth: a part takes some five microseconds, several times what it costs to share it. Depthwise
/// convolutions are slower, as memory limits them.
constexpr Index worthwhile_parts(const kernels::ConvShape& g) {
  if (g.bf16) return worthwhile_bf16_parts(g);
  const Index outputs = g.N * g.P * g.Q * g.K, taps = g.R * g.S;
  return is_depthwise(g) ? outputs * taps / 150'000 : outputs * taps * g.C / 500'000;
}

/// Returns how many threads may share a pass: some weights have to be packed for that.
template <typename T>
Index threads_for(const kernels::ConvShape& g, const ConvWorkspace<T>& ws, const Context& context) {
  if (!context.thread_pool) return 1;
  const auto can_share = [&] {
    if (!is_plain(g)) return is_depthwise(g);
    return g.bf16 || (ws.shared && ws.shared->size() > 0) || kernels::convolutions<T>().conv_packed_size(g) == 0;
  };
  const Index threads = (std::min)(context.thread_pool->size(), worthwhile_parts(g));
  return threads > 1 && can_share() ? threads : 1;
}

/// Runs a forward pass in a workspace. With a thread pool and enough work, workers call pass(extents, scratch) with parts of it;
/// otherwise it is called with all of it. Results have the same bits.
template <typename T, typename Pass>
void share_conv_forward(kernels::ConvShape g, ConvWorkspace<T>& ws, const Context& context, const Pass& pass) {
  g.inference = !context.training;
  Index parts = threads_for(g, ws, context);
  if (!g.inference) parts = (std::min)(parts, g.N);
  if (parts < 2) return pass(g, ws.scratch.data());
  g.parts = parts;
  share_parts(g, parts, conv_scratch<T>(g), ws.scratch, context, pass);
}

/// The gradients that a call computes: those of the parameters, of the input, or both.
struct Gradients {
  bool of_parameters = true, of_input = true;
};

/// Does the same with a backward pass: pass(extents, gradients, scratch). One half of the threads computes parts of dw, which
/// transform some numbers again, while the others compute images of dx; who is done takes further images.
template <typename T, typename Pass>
void share_conv_backward(const kernels::ConvShape& g, ConvWorkspace<T>& ws, const Context& context, bool needs_dx, const Pass& pass) {
  const Index threads = threads_for(g, ws, context);
  if (threads < 2) return pass(g, Gradients{}, ws.scratch.data());
  auto weights = g, input = g;
  weights.parts = needs_dx ? (threads + 1) / 2 : threads;
  input.parts = needs_dx ? (std::min)(2 * threads, g.N) : 0;
  const Index room = conv_scratch<T>(weights);
  reshape(ws.scratch, Shape<1>{{room * context.thread_pool->size()}});
  context.thread_pool->parallel_for(weights.parts + input.parts, [&](Index worker, Index part) {
    const bool of_input = part >= weights.parts;
    auto own = of_input ? input : weights;
    own.part = of_input ? part - weights.parts : part;
    pass(own, Gradients{!of_input, of_input}, ws.scratch.data() + worker * room);
  });
}

/// Computes the gradients, as Convolutions::conv_backward.
template <typename T>
void conv_backward(const kernels::ConvShape& g, const T* x, kernels::ConvWeights<T> w, const T* dy, T* dx, T* dw, T* db, T* scratch) {
  if constexpr (std::is_same_v<T, float>)
    if (g.bf16) return g.bf16->backward(g, kernels::WeightOrder::channels_first, {x, nullptr, dy, dx, dw, db}, w.w, w.packed, scratch);
  if (is_depthwise(g)) return kernels::depthwise<T>().backward(g, x, w.w, dy, dx, dw, db);
  if (!is_plain(g)) return kernels::grouped_backward<T>(g, x, w.w, dy, dx, dw, db, scratch);
  kernels::convolutions<T>().conv_backward(g, x, w, dy, dx, dw, db, scratch);
}

/// Computes the gradients where a ReLU follows, which gave y, as Convolutions::conv_relu_backward.
template <typename T>
void conv_relu_backward(const kernels::ConvShape& g, const T* x, kernels::ConvWeights<T> w, const T* y, const T* dy, T* dx, T* dw, T* db, T* scratch) {
  if constexpr (std::is_same_v<T, float>)
    if (g.bf16) return g.bf16->backward(g, kernels::WeightOrder::channels_first, {x, y, dy, dx, dw, db}, w.w, w.packed, scratch);
  kernels::convolutions<T>().conv_relu_backward(g, x, w, y, dy, dx, dw, db, scratch);
}

/// Precomputes data derived from the weights, such as Winograd-transformed kernels, if there are any for these extents.
template <typename T>
void pack_conv_weights(const kernels::ConvShape& g, const ConvParameters<T>& p, ConvWorkspace<T>& ws, RoundRobin& turns) {
  if constexpr (std::is_same_v<T, float>)
    if (g.bf16) return pack_bf16(g, kernels::WeightOrder::channels_first, p.weight.data(), ws.packed, turns);
  const Index size = kernels::convolutions<T>().conv_packed_size(g);
  if (size == 0 || !turns.mine()) return;
  reshape(ws.packed, Shape<1>{{size}});
  kernels::convolutions<T>().conv_pack(g, p.weight.data(), ws.packed.data());
}

/// Lets a workspace use what another one has packed. Returns whether there is anything.
template <typename T>
bool share_conv_weights(const ConvWorkspace<T>& from, ConvWorkspace<T>& to) {
  to.shared = &from.packed;
  to.ceiling = from.ceiling;
  return from.packed.size() > 0;
}

}  // namespace lamina::detail
