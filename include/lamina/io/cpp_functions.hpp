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

/// The functions of exported C++ that compute layers with weights, pools and normalisations.
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
    {"conv_transpose", R"(
/// Computes y (P, Q, K) from x (H, W, C), w (R, S, K / groups, C) and b (K) or null; `down` and `right` are the dilation.
static inline void conv_transpose(const Window& o, int K, int groups, int down, int right, const Number* w, const Number* b,
                                  const Number* x, Number* y) {
  const int C = o.C / groups, part = K / groups;
  for (int p = 0; p < o.P; ++p)
    for (int q = 0; q < o.Q; ++q)
      for (int k = 0; k < K; ++k) {
        Number sum = b ? b[k] : 0;
        for (int r = 0; r < o.R; ++r)
          for (int s = 0; s < o.S; ++s) {
            const int h = p + o.padding_h - r * down, v = q + o.padding_w - s * right;
            if (h < 0 || h % o.stride_h || h / o.stride_h >= o.H || v < 0 || v % o.stride_w || v / o.stride_w >= o.W) continue;
            sum += dot(x + (h / o.stride_h * o.W + v / o.stride_w) * o.C + k / part * C,
                       w + ((r * o.S + s) * part + k % part) * o.C + k / part * C, C);
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
};

}  // namespace lamina::detail
