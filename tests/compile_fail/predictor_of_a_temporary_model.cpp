// A Predictor refers to its model, which has to stay.
// expect: deleted
#include <lamina/layers/dense.hpp>
#include <lamina/models/predictor.hpp>

using namespace lamina;

int main() {
  Model model{Dense{.units = 10}, Shape{784}, Rng{1}};
#ifdef CONTROL
  Predictor predict{model};
#else
  Predictor predict{std::move(model)};
#endif
  return predict(Tensor<float, 2>(1, 784)).size() == 10 ? 0 : 1;
}
