// Counts what the whole program allocates.
#include <atomic>
#include <utility>

#include <lamina/bf16.hpp>
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/predictor.hpp>

#include "../benchmark/workloads.hpp"
#include <lamina/data/elastic_distortion.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/pixel_transforms.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../replaced_new.hpp"
#include "allocating.hpp"
#include "small.hpp"

using allocating::allocations;

void replaced_new::before_taken() {
  ++allocations;
  if (allocating::until_fail >= 0 && allocating::until_fail-- == 0) throw std::bad_alloc();
}
void replaced_new::taken(void*) { ++allocating::held; }
void replaced_new::given_back(void*) { --allocating::held; }

using namespace small;

namespace {

/// What a run of three epochs allocates from the end of its first batch to the end of its last.
template <typename M, int Rank, typename F>
std::size_t in_steady_state(M model, const Dataset<Rank>& data, const F& loss, FitOptions<Rank> options) {
  std::size_t before = 0, during = 1;
  options.epochs = 3;
  options.on_batch = [&](BatchEnd& end) {
    if (end.epoch == 0 && end.batch == 0) before = allocations;
    if (end.epoch == 2 && end.batch + 1 == end.batches) during = allocations - before;
  };
  Trainer{loss, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(model, data, options);
  return during;
}

}  // namespace

TEST_CASE("the count sees tensors and vectors") {
  const std::size_t before = allocations;
  Tensor<float, 2> tensor(3, 4);
  std::vector<int> numbers(5);
  CHECK(tensor.size() + std::ssize(numbers) == 17);
  CHECK(allocations == before + 2);
}

TEST_CASE("fit allocates nothing after its first batch, whatever the size of the last") {
  const auto rows = curve(2011);
  // Batches of 16 are two shards of 8, but the last, of 15, is one; 17 are 8 and 9; 211 make one batch, and no other.
  for (const Index samples : {207, 211})
    for (const Index threads : {1, 2, 3})
      for (const Index batch_size : {1, 10, 16, 17, 24, 64, 67, 160, 211}) {
        CAPTURE(samples, threads, batch_size);
        CHECK(in_steady_state(convolutional_model(), bars(samples), SoftmaxCrossEntropy{},
                              {.batch_size = batch_size, .threads = threads}) == 0);
      }
  for (const Index batch_size : {100, 1003, 1200})
    CHECK(in_steady_state(perceptron_model(), rows, MeanSquaredError{}, {.batch_size = batch_size, .threads = 2}) == 0);
}

TEST_CASE("fit allocates nothing after its first batch for products of bfloat16 numbers") {
  const auto before = std::exchange(kernels::find_bf16_products, [] { return kernels::bf16_products("emulated"); });
  const Network layers{Conv{.filters = 16, .kernel = 3, .padding = 1}, ReLU{}, Conv{.filters = 32, .kernel = 3}, ReLU{}, MaxPool{},
                       Flatten{}, Dense{.units = 32}, ReLU{}, Dense{.units = classes}};
  for (const Index threads : {1, 2, 3})
    for (const Index batch_size : {16, 64})
      CHECK(in_steady_state(Model{layers, image, Rng{1}}, bars(207), SoftmaxCrossEntropy{},
                            {.batch_size = batch_size, .threads = threads, .precision = Precision::bf16}) == 0);
  kernels::find_bf16_products = before;
}

TEST_CASE("fit allocates nothing after its first batch for layers that are listed at run time") {
  const Network layers{Conv{.filters = 16, .kernel = 3, .padding = 1},
                       ReLU{},
                       Conv{.filters = 16, .kernel = 3},
                       ReLU{},
                       MaxPool{},
                       Flatten{},
                       Dense{.units = 7},
                       Tanh{},
                       Dense{.units = classes}};
  for (const Index threads : {1, 2, 3})
    for (const Index batch_size : {1, 16, 24, 67}) {
      CAPTURE(threads, batch_size);
      CHECK(in_steady_state(Model{layers, image, Rng{7}}, bars(207), SoftmaxCrossEntropy{},
                            {.batch_size = batch_size, .threads = threads}) == 0);
    }
}

TEST_CASE("fit allocates nothing after its first batch when told how many shards there are") {
  const auto images = bars(211);
  for (const Index shards : {1, 2, 3, 5, 100})
    for (const Index threads : {1, 2, 3}) {
      CAPTURE(shards, threads);
      CHECK(in_steady_state(convolutional_model(), images, SoftmaxCrossEntropy{},
                            {.batch_size = 67, .threads = threads, .shards = shards}) == 0);
    }
}

TEST_CASE("a validation set is judged without allocating anything, but for the first time") {
  const auto images = bars(211), others = bars(150);
  for (const Index threads : {1, 2}) {
    std::vector<std::size_t> after;
    FitOptions<3> options{.epochs = 4, .batch_size = 16, .threads = threads, .validation = &others};
    after.reserve(4);
    options.on_epoch = [&](EpochEnd&) { after.push_back(allocations); };
    auto model = convolutional_model();
    Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}}.fit(model, images, options);
    CHECK(after[1] == after[0]);
    CHECK(after[3] == after[0]);
  }
}

