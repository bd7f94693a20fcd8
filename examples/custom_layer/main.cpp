// A layer of one's own: what the contract asks for, a place in a network, and a check of its gradient.
//
// Build with CMake (README), run `custom_layer`, and expect
//
//   Scale: passed: worst relative error 3e-10 at …
//   network: passed: worst relative error 2e-09 at …

#include <exception>
#include <iostream>
#include <lamina/lamina.hpp>
#include <lamina/testing.hpp>

using namespace lamina;

/// Every feature times a gain of its own, which is learned:  y[n,f] = x[n,f] · g[f]      x, y (N, F)    g (F)
struct Scale {
  static constexpr std::string_view name = "Scale";

  template <typename T>
  struct Parameters {
    Tensor<T, 1> gain;  // (F)
    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) { visitor("gain", self.gain...); }
  };
  template <AnyTensor>
  using Workspace = None;  // nothing to remember: x comes back with backward

  constexpr Shape<2> output_shape(const Shape<2>& in) const { return in; }

  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng) const {
    return {Tensor<T, 1>(in[1]).setConstant(T(1))};
  }
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    reshape(y, shape(x));
    matrix(y) = matrix(x).array().rowwise() * row_vector(p.gain).array();
  }
  //   f = Σ y·dy = Σ x[n,f]·g[f]·dy[n,f]        dx[n,f] = dy[n,f]·g[f]        dg[f] = Σ_n dy[n,f]·x[n,f]
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>& /*y*/, const Tensor<T, 2>& dy, None&,
                Tensor<T, 2>* dx, Parameters<T>& dp) const {
    reshape(dp.gain, shape(p.gain));
    row_vector(dp.gain) = (matrix(dy).array() * matrix(x).array()).colwise().sum();
    if (!dx) return;  // nobody asks the first layer of a network
    reshape(dx, shape(x));
    matrix(*dx) = matrix(dy).array().rowwise() * row_vector(p.gain).array();
  }
};

int main() try {
  const GradientReport alone = check_gradient(Scale{}, Shape{4, 7});
  std::cout << "Scale: " << alone << '\n';

  constexpr auto network = Sequential{Flatten{}, Dense{.units = 20}, Scale{}, Tanh{}, Dense{.units = 10}};
  const GradientReport inside = check_gradient(network, Shape{4, 6, 5, 2});
  std::cout << "network: " << inside << '\n';
  return alone.passed() && inside.passed() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "custom_layer: " << error.what() << '\n';
  return 1;
}
