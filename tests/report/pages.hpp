#pragma once

// Reports of very different kinds, which tests write and look at: unit tests as text, a browser as pages.

#include <filesystem>
#include <lamina/data/drawn_digits.hpp>
#include <lamina/data/elastic_distortion.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/report/html_report.hpp>
#include <limits>
#include <string>
#include <vector>

#include "../lenet.hpp"

namespace pages {

inline constexpr const char* hostile =
    "</td></title><script>alert('&\"')</script><img src=x onerror=alert(1)> \xFF\x01";

inline lamina::Dataset<3> digits(lamina::Index count, std::uint64_t seed) {
  lamina::DrawnDigits drawn = lamina::draw_digits(count, lamina::Rng(seed));
  return {std::move(drawn.images), std::move(drawn.labels), {.classes = 10}};
}

/// What users have: images, a convolutional network, everything given.
inline void write_ordinary(const std::filesystem::path& path) {
  using namespace lamina;
  const Dataset<3> train = digits(600, 1), validation = digits(100, 2), test = digits(300, 3);
  Model model{lenet, train.sample_shape(), Rng{42}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  const FitOptions<3> options{.epochs = 2,
                              .batch_size = 32,
                              .threads = 1,
                              .validation = &validation,
                              .augment = {Rotation{}, ElasticDistortion{}}};
  const History history = trainer.fit(model, train, options);
  write_report(path, model,
               {.train = &train,
                .validation = &validation,
                .test = &test,
                .history = &history,
                .title = "LeNet on drawn digits",
                .test_loss = {2.1, 1.2},
                .test_accuracy = {0.3, 0.6},
                .augment = options.augment,
                .seed = 42});
}

/// A thousand classes whose names are long, or look like markup; colours; long titles and settings.
inline void write_thousand(const std::filesystem::path& path) {
  using namespace lamina;
  const Shape<3> extents{9, 7, 3};
  std::vector<std::string> names(1000);
  for (std::size_t k = 0; k < names.size(); ++k)
    names[k] = k % 10 == 0   ? str_cat(hostile, k)
               : k % 10 == 1 ? std::string(300, 'W')
                             : str_cat("a rather long name of class ", k);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3000 * extents.size()));
  std::vector<std::int32_t> labels(3000);
  Rng rng(5);
  for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
  for (auto& label : labels) label = static_cast<std::int32_t>(rng.below(990));  // ten classes have no sample
  const Dataset<3> data{pixels, extents, labels, {.class_names = names}};
  const Model model{Sequential{Flatten{}, Dense{.units = 1000}}, extents, Rng{1}};
  write_report(path, model,
               {.train = &data,
                .title = str_cat(hostile, std::string(400, 'M')),
                .settings = {{hostile, hostile}, {std::string(300, 'S'), std::string(300, 'V')}},
                .threads = 1});
}

/// Rows, a network that diverged, a history without an epoch.
inline void write_diverged(const std::filesystem::path& path) {
  using namespace lamina;
  std::vector<float> values(400, 0.5F);
  values[7] = std::numeric_limits<float>::quiet_NaN();
  std::vector<std::int32_t> labels(100, 1);
  const Dataset<1> data{values, Shape{4}, labels, {.class_names = {"a", "b", "c"}}};
  Model model{Sequential{Dense{.units = 5}, ReLU{}, Dense{.units = 3}}, data.sample_shape(), Rng{1}};
  visit_parameters([](auto& tensor) { tensor.data()[0] = std::numeric_limits<float>::quiet_NaN(); },
                   model.parameters());
  const History nothing;
  write_report(path, model, {.test = &data, .history = &nothing, .threads = 1});
}

/// Rows of several labels at once, each a yes or a no; a history of one epoch of which nothing is a number.
inline void write_several_labels(const std::filesystem::path& path) {
  using namespace lamina;
  Tensor<float, 2> x(60, 3), y(60, 2);
  Rng rng(3);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.normal());
  for (Index n = 0; n < 60; ++n) y(n, 0) = x(n, 0) > 0, y(n, 1) = x(n, 1) > x(n, 2);
  const Dataset<1> data{x, y};
  Model model{Sequential{Dense{.units = 2}}, data.sample_shape(), Rng{1}};
  model.set_meaning(OutputMeaning::sigmoid);
  constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
  const History history{.epochs = {{.epoch = 0,
                                    .loss = no_number,
                                    .accuracy = no_number,
                                    .learning_rate = no_number,
                                    .seconds = no_number,
                                    .images_per_second = no_number}}};
  write_report(path, model, {.validation = &data, .history = &history, .threads = 1});
}

/// Rows of numbers that were normalised for a network which was trained: three outputs, one of a long name.
inline void write_numbers(const std::filesystem::path& path) {
  using namespace lamina;
  Tensor<float, 2> x(1500, 3), y(1500, 3);
  Rng rng(3);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.normal());
  for (Index n = 0; n < 1500; ++n) {
    y(n, 0) = 1000 + 200 * x(n, 0);
    y(n, 1) = 1e-4F * x(n, 1) * x(n, 2);
    y(n, 2) = static_cast<float>(rng.normal());
  }
  Dataset<1> data{x, y, {.class_names = {"rent", std::string(100, 'W'), hostile}}};
  data.normalise_targets(measure_target_normalisation(data));
  Model model{Sequential{Dense{.units = 10}, Tanh{}, Dense{.units = 3}}, data.sample_shape(), Rng{1}};
  const History history = Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1, .momentum = 0.9}}.fit(
      model, data, {.epochs = 5, .threads = 1, .validation = &data});
  write_report(path, model, {.train = &data, .test = &data, .history = &history, .threads = 1});
}

}  // namespace pages