TEST_CASE("step allocates nothing once it has seen the largest batch, the gathering of batches included") {
  const auto data = bars(211);
  for (const Index threads : {1, 2, 3}) {
    auto model = convolutional_model();
    Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}};
    std::size_t before = 0;
    for (int epoch = 0; epoch < 2; ++epoch) {
      bool first = true;
      for (const auto& batch : batches(data, {.batch_size = 64})) {
        trainer.step(model, batch, {.threads = threads});
        if (epoch == 1 && first) before = allocations;
        first = false;
      }
      if (epoch == 1) CHECK(allocations == before);
    }
  }
}

TEST_CASE("fit allocates nothing from batch to batch where the parameters are averaged") {
  const auto images = bars(211);
  for (const Index threads : {1, 2}) {
    const FitOptions<3> options{.batch_size = 67, .threads = threads, .average = EMA{}};
    CHECK(in_steady_state(convolutional_model(), images, SoftmaxCrossEntropy{}, options) == 0);
  }
}

TEST_CASE("fit allocates nothing after its first batch where a reducer changes gradients and clipping follows") {
  const auto images = bars(211);
  for (const Index threads : {1, 2}) {
    FitOptions<3> options{.batch_size = 67, .threads = threads, .clip = {.norm = 1}};
    options.reduce = [](StepGradient<float>& gradient) { gradient.tensors[0].values[0] *= 2; };
    CHECK(in_steady_state(convolutional_model(), images, SoftmaxCrossEntropy{}, options) == 0);
  }
}

TEST_CASE("a predictor allocates nothing once it has seen its largest batch, on any number of threads") {
  const Model model{workloads::lenet, Shape{28, 28, 1}, Rng{1}};
  Tensor<float, 4> one(1, 28, 28, 1), many(100, 28, 28, 1), others(33, 28, 28, 1);
  for (auto* x : {&one, &many, &others}) x->setConstant(0.5F);
  for (const Index threads : {1, 2, 3}) {
    Predictor predict{model, {.threads = threads}};
    std::size_t before = allocations;
    predict.classes(many);
    CHECK(allocations > before);  // the count works
    before = allocations;
    for (int i = 0; i < 3; ++i)
      for (const auto* x : {&one, &many, &others}) {
        predict(*x);
        predict.probabilities(*x);
        predict.classes(*x);
      }
    CHECK(allocations == before);
  }
}

TEST_CASE("asking for one image allocates nothing from the second time on") {
  const Model model{workloads::lenet, Shape{28, 28, 1}, Rng{1}};
  Tensor<float, 4> one(1, 28, 28, 1);
  one.setConstant(0.5F);
  Predictor predict{model};
  predict.classes(one);
  const std::size_t before = allocations;
  for (int i = 0; i < 3; ++i) predict.classes(one);
  CHECK(allocations == before);
}

TEST_CASE("an augmented fit allocates nothing from batch to batch") {
  const auto images = bars(211);
  const Augmentation augment{HorizontalFlip{}, Rotation{}, one_of({Translation{}, GaussianNoise{}}), ElasticDistortion{},
                             RandomErasing{}};
  for (const Index threads : {1, 2}) {
    const FitOptions<3> options{.batch_size = 17, .threads = threads, .augment = augment};
    CHECK(in_steady_state(convolutional_model(), images, SoftmaxCrossEntropy{}, options) == 0);
  }
}

TEST_CASE("a run that is kept in a folder allocates nothing between the times that it is kept") {
  const Scratch scratch("allocations");
  CheckpointFolder folder{scratch.path, {.every_seconds = 1e6, .every_epochs = 0, .every_batches = 1'000'000}};
  const auto images = bars(211);
  for (const Index threads : {1, 2}) {
    std::filesystem::remove(folder.file());
    const FitOptions<3> options{.batch_size = 17, .threads = threads, .checkpoint = folder};
    CHECK(in_steady_state(convolutional_model(), images, SoftmaxCrossEntropy{}, options) == 0);
  }
}
