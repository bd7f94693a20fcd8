#include <lamina/models/model.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/models/sequential.hpp>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "../catch.hpp"
#include "../data/refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

// Counts what is allocated on this thread, by every operator new of the program.
namespace {

thread_local Index allocations = 0;

void* allocate(std::size_t size, std::size_t alignment_wanted) {
  ++allocations;
  const std::size_t rounded = (size + alignment_wanted - 1) / alignment_wanted * alignment_wanted;
  void* memory = std::aligned_alloc(alignment_wanted, rounded > 0 ? rounded : alignment_wanted);
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return ++allocations, std::malloc(size); }
void* operator new(std::size_t size, std::align_val_t a) { return allocate(size, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t size, std::align_val_t a) { return allocate(size, static_cast<std::size_t>(a)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

constexpr auto network = Sequential{
    Conv{.filters = 4, .kernel = 3, .padding = 1}, ReLU{}, MaxPool{}, Flatten{}, Dense{.units = 8}, Sigmoid{}, Dense{.units = 3},
};
constexpr Shape sample{8, 6, 2};
using Network = Model<std::remove_const_t<decltype(network)>, Tensor<float, 4>>;

Network make() { return Model{network, sample, Rng{1}}; }

}  // namespace

TEST_CASE("a model knows its shapes and counts its parameters") {
  const auto model = make();
  static_assert(std::is_same_v<std::remove_const_t<decltype(model)>, Network>);  // float unless told otherwise
  CHECK(model.sample_shape() == sample);
  CHECK(model.input_shape(5) == Shape{5, 8, 6, 2});
  CHECK(model.output_shape(5) == Shape{5, 3});
  CHECK(model.parameter_count() == 9 * 2 * 4 + 4 + 48 * 8 + 8 + 24 + 3);
  CHECK(shape(model(drawn<float>(Shape{5, 8, 6, 2}, Rng{2}))) == Shape{5, 3});
}

TEST_CASE("a model starts from its seed and from nothing else") {
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  CHECK(same_bits(make()(x), make()(x)));
  CHECK_FALSE(same_bits(make()(x), Model{network, sample, Rng{2}}(x)));
}

TEST_CASE("a copy of a model has parameters of its own") {
  auto model = make();
  const auto copy = model;
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  const auto before = model(x);
  CHECK(same_bits(copy(x), before));
  visit_parameters([](auto& tensor) { tensor.setZero(); }, model.parameters());
  CHECK(largest(model(x)) == 0);
  CHECK(same_bits(copy(x), before));
}

TEST_CASE("one const model serves many threads at once, each with the same bits") {
  const auto model = make();
  const auto x = drawn<float>(Shape{17, 8, 6, 2}, Rng{2});
  const auto expected = model(x);
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      Predictor predict{model};
      for (int i = 0; i < 50; ++i) {
        if (!same_bits(model(x), expected)) ++different;
        if (!same_bits(predict(x), expected)) ++different;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(different == 0);
}

TEST_CASE("a predictor allocates nothing once it has seen its largest batch") {
  const auto model = make();
  const auto small = drawn<float>(Shape{2, 8, 6, 2}, Rng{2}), large = drawn<float>(Shape{9, 8, 6, 2}, Rng{3});
  Predictor predict{model};
  allocations = 0;
  predict(large);
  predict.classes(large);
  CHECK(allocations > 0);  // the count works
  allocations = 0;
  for (int i = 0; i < 3; ++i) {
    predict(small);
    predict(large);
    predict.probabilities(small);
    predict.classes(large);
  }
  const Index counted = allocations;
  CHECK(counted == 0);
  CHECK(same_bits(predict(small), model(small)));
  CHECK(same_bits(predict.probabilities(large), model.probabilities(large)));
  CHECK(predict.classes(large) == model.classes(large));
}

TEST_CASE("probabilities of logits are their softmax, classes their largest") {
  const auto model = make();
  const auto x = drawn<float>(Shape{6, 8, 6, 2}, Rng{2});
  const auto logits = model(x), p = model.probabilities(x);
  const auto classes = model.classes(x);
  REQUIRE(classes.size() == 6);
  for (Index n = 0; n < 6; ++n) {
    double sum = 0;
    for (Index k = 0; k < 3; ++k) sum += std::exp(static_cast<double>(logits(n, k)));
    for (Index k = 0; k < 3; ++k) {
      CHECK(p(n, k) == Approx(std::exp(static_cast<double>(logits(n, k))) / sum).epsilon(1e-5));
      CHECK(logits(n, classes[static_cast<std::size_t>(n)]) >= logits(n, k));
    }
  }
}

TEST_CASE("the first of equal logits is the class") {
  auto model = Model{Dense{.units = 4}, Shape{2}, Rng{1}};
  model.parameters().weight.setZero();
  model.parameters().bias.setValues({0, 7, 7, 1});
  CHECK(model.classes(Tensor<float, 2>(3, 2).setZero()) == std::vector<std::int32_t>{1, 1, 1});
}

TEST_CASE("a network that ends in Softmax or Sigmoid gives its probabilities as they are") {
  const auto x = drawn<float>(Shape{3, 5}, Rng{2});
  const Model with_softmax{Sequential{Dense{.units = 4}, Softmax{}}, Shape{5}, Rng{1}};
  const Model with_sigmoid{Sequential{Dense{.units = 4}, Sigmoid{}}, Shape{5}, Rng{1}};
  CHECK(same_bits(with_softmax.probabilities(x), with_softmax(x)));
  CHECK(same_bits(with_sigmoid.probabilities(x), with_sigmoid(x)));
}

TEST_CASE("a batch of other samples is refused") {
  const auto model = make();
  CHECK(refusal<ShapeError>([&] { model(Tensor<float, 4>(5, 6, 8, 2)); }) ==
        "Model: expects a batch of (8, 6, 2) samples but got (5, 6, 8, 2); the first axis counts the samples");
  Predictor predict{model};
  CHECK_THROWS_AS(predict(Tensor<float, 4>(5, 8, 6, 1)), ShapeError);
}

TEST_CASE("a model that cannot be is refused where it is made") {
  CHECK(refusal<ShapeError>([] { Model{network, Shape{8, 0, 2}, Rng{1}}; }) ==
        "Model: expects samples of extents of at least 1 but got (8, 0, 2)");
  CHECK(refusal<ShapeError>([] { Model{network, Shape{1, 1, 2}, Rng{1}}; }).substr(0, 17) == "layer 2: MaxPool:");
}

TEST_CASE("a batch without samples has an output without rows") {
  CHECK(shape(make()(Tensor<float, 4>(0, 8, 6, 2))) == Shape{0, 3});
}

TEST_CASE("a model counts the steps that were made with it") {
  auto model = make();
  CHECK(model.steps() == 0);
  model.count_step();
  CHECK(model.steps() == 1);
}

TEST_CASE("a class whose score is NaN loses to every class that has a score") {
  using Rows = Model<Dense, Tensor<float, 2>>;
  const float nan = std::nanf("");
  Tensor<float, 2> scores(3, 3);
  scores.setValues({{nan, -2, -1}, {nan, nan, nan}, {0, nan, 0}});
  std::vector<std::int32_t> classes;
  Rows::largest(scores, classes);
  CHECK(classes == std::vector<std::int32_t>{2, 0, 0});
}
