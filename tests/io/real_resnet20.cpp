// The ResNet-20 for CIFAR-10 that others trained, read from ONNX and from safetensors. Runs where LAMINA_DATA_DIR has it.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include <lamina/architectures.hpp>
#include <lamina/lamina.hpp>
#include <lamina/onnx.hpp>
#include <lamina/pytorch.hpp>

#include "../catch.hpp"

using namespace lamina;

namespace {

/// Returns the folder of the pretrained network, or nothing.
std::filesystem::path folder() {
  std::vector<std::filesystem::path> places{std::filesystem::path(LAMINA_TESTS_DIR) / "../../shared/data/pretrained"};
  if (const char* data = std::getenv("LAMINA_DATA_DIR"); data != nullptr && *data != '\0')
    for (const char* own : {"pretrained", "../pretrained"}) places.insert(places.begin(), std::filesystem::path(data) / own);
  for (const auto& place : places)
    if (std::filesystem::exists(place / "resnet20-cifar10.onnx")) return place;
  std::cout << "skipped: io/real_resnet20: LAMINA_DATA_DIR does not say where the pretrained network is\n";
  return {};
}

/// The numbers of a tensor of a safetensors file.
struct Numbers {
  std::vector<std::uint64_t> shape;
  std::vector<float> values;
};

std::map<std::string, Numbers> tensors_of(const std::filesystem::path& path) {
  const auto bytes = detail::read_file(path);
  const detail::SafeTensors file = detail::parse_safetensors(bytes);
  std::map<std::string, Numbers> tensors;
  for (const auto& entry : file.entries) {
    if (entry.dtype != "F32") continue;
    Numbers numbers{entry.shape, std::vector<float>((entry.end - entry.begin) / sizeof(float))};
    for (std::size_t i = 0; i < numbers.values.size(); ++i)
      numbers.values[i] = detail::read_number<float>(bytes.data() + file.numbers + entry.begin + i * sizeof(float));
    tensors[entry.name] = std::move(numbers);
  }
  return tensors;
}

/// Returns images (N, H, W, C) of numbers (N, C, H, W).
Tensor<float, 4> images_of(const Numbers& numbers) {
  const auto extent = [&](std::size_t axis) { return static_cast<Index>(numbers.shape[axis]); };
  Tensor<float, 4> x(extent(0), extent(2), extent(3), extent(1));
  const float* value = numbers.values.data();
  for (Index n = 0; n < extent(0); ++n)
    for (Index c = 0; c < extent(1); ++c)
      for (Index h = 0; h < extent(2); ++h)
        for (Index w = 0; w < extent(3); ++w) x(n, h, w, c) = *value++;
  return x;
}

/// The largest difference of logits from PyTorch's.
double distance_of(const Model& model, const std::map<std::string, Numbers>& samples) {
  const Tensor<float, 2> y = model(images_of(samples.at("normalised")), {.threads = 1});
  const auto& logits = samples.at("logits").values;
  REQUIRE(y.size() == static_cast<Index>(logits.size()));
  double most = 0;
  for (Index i = 0; i < y.size(); ++i) most = std::max(most, std::abs(static_cast<double>(y.data()[i]) - static_cast<double>(logits[static_cast<std::size_t>(i)])));
  return most;
}

}  // namespace

TEST_CASE("a pretrained ResNet-20 read from ONNX gives PyTorch's logits, and still does when it was exported again") {
  const auto data = folder();
  if (data.empty()) return;
  const auto samples = tensors_of(data / "resnet20-cifar10-samples.safetensors");
  const Model model = load_onnx(data / "resnet20-cifar10.onnx").model;
  const double apart = distance_of(model, samples), again = distance_of(load_onnx_bytes(onnx_bytes(model)).model, samples);
  std::cout << "largest difference of a logit: from ONNX " << apart << ", exported again " << again << '\n';
  CHECK(apart < 1e-4);
  CHECK(again < 1e-4);
  CHECK(distance_of(load_model_bytes(save_bytes(model)).model, samples) == apart);
}

TEST_CASE("a pretrained ResNet-20 read from a state_dict gives PyTorch's logits") {
  const auto data = folder();
  if (data.empty()) return;
  const auto samples = tensors_of(data / "resnet20-cifar10-samples.safetensors");
  Model model{resnet20(10), Shape{32, 32, 3}, Rng{1}};
  load_pytorch(model, data / "resnet20-cifar10.safetensors");
  const double apart = distance_of(model, samples);
  std::cout << "largest difference of a logit: from a state_dict " << apart << '\n';
  CHECK(apart < 1e-4);
}
