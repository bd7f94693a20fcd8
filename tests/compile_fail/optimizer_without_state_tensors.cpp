// An optimizer that does not say what it remembers.
// first: an optimizer lacks `state_tensors`
#include <lamina/lamina.hpp>

using namespace lamina;

struct Mine {
  double learning_rate = 0.1;
  static constexpr std::string_view name = "Mine";
  void check() const {}
#ifdef CONTROL
  std::size_t state_tensors() const { return 0; }
#endif
  template <typename T>
  bool update(const ParameterSlice<T>& slice, double) const noexcept {
    return slice.begin <= slice.end;
  }
};

Dataset<3> load();

int main() {
  const Dataset<3> train = load(), test = load();
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
  Trainer trainer{SoftmaxCrossEntropy{}, Mine{}};
  trainer.fit(model, train, {.epochs = 2, .validation = test});
}
