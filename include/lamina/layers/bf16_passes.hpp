#pragma once

#include <algorithm>
#include <type_traits>

#include "../kernels/bf16_products.hpp"
#include "layer.hpp"

// Passes of convolutions and dense layers that multiply bfloat16 numbers, see Precision. Weights stay numbers of the model's type in
// Parameters; rounded copies, in the order in which tiles read them, are packed. What passes from layer to layer is not rounded.
namespace LAMINA_NAMESPACE::detail {

/// Scratch memory of kernels, and weights in the order in which they are read.
template <typename T>
struct PackedWorkspace {
  Tensor<T, 1> scratch;
  Tensor<T, 1> packed;                    // written by pack_weights
  const Tensor<T, 1>* shared = nullptr;  // the packed weights, here or in another workspace

  const T* packed_data() const { return shared && shared->size() > 0 ? shared->data() : nullptr; }
};

/// Returns the kernels of bfloat16 numbers for a layer of this shape, or null if it is to be computed in T.
template <typename T>
const kernels::Bf16Products* bf16_for([[maybe_unused]] const Context& context, [[maybe_unused]] const kernels::ConvShape& g) {
  if constexpr (std::is_same_v<T, float>) {
    if (context.bf16 && context.bf16->suits(g)) return context.bf16;
  }
  return nullptr;
}

/// Returns how many threads are worth sharing a pass: tiles are some eight times as fast as float registers.
inline Index worthwhile_bf16_parts(const kernels::ConvShape& g) { return g.N * g.P * g.Q * g.K * g.R * g.S * g.C / 4'000'000; }

/// Packs a layer's weights, if it is this worker's turn.
inline void pack_bf16(const kernels::ConvShape& g, kernels::WeightOrder order, const float* w, Tensor<float, 1>& packed, RoundRobin& turns) {
  if (!turns.mine()) return;
  reshape(packed, Shape<1>{{g.bf16->packed_size(g)}});
  g.bf16->pack(g, order, w, packed.data());
}

/// Returns the shape of a dense layer of N rows of F numbers and U units: a convolution of one image of N × 1 pixels.
inline kernels::ConvShape dense_shape(Index N, Index F, Index U) {
  return {.N = 1, .H = N, .W = 1, .C = F, .K = U, .R = 1, .S = 1, .stride_h = 1, .stride_w = 1, .padding_h = 0, .padding_w = 0, .P = N, .Q = 1};
}

/// Calls pass(g, scratch) with each of some parts of a pass, on the threads of the context. A part needs `room` numbers of scratch memory.
template <typename T, typename Pass>
void share_parts(kernels::ConvShape g, Index parts, Index room, Tensor<T, 1>& scratch, const Context& context, const Pass& pass) {
  reshape(scratch, Shape<1>{{parts < 2 ? room : room * context.thread_pool->size()}});
  if (parts < 2) return pass(g, scratch.data());
  g.parts = parts;
  context.thread_pool->parallel_for(parts, [&](Index worker, Index part) {
    auto own = g;
    own.part = part;
    pass(own, scratch.data() + worker * room);
  });
}

/// Does so with a dense layer's pass. One that learns has a backward pass, which needs more memory.
template <typename Pass>
void share_bf16(kernels::ConvShape g, bool learns, Tensor<float, 1>& scratch, const Context& context, const Pass& pass) {
  g.inference = !learns;
  const Index threads = context.thread_pool ? context.thread_pool->size() : 1;
  share_parts(g, (std::min)(threads, worthwhile_bf16_parts(g)), g.bf16->scratch(g), scratch, context, pass);
}

}  // namespace lamina::detail
