#pragma once

// The border of the kernels: one table of function pointers per scalar type. Pointers, extents and plain structs cross it,
// nothing else: no tensor, no layer, no register. editions.hpp fills such a table for every instruction set.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lamina::kernels {

using Index = std::ptrdiff_t;

/// The extents of a convolution or a pool, x (N,H,W,C) → y (N,P,Q,K):
/// windows of R × S numbers, stride_h · stride_w apart, over x in a border of padding_h rows and padding_w columns.
/// P ≤ (H + 2·padding_h − R) / stride_h + 1 and likewise Q. A pool has K = C and a padding smaller than its window.
struct Window {
  Index N, H, W, C;
  Index K;
  Index R, S;
  Index stride_h, stride_w;
  Index padding_h, padding_w;
  Index P, Q;
  bool winograd = true;  ///< whether a convolution may be computed by Winograd's algorithm where that is faster
  Index part = 0;        ///< several threads may share a forward pass with prepared weights: each calls for another part,
  Index parts = 1;       ///< with scratch of its own. Where a pass is not cut into parts, part 0 does all of it.
};

/// A convolution's weights (R,S,C,K) and, where somebody made it, what conv_prepare makes of them.
template <typename T>
struct ConvWeights {
  const T* w;
  const T* prepared;
  constexpr ConvWeights(const T* weights, const T* made = nullptr) : w(weights), prepared(made) {}
};

/// Stochastic gradient descent, see Kernels::sgd_step.
template <typename T>
struct SgdStep {
  T learning_rate, momentum, weight_decay;
  bool nesterov;
  T l1 = 0;
};

/// Adam, see Kernels::adam_step. What follows from the number of the step is computed once, outside, in double.
template <typename T>
struct AdamStep {
  T beta1, beta1_rest;  ///< β₁ and 1 − β₁
  T beta2, beta2_rest;
  T rate;     ///< learning_rate / (1 − β₁ᵗ)
  T root;     ///< 1 / √(1 − β₂ᵗ)
  T epsilon;  ///< above 0
  T l1, weight_decay;
  T keep;  ///< what θ is multiplied by first: 1 − learning_rate · weight_decay in AdamW, else 1
};

/// An integer as wide as T: the offset r·S + s inside its window of the number that won a max pool.
template <typename T>
using winner_t = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// One edition for one scalar type. Outputs are overwritten, never added to. Every sum has an order that depends on the
/// extents only. Scratch has the size asked for, counted in T, and is aligned to 64 bytes; nothing else need be aligned.
/// No output may overlap an input, except that the pointwise functions may write over what they read.
template <typename T>
struct Kernels {
  const char* name;  ///< for people: "AVX-512"
  const char* key;   ///< for LAMINA_EDITION: "avx512"

  /// y[n,p,q,k] = b[k] + Σ_r Σ_s Σ_c x[n, p·stride_h + r − padding_h, q·stride_w + s − padding_w, c] · w[r,s,c,k],
  /// x being 0 outside. w (R,S,C,K), b (K). dx may be null: it is not computed then.
  Index (*conv_scratch)(const Window&);
  void (*conv_forward)(const Window&, const T* x, ConvWeights<T> w, const T* b, T* y, T* scratch);
  void (*conv_backward)(const Window&, const T* x, ConvWeights<T> w, const T* dy, T* dx, T* dw, T* db, T* scratch);

  /// What every call with the same weights would make of them anew can be made once: how many numbers that is, 0 where it
  /// is nothing, and making it. Depends on C, K, R, S, the strides and `winograd` only. Results are the same bits.
  Index (*conv_prepared_size)(const Window&);
  void (*conv_prepare)(const Window&, const T* w, T* prepared);

  /// y = relu(conv(x)). dy is y's.
  void (*conv_relu_forward)(const Window&, const T* x, ConvWeights<T> w, const T* b, T* y, T* scratch);
  void (*conv_relu_backward)(const Window&, const T* x, ConvWeights<T> w, const T* y, const T* dy, T* dx, T* dw, T* db,
                             T* scratch);

