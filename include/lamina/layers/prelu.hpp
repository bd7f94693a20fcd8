#pragma once

#include <string_view>
#include <vector>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

template <typename T>
struct PReLUParameters {
  Tensor<T, 1> weight;  // a: (1) or (C)

  template <typename Visitor, typename... Self>
  static void visit(Visitor&& visitor, Self&... self) {
    visitor("weight", self.weight...);
  }
};

/// A rectifier that learns its slope below 0: one slope for all channels, or one for each channel. He et al. 2015, eq. 1; torch.nn.PReLU.
///
///   y[…,c] = x[…,c] for x > 0, else a[c]·x[…,c]        x, y (N, …, C)    a (C), or (1) and the same for every c
///
/// Training starts from a = ¼.
struct PReLU {
  Index num_parameters = 1;  // 1, or as many as there are channels

  static constexpr std::string_view name = "PReLU";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("num_parameters", self.num_parameters...);
  }

  template <typename T>
  using Parameters = PReLUParameters<T>;
  template <AnyTensor>
  struct Workspace {
    std::vector<double> sums;  // of the gradient of a
  };

  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    if (num_parameters != 1 && num_parameters != in[Rank - 1])
      throw ShapeError(str_cat("PReLU: expects num_parameters of 1, or of as many as there are channels, but got ", num_parameters,
                               " and ", in));
    return in;
  }

  template <int Rank>
  constexpr Index parameter_count(const Shape<Rank>& in) const {
    output_shape(in);
    return num_parameters;
  }

  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng) const {
    Parameters<T> p;
    reshape(p.weight, Shape<1>{{parameter_count(in)}});
    p.weight.setConstant(T(0.25));
    return p;
  }

  template <typename T, int Rank>
  void forward(const Parameters<T>& p, const Tensor<T, Rank>& x, Workspace<Tensor<T, Rank>>&, Tensor<T, Rank>& y) const {
    check(p, shape(x));
    reshape(y, shape(x));
    const Index C = p.weight.size();
    Index c = 0;
    for (Index i = 0; i < x.size(); ++i) {
      y.data()[i] = x.data()[i] > 0 ? x.data()[i] : p.weight(c) * x.data()[i];
      if (++c == C) c = 0;
    }
  }

  /// Computes the gradients. Only elements with x ≤ 0 depend on a:
  ///
  ///   dx = dy for x > 0, else a[c]·dy        da[c] = Σ dy·x over the elements x ≤ 0 of channel c
  template <typename T, int Rank>
  void backward(const Parameters<T>& p, const Tensor<T, Rank>& x, const Tensor<T, Rank>& /*y*/, const Tensor<T, Rank>& dy,
                Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>* dx, Parameters<T>& dp) const {
    reshape(dx, shape(x));
    reshape(dp.weight, shape(p.weight));
    ws.sums.assign(static_cast<std::size_t>(p.weight.size()), 0);
    const Index C = p.weight.size();
    Index c = 0;
    for (Index i = 0; i < x.size(); ++i) {
      const bool passes = x.data()[i] > 0;
      const T d = dy.data()[i];
      if (dx) dx->data()[i] = passes ? d : p.weight(c) * d;
      if (!passes) ws.sums[static_cast<std::size_t>(c)] += static_cast<double>(d) * static_cast<double>(x.data()[i]);
      if (++c == C) c = 0;
    }
    for (Index k = 0; k < C; ++k) dp.weight(k) = static_cast<T>(ws.sums[static_cast<std::size_t>(k)]);
  }

 private:
  /// Throws ShapeError if the parameters do not fit an input of this shape.
  template <typename T, int Rank>
  static void check(const Parameters<T>& p, const Shape<Rank>& in) {
    if (p.weight.size() == 1 || p.weight.size() == in[Rank - 1]) return;
    throw ShapeError(str_cat("PReLU: expects (N, …, ", p.weight.size(), ") but got ", in,
                             "; give it the channels that its parameters were made for"));
  }
};

}  // namespace lamina
