// Files of every released version, which all later versions must load: tests/io/files. A new version's own is written by
// this test when LAMINA_WRITE_VERSION_FILE is set; a file that is there is never written again.
#include <cstdlib>
#include <fstream>
#include <lamina/io/load_model.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"

using namespace lamina;

namespace {

const std::filesystem::path folder = std::filesystem::path(LAMINA_TESTS_DIR) / "io" / "files";

/// "0.1" of "0.1.0".
const std::string this_version(library_version.substr(0, library_version.rfind('.')));

constexpr Shape sample{9, 8, 2};

/// What a file of this version holds: every layer, options off their defaults, nested.
const Sequential network{
    Sequential{Conv{.filters = 3, .kernel = {3, 2}, .stride = {1, 2}, .padding = {1, 0}}, ReLU{},
               MaxPool{.window = 2, .stride = 1}},
    Tanh{},
    AvgPool{.window = {2, 3}, .padding = {1, 0}},
    LeakyReLU{.slope = 0.2},
    Flatten{},
    Dropout{.rate = 0.3},
    BasicDense<GlorotUniform, StandardNormal>{.units = 4},
    Sigmoid{},
    Dense{.units = 3},
    Softmax{},
};

/// Two samples, the same for ever.
Tensor<float, 4> samples() {
  Tensor<float, 4> x;
  reshape(x, detail::batch_shape(2, sample));
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>((37 * i) % 101) / 101.0F - 0.5F;
  return x;
}

void write_this_version() {
  const Model model{network, sample, Rng{20}};
  save(model, folder / (this_version + ".safetensors"),
       {{{0.5, 0.25}, {1, 0.1}}, {"one", "tw\"o", "dr\xC3\xA9i"}, {}});
  std::ofstream expected(folder / (this_version + ".expected"));
  const auto y = model(samples());
  for (Index i = 0; i < y.size(); ++i) expected << detail::number_text(y.data()[i]) << '\n';
}

}  // namespace

TEST_CASE("the file of every version that there was is loaded, and predicts what it did then") {
  if (std::getenv("LAMINA_WRITE_VERSION_FILE") && !exists(folder / (this_version + ".safetensors")))
    write_this_version();
  std::vector<std::string> versions;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".safetensors") continue;
    versions.push_back(entry.path().stem().string());
    INFO(entry.path());
    const auto [model, metadata] = load_model(entry.path());
    CHECK(metadata.version.substr(0, metadata.version.rfind('.')) == versions.back());
    CHECK(metadata.class_names == std::vector<std::string>{"one", "tw\"o", "dr\xC3\xA9i"});
    CHECK(metadata.normalisation.mean == std::vector<double>{0.5, 0.25});
    CHECK(metadata.normalisation.deviation == std::vector<double>{1, 0.1});
    CHECK(std::ranges::equal(model.sample_extents(), sample.extents));
    const auto y = model(samples());
    std::ifstream expected(std::filesystem::path(entry.path()).replace_extension(".expected"));
    Index numbers = 0;
    for (float number; expected >> number; ++numbers) CHECK(std::abs(y.data()[numbers] - number) < 1e-6F);
    CHECK(numbers == 2 * 3);
  }
  CHECK(std::find(versions.begin(), versions.end(), this_version) != versions.end());
  CHECK(std::find(versions.begin(), versions.end(), "0.1") != versions.end());
}

TEST_CASE("version 0.1's file is loaded into a model of the same layers") {
  Model model{network, sample, Rng{1}};
  load(model, folder / "0.1.safetensors");
  const auto y = model(samples()), z = load_model(folder / "0.1.safetensors").model(samples());
  for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == z.data()[i]);
}
