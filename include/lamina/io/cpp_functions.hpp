#pragma once

#include <string_view>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A function that exported C++ may need. Its name finds the calls of it.
struct CppFunction {
  std::string_view name, text;
};

inline constexpr std::string_view cpp_window = R"(
/// A window that slides over an image (H, W, C) and gives (P, Q). Padding does not count.
struct Window {
  int H, W, C, R, S, stride_h, stride_w, padding_h, padding_w, P, Q;
};

static inline int first(int at) { return at < 0 ? -at : 0; }                                      // of a window in the image
static inline int last(int at, int window, int image) { return at + window > image ? image - at : window; }
)";

inline constexpr CppFunction cpp_functions[] = {
    {"dot", R"(
static inline Number dot(const Number* x, const Number* w, int n) {
  Number a = 0, b = 0, c = 0, d = 0;
  int i = 0;
  for (; i + 4 <= n; i += 4) {
    a += x[i] * w[i];
    b += x[i + 1] * w[i + 1];
    c += x[i + 2] * w[i + 2];
    d += x[i + 3] * w[i + 3];
  }
  for (; i < n; ++i) a += x[i] * w[i];
  return (a + b) + (c + d);
}
)"},
    {"conv", R"(
/// Computes y (P, Q, K) from x (H, W, C), w (K, R, S, C) and b (K) or null.
static inline void conv(const Window& o, int K, const Number* w, const Number* b, const Number* x, Number* y) {
  for (int p = 0; p < o.P; ++p)
    for (int q = 0; q < o.Q; ++q)
      for (int k = 0; k < K; ++k) {
        const int h = p * o.stride_h - o.padding_h, v = q * o.stride_w - o.padding_w;
        const int s = first(v), n = last(v, o.S, o.W) - s;
        Number sum = b ? b[k] : 0;
        for (int r = first(h); n > 0 && r < last(h, o.R, o.H); ++r)
          sum += dot(x + ((h + r) * o.W + v + s) * o.C, w + ((k * o.R + r) * o.S + s) * o.C, n * o.C);
        y[(p * o.Q + q) * K + k] = sum;
      }
}
)"},
    {"grouped_conv", R"(
/// Computes a conv of groups, each from C / groups channels to K / groups; `down` and `right` are the dilation.
static inline void grouped_conv(const Window& o, int K, int groups, int down, int right, const Number* w, const Number* b,
                                const Number* x, Number* y) {
  const int C = o.C / groups;
  for (int p = 0; p < o.P; ++p)
    for (int q = 0; q < o.Q; ++q)
      for (int k = 0; k < K; ++k) {
        Number sum = b ? b[k] : 0;
        for (int r = 0; r < o.R; ++r)
          for (int s = 0; s < o.S; ++s) {
            const int h = p * o.stride_h - o.padding_h + r * down, v = q * o.stride_w - o.padding_w + s * right;
            if (h < 0 || h >= o.H || v < 0 || v >= o.W) continue;
            sum += dot(x + (h * o.W + v) * o.C + k / (K / groups) * C, w + ((k * o.R + r) * o.S + s) * C, C);
          }
        y[(p * o.Q + q) * K + k] = sum;
      }
}
)"},
    {"dense", R"(
/// Computes y (U) from x (F), w (U, F) and b (U) or null.
static inline void dense(int F, int U, const Number* w, const Number* b, const Number* x, Number* y) {
  for (int u = 0; u < U; ++u) y[u] = (b ? b[u] : 0) + dot(x, w + u * F, F);
}
)"},
    {"max_pool", R"(
static inline void max_pool(const Window& o, const Number* x, Number* y) {
  for (int p = 0; p < o.P; ++p)
    for (int q = 0; q < o.Q; ++q)
      for (int c = 0; c < o.C; ++c) {
        const int h = p * o.stride_h - o.padding_h, v = q * o.stride_w - o.padding_w;
        Number most = x[((h + first(h)) * o.W + v + first(v)) * o.C + c];
        for (int r = first(h); r < last(h, o.R, o.H); ++r)
          for (int s = first(v); s < last(v, o.S, o.W); ++s) {
            const Number value = x[((h + r) * o.W + v + s) * o.C + c];
            if (value > most || value != value) most = value;
          }
        y[(p * o.Q + q) * o.C + c] = most;
      }
}
)"},
    {"average_pool", R"(
static inline void average_pool(const Window& o, const Number* x, Number* y) {
  for (int p = 0; p < o.P; ++p)
    for (int q = 0; q < o.Q; ++q)
      for (int c = 0; c < o.C; ++c) {
        const int h = p * o.stride_h - o.padding_h, v = q * o.stride_w - o.padding_w;
        Number sum = 0;
        for (int r = first(h); r < last(h, o.R, o.H); ++r)
          for (int s = first(v); s < last(v, o.S, o.W); ++s) sum += x[((h + r) * o.W + v + s) * o.C + c];
        const int n = (last(h, o.R, o.H) - first(h)) * (last(v, o.S, o.W) - first(v));
        y[(p * o.Q + q) * o.C + c] = sum / static_cast<Number>(n);
      }
}
)"},
    {"padded_average_pool", R"(
/// Averages windows, counting the padding as zeros. The padded image ends at (bottom, right).
static inline void padded_average_pool(const Window& o, int bottom, int right, const Number* x, Number* y) {
  for (int p = 0; p < o.P; ++p)
    for (int q = 0; q < o.Q; ++q)
      for (int c = 0; c < o.C; ++c) {
        const int h = p * o.stride_h - o.padding_h, v = q * o.stride_w - o.padding_w;
        Number sum = 0;
        for (int r = first(h); r < last(h, o.R, o.H); ++r)
          for (int s = first(v); s < last(v, o.S, o.W); ++s) sum += x[((h + r) * o.W + v + s) * o.C + c];
        y[(p * o.Q + q) * o.C + c] = sum / static_cast<Number>(last(h, o.R, bottom) * last(v, o.S, right));
      }
}
)"},
    {"batch_norm", R"(
/// Normalises x (n, C) by each channel's mean and variance, then multiplies by w and adds b, unless they are null.
static inline void batch_norm(int n, int C, Number epsilon, const Number* w, const Number* b, const Number* mean,
                              const Number* variance, const Number* x, Number* y) {
  for (int c = 0; c < C; ++c) {
    const Number scale = (w ? w[c] : 1) / std::sqrt(variance[c] + epsilon);
    for (int i = c; i < n * C; i += C) y[i] = scale * (x[i] - mean[c]) + (b ? b[c] : 0);
  }
}
)"},
    {"group_norm", R"(
/// Normalises each group of x (n, groups, size) over n and size, then multiplies by w and adds b, unless they are null. Both
/// have C elements and repeat.
static inline void group_norm(int n, int groups, int size, int C, Number epsilon, const Number* w, const Number* b,
                              const Number* x, Number* y) {
  const int line = groups * size;
  for (int g = 0; g < groups; ++g) {
    Number mean = 0, variance = 0;
    for (int i = 0; i < n; ++i)
      for (int k = g * size; k < (g + 1) * size; ++k) mean += x[i * line + k];
    mean /= static_cast<Number>(n * size);
    for (int i = 0; i < n; ++i)
      for (int k = g * size; k < (g + 1) * size; ++k) variance += (x[i * line + k] - mean) * (x[i * line + k] - mean);
    const Number s = 1 / std::sqrt(variance / static_cast<Number>(n * size) + epsilon);
    for (int i = 0; i < n; ++i)
      for (int k = g * size; k < (g + 1) * size; ++k)
        y[i * line + k] = (w ? w[k % C] : 1) * ((x[i * line + k] - mean) * s) + (b ? b[k % C] : 0);
  }
}
)"},
    {"relu", R"(
static inline void relu(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] < 0 ? 0 : x[i];
}
)"},
    {"leaky_relu", R"(
static inline void leaky_relu(int n, Number slope, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}
)"},
    {"sigmoid", R"(
static inline void sigmoid(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) {
    const Number e = std::exp(x[i] < 0 ? x[i] : -x[i]);
    y[i] = (x[i] < 0 ? e : 1) / (1 + e);
  }
}
)"},
    {"relu6", R"(
static inline void relu6(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] < 0 ? 0 : x[i] > 6 ? 6 : x[i];
}
)"},
    {"hard_sigmoid", R"(
static inline void hard_sigmoid(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] < -3 ? 0 : x[i] > 3 ? 1 : (x[i] + 3) / 6;
}
)"},
    {"hard_swish", R"(
static inline void hard_swish(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] * (x[i] < -3 ? 0 : x[i] > 3 ? 1 : (x[i] + 3) / 6);
}
)"},
    {"silu", R"(
static inline void silu(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) {
    const Number e = std::exp(x[i] < 0 ? x[i] : -x[i]);
    y[i] = x[i] * (x[i] < 0 ? e : 1) / (1 + e);
  }
}
)"},
    {"gelu", R"(
static inline void gelu(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] * std::erfc(x[i] * static_cast<Number>(-0.7071067811865476)) / 2;
}
)"},
    {"gelu_approximate", R"(
static inline void gelu_approximate(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i)
    y[i] = x[i] * (1 + std::tanh(static_cast<Number>(0.7978845608028654) * (x[i] + static_cast<Number>(0.044715) * x[i] * x[i] * x[i]))) / 2;
}
)"},
    {"elu", R"(
static inline void elu(int n, Number alpha, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] : alpha * std::expm1(x[i]);
}
)"},
    {"softplus", R"(
static inline void softplus(int n, Number beta, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) {
    const Number z = beta * x[i];
    y[i] = ((z < 0 ? 0 : z) + std::log1p(std::exp(z < 0 ? z : -z))) / beta;
  }
}
)"},
    {"prelu", R"(
static inline void prelu(int n, int C, const Number* a, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] : a[i % C] * x[i];
}
)"},
    {"tanh", R"(
static inline void tanh(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = std::tanh(x[i]);
}
)"},
    {"softmax", R"(
static inline void softmax(int n, const Number* x, Number* y) {
  Number most = x[0], sum = 0;
  for (int i = 1; i < n; ++i) most = x[i] > most ? x[i] : most;
  for (int i = 0; i < n; ++i) sum += y[i] = std::exp(x[i] - most);
  for (int i = 0; i < n; ++i) y[i] /= sum;
}
)"},
    {"subsample", R"(
/// Copies every stride-th row and column of x (…, W, C) to y (P, Q, K), to the channels from `front` on; the others are 0.
static inline void subsample(int W, int C, int stride_h, int stride_w, int P, int Q, int K, int front, const Number* x, Number* y) {
  for (int p = 0; p < P; ++p)
    for (int q = 0; q < Q; ++q)
      for (int k = 0; k < K; ++k)
        y[(p * Q + q) * K + k] =
            k < front || k >= front + C ? 0 : x[(p * stride_h * W + q * stride_w) * C + k - front];
}
)"},
    {"channel_shuffle", R"(
/// Makes m groups of g channels of g groups of m channels.
static inline void channel_shuffle(int n, int g, int m, const Number* x, Number* y) {
  for (int at = 0; at < n; at += g * m)
    for (int i = 0; i < g; ++i)
      for (int j = 0; j < m; ++j) y[at + j * g + i] = x[at + i * m + j];
}
)"},
    {"upsample_nearest", R"(
/// Repeats each row of x (H, W, C) s times and each column t times.
static inline void upsample_nearest(int H, int W, int C, int s, int t, const Number* x, Number* y) {
  for (int p = 0; p < H * s; ++p)
    for (int q = 0; q < W * t; ++q)
      for (int c = 0; c < C; ++c) y[(p * W * t + q) * C + c] = x[(p / s * W + q / t) * C + c];
}
)"},
    {"upsample_bilinear", R"(
/// Computes y (H s, W t, C) from x (H, W, C), between the pixels of x at ((p + 1/2) / s - 1/2, (q + 1/2) / t - 1/2).
static inline void upsample_bilinear(int H, int W, int C, int s, int t, const Number* x, Number* y) {
  for (int p = 0; p < H * s; ++p)
    for (int q = 0; q < W * t; ++q) {
      const int u = 2 * p + 1 > s ? 2 * p + 1 - s : 0, v = 2 * q + 1 > t ? 2 * q + 1 - t : 0;
      const int h = u / (2 * s), w = v / (2 * t), below = h + 1 < H ? h + 1 : h, right = w + 1 < W ? w + 1 : w;
      const Number a = static_cast<Number>(u % (2 * s)) / static_cast<Number>(2 * s);
      const Number b = static_cast<Number>(v % (2 * t)) / static_cast<Number>(2 * t);
      for (int c = 0; c < C; ++c)
        y[(p * W * t + q) * C + c] = (1 - a) * ((1 - b) * x[(h * W + w) * C + c] + b * x[(h * W + right) * C + c]) +
                                     a * ((1 - b) * x[(below * W + w) * C + c] + b * x[(below * W + right) * C + c]);
    }
}
)"},
    {"narrow", R"(
/// Copies x (n, C), the columns from `start` on, to y (n, K).
static inline void narrow(int n, int C, int start, int K, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < K; ++k) y[i * K + k] = x[i * C + start + k];
}
)"},
    {"add", R"(
static inline void add(int n, const Number* a, const Number* b, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = a[i] + b[i];
}
)"},
    {"multiply", R"(
static inline void multiply(int n, const Number* a, const Number* b, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = a[i] * b[i];
}
)"},
    {"scale_channels", R"(
/// Multiplies x (n, C) by one factor for each channel.
static inline void scale_channels(int n, int C, const Number* x, const Number* factor, Number* y) {
  for (int i = 0; i < n; ++i)
    for (int c = 0; c < C; ++c) y[i * C + c] = x[i * C + c] * factor[c];
}
)"},
    {"place", R"(
/// Copies x (n, C) to the channels of y (n, all) from `at` on.
static inline void place(int n, int C, int all, int at, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i)
    for (int c = 0; c < C; ++c) y[i * all + at + c] = x[i * C + c];
}
)"},
    {"copy", R"(
static inline void copy(int n, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i) y[i] = x[i];
}
)"},
};

}  // namespace lamina::detail
