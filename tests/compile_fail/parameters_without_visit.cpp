// Parameters whose tensors cannot be named.
// first: a layer.s `Parameters` cannot be visited
#include <lamina/lamina.hpp>

using namespace lamina;

struct Mine {
  static constexpr std::string_view name = "Mine";
  template <typename T>
  struct Parameters {
    Tensor<T, 1> weight;
#ifdef CONTROL
    template <typename V, typename... P>
    static void visit(V&& visitor, P&... p) {
      visitor("weight", p.weight...);
    }
#endif
  };
  template <AnyTensor>
  using Workspace = None;
  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  Parameters<T> initialize(const Shape<2>&, Rng) const {
    return {};
  }
  template <typename T>
  void forward(const Parameters<T>&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
  }
  template <typename T>
  void backward(const Parameters<T>&, const Tensor<T, 2>&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&, Tensor<T, 2>* dx,
                Parameters<T>&) const {
    if (dx) *dx = dy;
  }
};

int main() {
  Model model{Mine{}, Shape{28}, Rng{1}};
}
