#include <lamina/bf16.hpp>
#include <lamina/lamina.hpp>
#include <lamina/training/fine_tuning.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>

#include "../catch.hpp"
#include "../parameters.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"
#include "kept.hpp"

using namespace lamina;

namespace {

/// Makes the program find these kernels of bfloat16 numbers, whatever the machine has, until the end of the scope.
class Found {
 public:
  explicit Found(const kernels::Bf16Products* (*find)()) : before_(kernels::find_bf16_products) { kernels::find_bf16_products = find; }
  Found(const Found&) = delete;
  ~Found() { kernels::find_bf16_products = before_; }

 private:
  const kernels::Bf16Products* (*before_)();
};

const kernels::Bf16Products* emulated() { return kernels::bf16_products("emulated"); }
const kernels::Bf16Products* none() { return nullptr; }

const Sequential network{Conv{.filters = 16, .padding = 1}, ReLU{}, MaxPool{.window = 2}, Conv{.filters = 32, .padding = 1}, ReLU{},
                         Flatten{}, Dense{.units = 32}, ReLU{}, Dense{.units = 2}};

/// Images with a bright left or a bright right half.
Dataset<3> halves(Index count, Rng rng) {
  Tensor<float, 4> images = drawn<float>(Shape<4>{count, 8, 8, 1}, rng.split(0));
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < count; ++n) {
    labels.push_back(static_cast<std::int32_t>(n % 2));
    for (Index h = 0; h < 8; ++h)
      for (Index w = 0; w < 4; ++w) images(n, h, w + 4 * (n % 2), 0) += 1;
  }
  return Dataset<3>(images, labels);
}

struct Trained {
  Model model;
  History history;
};

Trained train(const Dataset<3>& data, Precision precision, Index threads, const std::function<void(FitOptions<3>&)>& change = {}) {
  Trained trained{Model{network, data.sample_shape(), Rng{1}}, {}};
  FitOptions<3> options{.epochs = 4, .batch_size = 32, .threads = threads, .shards = 4, .precision = precision, .validation = &data};
  if (change) change(options);
  trained.history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05}}.fit(trained.model, data, options);
  return trained;
}

bool same_parameters(const Model& a, const Model& b) { return numbers(a) == numbers(b); }

}  // namespace

TEST_CASE("fit, its validation, evaluate, predictors and steps multiply bfloat16 numbers where they are asked to") {
  const Found found(&emulated);
  const Dataset<3> data = halves(160, Rng{7});
  const auto exact = train(data, Precision::float32, 1), rounded = train(data, Precision::bf16, 1);
  CHECK_FALSE(same_parameters(exact.model, rounded.model));
  CHECK(rounded.history.epochs.back().validation_accuracy.value() > 0.95);
  CHECK(exact.history.epochs.back().validation_loss.value() == Approx(rounded.history.epochs.back().validation_loss.value()).epsilon(0.05));
  for (const Index threads : {2, 3, 4}) CHECK(same_parameters(train(data, Precision::bf16, threads).model, rounded.model));

  const Model& model = rounded.model;
  const EvaluateOptions in_bf16{.threads = 2, .precision = Precision::bf16};
  CHECK(evaluate(model, data, SoftmaxCrossEntropy{}, in_bf16).mean_loss.value() == rounded.history.epochs.back().validation_loss.value());
  CHECK(evaluate(model, data, SoftmaxCrossEntropy{}).mean_loss.value() != rounded.history.epochs.back().validation_loss.value());
  const Tensor<float, 2> outputs = predict_outputs(model, data, in_bf16);
  CHECK_FALSE(same_bits(outputs, predict_outputs(model, data)));
  const auto images = drawn<float>(Shape<4>{5, 8, 8, 1}, Rng{9});
  const auto of_model = model(images, {.precision = Precision::bf16});
  CHECK_FALSE(same_bits(of_model, model(images)));
  for (const Index threads : {1, 2}) {
    Predictor predict{model, {.threads = threads, .precision = Precision::bf16}};
    CHECK(same_bits(predict(images), of_model));
    CHECK(same_bits(predict(images), of_model));  // from packed weights
  }
}

