#include <lamina/layers/batch_norm.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/optimizers/sgd.hpp>

#include <atomic>
#include <numeric>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

std::atomic<Index> team{0};  // the size of the largest that a Witness saw, 1 if none

/// A layer that changes nothing and notes how many threads it may share its work among.
struct Witness {
  static constexpr std::string_view name = "Witness";
  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  Shape<4> output_shape(const Shape<4>& in) const { return in; }
  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }
  template <typename T>
  void forward(const None&, const Tensor<T, 4>& x, None&, Tensor<T, 4>& y, const Context& context) const {
    const Index size = context.thread_pool ? context.thread_pool->size() : 1;
    if (context.training && size > team) team = size;
    y = x;
  }
  template <typename T>
  void backward(const None&, const Tensor<T, 4>&, const Tensor<T, 4>&, const Tensor<T, 4>& dy, None&, Tensor<T, 4>* dx, None&,
                const Context&) const {
    if (dx) *dx = dy;
  }
};

/// Large enough for its layers to be shared.
Model wide_model() {
  return {Sequential{Conv{.filters = 32, .kernel = 3, .padding = 1}, BatchNorm{}, ReLU{}, Witness{},
                     Residual{Sequential{Conv{.filters = 32, .kernel = 3, .padding = 1}, BatchNorm{}}}, ReLU{}, MaxPool{},
                     Conv{.filters = 48, .kernel = 3}, ReLU{}, MaxPool{}, Flatten{}, Dense{.units = 200}, ReLU{},
                     Dense{.units = classes}},
          Shape{24, 24, 3}, Rng{3}};
}

Dataset<3> noise(Index count) {
  Tensor<float, 4> x(count, 24, 24, 3);
  std::vector<std::int32_t> labels;
  Rng rng(4);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.normal());
  for (Index n = 0; n < count; ++n) labels.push_back(static_cast<std::int32_t>(n % classes));
  return Dataset<3>(std::move(x), std::move(labels), {.classes = classes});
}

}  // namespace

TEST_CASE("threads that have no shard share the layers of the others', to the same bits") {
  const Dataset<3> data = noise(75);
  const Index most = hardware_threads();
  for (const Index shards : {1, 2, 3}) {
    std::vector<std::uint64_t> digests;
    for (const Index threads : {Index{1}, Index{2}, most, 5 * most}) {
      INFO(shards << " shards, " << threads << " threads");
      Model model = wide_model();
      team = 0;
      Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(
          model, data, {.epochs = 2, .batch_size = 40, .threads = threads, .shards = shards, .validation = &data});
      digests.push_back(digest(model));
      CHECK(digests.back() == digests.front());
      CHECK(team == std::max<Index>(std::min(threads, most) / std::min(threads, shards), 1));
    }
  }
}

TEST_CASE("so do the threads of a single step, and fewer of them in the next one") {
  Batch<Tensor<float, 4>> batch;
  const Dataset<3> data = noise(40);
  std::vector<Index> all(40);
  std::iota(all.begin(), all.end(), Index{0});
  gather(data, all, batch);
  std::vector<std::uint64_t> digests;
  const Index most = hardware_threads();
  for (const bool changes : {false, true}) {
    Model model = wide_model();
    Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}};
    for (const Index threads : {Index{1}, most, Index{1}, 3 * most, Index{2}}) {
      team = 0;
      trainer.step(model, batch, {.threads = changes ? threads : 1, .shards = 1});
      CHECK(team == (changes ? std::min(threads, most) : 1));
    }
    digests.push_back(digest(model));
  }
  CHECK(digests[0] == digests[1]);
}
