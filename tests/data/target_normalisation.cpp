#include <lamina/data/batches.hpp>
#include <lamina/data/target_normalisation.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

/// Four rows of one number, with targets 1, 3, 5, 7 and 10, 10, 20, 20.
Dataset<1> four(DatasetOptions options = {}) {
  return {tensor<float>(Shape{4, 1}, {0, 1, 2, 3}), tensor<float>(Shape{4, 2}, {1, 10, 3, 10, 5, 20, 7, 20}),
          std::move(options)};
}

}  // namespace

TEST_CASE("targets are measured: their mean and their deviation over all samples") {
  const Normalisation measured = measure_target_normalisation(four());
  CHECK(measured.mean == std::vector<double>{4, 15});
  CHECK(measured.deviation == std::vector<double>{std::sqrt(5), 5});  // Σ (y − ȳ)² / N = (9 + 1 + 1 + 9) / 4
}

TEST_CASE("batches have the targets normalised, and the data set has them as they came") {
  auto data = four();
  data.normalise_targets({.mean = {4, 15}, .deviation = {2, 5}});
  for (const auto& batch : batches<double>(data, {.batch_size = 4}))
    CHECK(distance(batch.targets, tensor(Shape{4, 2}, {-1.5, -1, -0.5, -1, 0.5, 1, 1.5, 1})) == 0);
  CHECK(data.targets()(3, 1) == 20);
  CHECK(data.target_normalisation().mean == std::vector<double>{4, 15});
  const auto part = data.subset(std::vector<Index>{3});
  CHECK(part.target_normalisation().deviation == std::vector<double>{2, 5});
  for (const auto& batch : batches(part)) CHECK(batch.targets(0, 0) == 1.5F);
  data.normalise_targets({.mean = {10}, .deviation = {10}});  // all alike
  for (const auto& batch : batches(data)) CHECK((batch.targets(0, 0) == -0.9F && batch.targets(0, 1) == 0));
  data.normalise_targets({});
  for (const auto& batch : batches(data, {.batch_size = 4})) CHECK(distance(batch.targets, data.targets()) == 0);
}

TEST_CASE("predictions are turned back into the units of the targets") {
  const auto back =
      denormalise_targets(tensor(Shape{2, 2}, {-1.5, -1, 0, 2}), {.mean = {4, 15}, .deviation = {2, 5}});
  CHECK(distance(back, tensor(Shape{2, 2}, {1, 10, 4, 25})) == 0);
  CHECK(distance(denormalise_targets(tensor(Shape{1, 2}, {1, 2}), {.mean = {1}, .deviation = {3}}),
                 tensor(Shape{1, 2}, {4, 7})) == 0);
  CHECK(distance(denormalise_targets(tensor(Shape{1, 1}, {0.1}), {}), tensor(Shape{1, 1}, {0.1})) == 0);
  CHECK(refusal<OptionError>([] { denormalise_targets(tensor(Shape{1, 2}, {1, 2}), {.mean = {1, 2, 3}}); }) ==
        "denormalise_targets: expects one mean and one deviation for all targets, or one for each of the 2, but got 3 "
        "and 1");
}

TEST_CASE("targets that cannot be measured are refused") {
  const Dataset<1> constant(tensor<float>(Shape{3, 1}, {0, 1, 2}), tensor<float>(Shape{3, 2}, {1, 0.1, 2, 0.1, 3, 0.1}),
                            {.class_names = {"height", "weight"}});
  CHECK(refusal<DataError>([&] { measure_target_normalisation(constant); }) ==
        "measure_target_normalisation: target 1 (weight) is 0.1 in all 3 samples; there is nothing to learn: leave it out");
  CHECK(refusal<DataError>([&] { measure_target_normalisation(four().subset(std::vector<Index>{0})); }) ==
        "measure_target_normalisation: target 0 is 1 in all 1 samples; there is nothing to learn: leave it out");
  CHECK(refusal<DataError>([&] { measure_target_normalisation(four().subset(std::vector<Index>{})); }) ==
        "measure_target_normalisation: expects at least one sample but got an empty data set");
  const Dataset<1> classes(tensor<float>(Shape{3, 1}, {0, 1, 2}), {0, 1, 1});
  CHECK(refusal<DataError>([&] { measure_target_normalisation(classes); }) ==
        "measure_target_normalisation: expects target rows but the data set has class numbers, which stay as they are");
}

TEST_CASE("a normalisation that does not fit the targets is refused, and the one before stays") {
  auto data = four();
  data.normalise_targets({.mean = {1}, .deviation = {2}});
  const auto refused = [&](const Normalisation& normalisation) {
    return refusal<OptionError>([&] { data.normalise_targets(normalisation); });
  };
  CHECK(refused({.mean = {1, 2, 3}, .deviation = {1, 2, 3}}) ==
        "normalise_targets: expects one mean and one deviation for all targets, or one for each of the 2, but got 3 and 3");
  CHECK(refused({.mean = {std::nan("")}}) == "normalise_targets: expects a finite mean of the targets but got nan");
  CHECK(refused({.deviation = {1, 0}}) ==
        "normalise_targets: expects a finite deviation of the targets above 0 but got 0");
  CHECK(refused({.deviation = {std::numeric_limits<double>::infinity()}}) ==
        "normalise_targets: expects a finite deviation of the targets above 0 but got inf");
  CHECK(data.target_normalisation().mean == std::vector<double>{1});
  Dataset<1> classes(tensor<float>(Shape{3, 1}, {0, 1, 2}), {0, 1, 1});
  CHECK(refusal<OptionError>([&] { classes.normalise_targets({.mean = {1}}); }) ==
        "normalise_targets: expects target rows but the data set has class numbers, which stay as they are");
  CHECK_NOTHROW(classes.normalise_targets({}));
}