  /// y = maxpool(relu(conv(x))), the pool's windows 2 × 2, two apart, without padding: y (N,P/2,Q/2,K), rounded down. The
  /// window is the convolution's. The numbers are those of the three one after another, NaN and equal ones included.
  /// winner (N,P/2,Q/2,K) says where in its window each y was found, 0 … 3 row by row; 4 where relu let nothing through.
  /// It may be null in inference. dy is y's.
  void (*conv_relu_pool_forward)(const Window&, const T* x, ConvWeights<T> w, const T* b, T* y, unsigned char* winner,
                                 T* scratch);
  void (*conv_relu_pool_backward)(const Window&, const T* x, ConvWeights<T> w, const T* dy, const unsigned char* winner,
                                  T* dx, T* dw, T* db, T* scratch);

  /// y = x · wᵀ + b: x (N, F), w (U, F), b (U), y (N, U). dx may be null.
  Index (*dense_scratch)(Index N, Index F, Index U);
  void (*dense_forward)(Index N, Index F, Index U, const T* x, const T* w, const T* b, T* y, T* scratch);
  void (*dense_backward)(Index N, Index F, Index U, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db,
                         T* scratch);

  /// The largest of each window, the first of equal ones; NaN if there is one, the first NaN then being the winner.
  /// winner (N,P,Q,C) may be null in inference.
  void (*max_pool_forward)(const Window&, const T* x, T* y, winner_t<T>* winner);
  void (*max_pool_backward)(const Window&, const T* dy, const winner_t<T>* winner, T* dx);
  /// The mean of the numbers of x in each window; padding is not among them.
  void (*average_pool_forward)(const Window&, const T* x, T* y);
  void (*average_pool_backward)(const Window&, const T* dy, T* dx);

  /// y = max(0, x); NaN stays NaN; the derivative at 0 is 0.
  void (*relu)(const T* x, T* y, Index n);
  void (*relu_backward)(const T* x, const T* dy, T* dx, Index n);
  /// y = x > 0 ? x : slope · x
  void (*leaky_relu)(T slope, const T* x, T* y, Index n);
  void (*leaky_relu_backward)(T slope, const T* x, const T* dy, T* dx, Index n);

  /// y = 1 / (1 + e⁻ˣ), its relative error a few roundings on either side of 0; NaN stays NaN. Results below the smallest
  /// normal number are 0.
  void (*sigmoid)(const T* x, T* y, Index n);

  /// y = scale · x + offset
  void (*from_bytes)(const unsigned char* x, T* y, Index n, T scale, T offset);

  /// θ[begin … end) one step further, as PyTorch's SGD defines it:
  ///
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ + l1 · sign(θ), sign(0) = 0
  ///   v = momentum · v + g                 (velocity is null when there is no momentum: then θ −= learning_rate · g)
  ///   θ −= learning_rate · (nesterov ? g + momentum · v : v)
  ///
  /// At least one shard. Returns whether every new θ is finite.
  bool (*sgd_step)(const T* const* gradients, Index shards, T* theta, T* velocity, Index begin, Index end,
                   const SgdStep<T>& step);

  /// θ[begin … end) one step further, as PyTorch's Adam and AdamW define it:
  ///
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ + l1 · sign(θ)
  ///   m = β₁ · m + (1 − β₁) · g        v = β₂ · v + (1 − β₂) · g²
  ///   θ = keep · θ − rate · m / (root · √v + epsilon)
  ///
  /// At least one shard. Returns whether every new θ is finite.
  bool (*adam_step)(const T* const* gradients, Index shards, T* theta, T* m, T* v, Index begin, Index end,
                    const AdamStep<T>& step);
};

/// Every edition in this program that this machine can run, the fastest first.
template <typename T>
std::vector<const Kernels<T>*> editions();

/// The edition of that key: "avx512", "avx2" or "baseline"; an empty one asks for the fastest.
/// Throws std::invalid_argument, naming the choices, when there is none of that key or this machine cannot run it.
template <typename T>
const Kernels<T>& edition(std::string_view key);

/// The fastest edition, or the one that the environment variable LAMINA_EDITION names; chosen once. Throws as edition().
template <typename T>
const Kernels<T>& best();

}  // namespace lamina::kernels
