// ONNX files that torch.onnx.export and python3-onnx wrote just now (tests/io/load_onnx_exchange.py) are loaded, and
// predict what PyTorch predicts. Where there is no PyTorch or no onnx, this is skipped.
#include <fstream>
#include <iostream>
#include <lamina/io/load_onnx.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "other_program.hpp"

using namespace lamina;

namespace {

std::vector<float> read_floats(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  std::vector<float> floats(bytes.size() / sizeof(float));
  for (std::size_t i = 0; i < floats.size(); ++i)
    floats[i] = detail::read_number<float>(bytes.data() + i * sizeof(float));
  return floats;
}

/// Floats in ONNX's order, images (N, C, H, W), as samples of a model.
template <int Rank>
Tensor<float, Rank> samples(const Model& model, const std::vector<float>& floats) {
  Tensor<float, Rank> x;
  const auto one = model.input_shape<Rank>(1);
  const Index C = Rank == 4 ? one[Rank - 1] : 1, pixels = one.size() / C;
  reshape(x, model.input_shape<Rank>(static_cast<Index>(floats.size()) / one.size()));
  for (Index n = 0; n < x.dimension(0); ++n)
    for (Index c = 0; c < C; ++c)
      for (Index i = 0; i < pixels; ++i)
        x.data()[(n * pixels + i) * C + c] = floats[static_cast<std::size_t>((n * C + c) * pixels + i)];
  return x;
}

/// How far a loaded network's predictions are from PyTorch's, in units of the largest, or of 1 where that is more.
template <int Rank>
double difference(const std::filesystem::path& network) {
  const auto at = [&](const char* ending) { return std::filesystem::path(network).replace_extension(ending); };
  const auto model = load_onnx(network).model;
  const auto y = model(samples<Rank + 1>(model, read_floats(at(".input"))));
  const auto expected = read_floats(at(".output"));
  REQUIRE(y.size() == static_cast<Index>(expected.size()));
  double largest = 1, worst = 0;
  for (const float number : expected) largest = std::max(largest, std::abs(double{number}));
  for (std::size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, std::abs(double{y.data()[i]} - double{expected[i]}) / largest);
  return worst;
}

}  // namespace

TEST_CASE(
    "networks that PyTorch and python3-onnx write predict what PyTorch predicts, or are refused with every reason") {
  const Scratch scratch("load-onnx-exchange");
  if (!runs_python("load_onnx_exchange.py", "'" + scratch.path.string() + "'")) {
    std::cout << "skipped: io/load_onnx_exchange: python3 has no torch, onnx and numpy (python3-torch, python3-onnx)"
              << std::endl;
    return;
  }
  std::size_t loaded = 0, refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path)) {
    if (entry.path().extension() != ".onnx") continue;
    INFO(entry.path().filename());
    if (auto reasons = std::ifstream(std::filesystem::path(entry.path()).replace_extension(".refused"))) {
      const std::string text = refusal<DataError>([&] { load_onnx(entry.path()); });
      INFO(text);
      for (std::string reason; std::getline(reasons, reason);) CHECK(text.find(reason) != std::string::npos);
      ++refused;
    } else {
      const auto bytes = read_file(entry.path());
      const bool rows = detail::read_onnx_model(bytes).sample.size() == 1;
      CHECK((rows ? difference<1>(entry.path()) : difference<3>(entry.path())) <= 1e-5);
      ++loaded;
    }
  }
  CHECK(loaded == 22);
  CHECK(refused == 4);
}