TEST_CASE("steps of bfloat16 numbers equal those of fit, and a trainer may change the precision from step to step") {
  const Found found(&emulated);
  const Dataset<3> data = halves(32, Rng{7});
  const auto fitted = train(data, Precision::bf16, 1, [](FitOptions<3>& options) { options.epochs = 1; });
  const auto one = [&](std::initializer_list<Precision> steps) {
    Model model{network, data.sample_shape(), Rng{1}};
    Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05}};
    Batch<Tensor<float, 4>> batch;
    gather(data, epoch_order(data.size(), Rng{0}), batch);
    for (const Precision precision : steps) trainer.step(model, batch, {.threads = 1, .shards = 4, .precision = precision});
    return numbers(model);
  };
  const auto p = Precision::bf16, q = Precision::float32;
  CHECK(one({p}).size() == numbers(fitted.model).size());
  CHECK(one({p}) != one({q}));
  CHECK(one({p, q}) != one({p, p}));
  CHECK(one({q, p}) != one({q, q}));
}

TEST_CASE("a run of bfloat16 numbers says so, and is another run than one of float32") {
  const Found found(&emulated);
  const Dataset<3> data = halves(64, Rng{7});
  small::CheckpointBytes kept{.epochs = true};
  const auto keeping = [&](Precision precision) {
    return train(data, precision, 1, [&](FitOptions<3>& options) {
      options.epochs = 1;
      options.checkpoint = kept;
    });
  };
  const auto& settings = keeping(Precision::bf16).history.settings;
  CHECK(std::ranges::count(settings, RunSetting{"products", "of bfloat16 numbers"}) == 1);
  CHECK(has(refusal<DataError>([&] { keeping(Precision::float32); }), "the run: is of another run: precision is only there; continue"));
}

TEST_CASE("without tiles for bfloat16 the numbers are those of float32, and standard error says so once") {
  const Found found(&none);
  const Dataset<3> data = halves(64, Rng{7});
  std::FILE* const said = std::tmpfile();
  const int kept = dup(STDERR_FILENO);
  std::fflush(stderr);
  dup2(fileno(said), STDERR_FILENO);
  const auto asked = train(data, Precision::bf16, 1), again = train(data, Precision::bf16, 1);
  std::fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
  std::rewind(said);
  std::string text(1000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), said));
  std::fclose(said);
  CHECK(text == "lamina: Precision::bf16 computes in float32 here, because this machine has no AMX tiles for bfloat16\n");
  CHECK(same_parameters(asked.model, train(data, Precision::float32, 1).model));
}

TEST_CASE("bfloat16 is refused for models of double and in programs that do not include its kernels") {
  const Dataset<3> data = halves(64, Rng{7});
  {
    const Found found(&emulated);
    BasicModel<double> model{network, data.sample_shape(), Rng{1}};
    const std::string remedy = ": expects a model of float for Precision::bf16 but its numbers are double; use Precision::float32, which "
                               "computes in the model's numbers";
    const Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
    CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.precision = Precision::bf16}); }) == "fit" + remedy);
    CHECK(refusal<OptionError>([&] { Predictor<double>(model, {.precision = Precision::bf16}); }) == "Predictor" + remedy);
    CHECK(refusal<OptionError>([&] { evaluate(model, data, {.precision = Precision::bf16}); }) == "evaluate" + remedy);
  }
  const Found found(nullptr);
  Model model{network, data.sample_shape(), Rng{1}};
  const auto before = numbers(model);
  CHECK(refusal<OptionError>([&] { Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, data, {.precision = Precision::bf16}); }) ==
        "fit: Precision::bf16 needs kernels that this program does not have; add #include <lamina/bf16.hpp>");
  CHECK(numbers(model) == before);
  CHECK(has(refusal<OptionError>([&] { model(drawn<float>(Shape<4>{1, 8, 8, 1}, Rng{1}), {.precision = Precision::bf16}); }), "Model: Precision::bf16 needs"));
}
