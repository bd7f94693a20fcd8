#include <lamina/data/batches.hpp>
#include <lamina/data/preprocess_image.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

TEST_CASE("one image is seen as it would be in a data set, to the bit") {
  Tensor<std::uint8_t, 4> images(2, 3, 4, 3);
  for (Index i = 0; i < images.size(); ++i) images.data()[i] = static_cast<std::uint8_t>(i * 7);
  Tensor<std::uint8_t, 3> second(3, 4, 3);
  std::copy_n(images.data() + 36, 36, second.data());
  Dataset<3> data{images, std::vector<std::int32_t>{0, 1}};
  const Normalisation normalisation{.mean = {0.1, 0.2, 0.3}, .deviation = {0.5, 2, 1}};
  data.normalise(normalisation);
  CHECK(data.normalisation().deviation == normalisation.deviation);
  CHECK(data.subset(std::vector<Index>{1}).normalisation().mean == normalisation.mean);
  Batch<Tensor<float, 4>> batch;
  gather(data, std::vector<Index>{1}, batch);
  const auto one = preprocess_image(second, normalisation);
  REQUIRE(shape(one) == Shape{1, 3, 4, 3});
  for (Index i = 0; i < 36; ++i) CHECK(one.data()[i] == batch.x.data()[i]);
  CHECK(preprocess_image<double>(second)(0, 0, 0, 1) == Approx(second(0, 0, 1) / 255.0));
}

TEST_CASE("a normalisation of other channels is refused") {
  CHECK(refusal<OptionError>([] {
          preprocess_image(Tensor<std::uint8_t, 3>(2, 2, 1), {.mean = {0, 0, 0}});
        }).find("normalise: expects one mean and one deviation for all, or one for each of the 1 channels") == 0);
}
