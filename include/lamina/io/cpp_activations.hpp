#pragma once

#include "cpp_functions.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The activations among the functions of exported C++.
inline constexpr CppFunction cpp_activations[] = {
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
};

}  // namespace lamina::detail
