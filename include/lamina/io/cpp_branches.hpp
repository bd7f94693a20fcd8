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
