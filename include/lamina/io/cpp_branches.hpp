#pragma once

#include "cpp_functions.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The functions of exported C++ that merge and copy the values of branches.
inline constexpr CppFunction cpp_branches[] = {
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
    {"narrow", R"(
/// Copies x (n, C), the columns from `start` on, to y (n, K).
static inline void narrow(int n, int C, int start, int K, const Number* x, Number* y) {
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < K; ++k) y[i * K + k] = x[i * C + start + k];
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
