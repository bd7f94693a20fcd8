#pragma once

#include <lamina/layers/layer.hpp>

/// A layer that measures and learns: it takes from each feature its mean, in training that of the samples that it is given, in
/// inference the one that it has seen so far, and multiplies by a gain.
///
///   training     m = Σₙ x[n,f] / N        y[n,f] = g[f]·(x[n,f] − m[f])        r ← (1 − momentum)·r + momentum·m
///   inference    y[n,f] = g[f]·(x[n,f] − r[f])
///
///   dg[f] = Σₙ dy[n,f]·(x[n,f] − m[f])        dx[n,f] = g[f]·(dy[n,f] − Σₙ dy[n,f] / N); in inference without the sum
struct Centre {
  double momentum = 0.1;

  static constexpr std::string_view name = "Centre";

  template <typename T>
  struct Parameters {
    lamina::Tensor<T, 1> gain;
    lamina::Buffer<T, 1> running_mean;

    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) {
      visitor("gain", self.gain...);
      visitor("running_mean", self.running_mean...);
    }
  };

  template <lamina::AnyTensor X>
  struct Workspace {
    lamina::Tensor<lamina::scalar_t<X>, 1> mean;
  };

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("momentum", self.momentum...);
  }

  lamina::Index parameter_count(const lamina::Shape<2>& in) const { return 2 * in[1]; }
  lamina::Shape<2> output_shape(const lamina::Shape<2>& in) const { return in; }

  template <typename T>
  Parameters<T> initialize(const lamina::Shape<2>& in, lamina::Rng) const {
    Parameters<T> p{lamina::Tensor<T, 1>(in[1]), lamina::Buffer<T, 1>(in[1])};
    p.gain.setConstant(1);
    p.running_mean.setZero();
    return p;
  }

  template <typename T>
  void forward(const Parameters<T>& p, const lamina::Tensor<T, 2>& x, Workspace<lamina::Tensor<T, 2>>& ws,
               lamina::Tensor<T, 2>& y, const lamina::Context& context) const {
    const lamina::Index N = x.dimension(0), F = x.dimension(1);
    lamina::reshape(ws.mean, lamina::Shape{F});
    lamina::reshape(y, lamina::shape(x));
    for (lamina::Index f = 0; f < F; ++f) {
      T sum = 0;
      for (lamina::Index n = 0; n < N; ++n) sum += x(n, f);
      ws.mean(f) = context.training ? sum / static_cast<T>(N) : p.running_mean(f);
      for (lamina::Index n = 0; n < N; ++n) y(n, f) = p.gain(f) * (x(n, f) - ws.mean(f));
    }
  }

  template <typename T>
  void backward(const Parameters<T>& p, const lamina::Tensor<T, 2>& x, const lamina::Tensor<T, 2>&,
                const lamina::Tensor<T, 2>& dy, Workspace<lamina::Tensor<T, 2>>& ws, lamina::Tensor<T, 2>* dx,
                Parameters<T>& dp, const lamina::Context& context) const {
    const lamina::Index N = x.dimension(0), F = x.dimension(1);
    lamina::reshape(dp.gain, lamina::Shape{F});
    lamina::reshape(dp.running_mean, lamina::Shape{F});
    if (dx) lamina::reshape(*dx, lamina::shape(x));
    for (lamina::Index f = 0; f < F; ++f) {
      T sum = 0;
      dp.gain(f) = 0;
      for (lamina::Index n = 0; n < N; ++n) {
        sum += dy(n, f);
        dp.gain(f) += dy(n, f) * (x(n, f) - ws.mean(f));
      }
      const T mean = context.training ? sum / static_cast<T>(N) : 0;
      if (dx)
        for (lamina::Index n = 0; n < N; ++n) (*dx)(n, f) = p.gain(f) * (dy(n, f) - mean);
      dp.running_mean(f) = static_cast<T>((1 - momentum) * p.running_mean(f) + momentum * ws.mean(f));
    }
  }
};
