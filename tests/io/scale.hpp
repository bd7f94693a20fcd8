#pragma once

#include <lamina/layers/layer.hpp>

/// A layer as a user writes one: every feature has a factor. It does not say how many multiply-adds it takes.
struct Scale {
  static constexpr std::string_view name = "Scale";

  template <typename T>
  struct Parameters {
    lamina::Tensor<T, 1> factor;  // (F)

    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) {
      visitor("factor", self.factor...);
    }
  };
  template <lamina::AnyTensor>
  using Workspace = lamina::None;

  constexpr lamina::Shape<2> output_shape(const lamina::Shape<2>& in) const { return in; }

  constexpr lamina::Index parameter_count(const lamina::Shape<2>& in) const { return in[1]; }

  template <typename T>
  Parameters<T> initialize(const lamina::Shape<2>& in, lamina::Rng rng) const {
    Parameters<T> p;
    lamina::reshape(p.factor, lamina::Shape<1>{{in[1]}});
    for (lamina::Index f = 0; f < in[1]; ++f) p.factor(f) = static_cast<T>(rng.normal());
    return p;
  }

  template <typename T>
  void forward(const Parameters<T>& p, const lamina::Tensor<T, 2>& x, lamina::None&, lamina::Tensor<T, 2>& y) const {
    lamina::reshape(y, lamina::shape(x));
    for (lamina::Index i = 0; i < x.size(); ++i) y.data()[i] = x.data()[i] * p.factor(i % p.factor.size());
  }

  template <typename T>
  void backward(const Parameters<T>& p, const lamina::Tensor<T, 2>& x, const lamina::Tensor<T, 2>& /*y*/,
                const lamina::Tensor<T, 2>& dy, lamina::None&, lamina::Tensor<T, 2>* dx, Parameters<T>& dp) const {
    lamina::reshape(dp.factor, lamina::shape(p.factor));
    lamina::reshape(dx, lamina::shape(x));
    dp.factor.setZero();
    for (lamina::Index i = 0; i < x.size(); ++i) {
      const lamina::Index f = i % p.factor.size();
      dp.factor(f) += dy.data()[i] * x.data()[i];
      if (dx) dx->data()[i] = dy.data()[i] * p.factor(f);
    }
  }
};
