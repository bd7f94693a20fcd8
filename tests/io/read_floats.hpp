#pragma once

#include <filesystem>
#include <lamina/io/load_onnx.hpp>
#include <vector>

#include "../catch.hpp"

/// The floats of a file that NumPy's tofile wrote.
inline std::vector<float> read_floats(const std::filesystem::path& path) {
  const auto bytes = lamina::detail::read_file(path);
  std::vector<float> floats(bytes.size() / sizeof(float));
  for (std::size_t i = 0; i < floats.size(); ++i)
    floats[i] = lamina::detail::read_number<float>(bytes.data() + i * sizeof(float));
  return floats;
}

/// Floats in ONNX's order, images (N, C, H, W), as samples of a model.
template <int Rank>
lamina::Tensor<float, Rank> samples_of(const lamina::Model& model, const std::vector<float>& floats) {
  using lamina::Index;
  lamina::Tensor<float, Rank> x;
  const auto one = model.input_shape<Rank>(1);
  const Index C = Rank == 4 ? one[Rank - 1] : 1, pixels = one.size() / C;
  reshape(x, model.input_shape<Rank>(static_cast<Index>(floats.size()) / one.size()));
  for (Index n = 0; n < x.dimension(0); ++n)
    for (Index c = 0; c < C; ++c)
      for (Index i = 0; i < pixels; ++i)
        x.data()[(n * pixels + i) * C + c] = floats[static_cast<std::size_t>((n * C + c) * pixels + i)];
  return x;
}

/// How far a model's predictions are from those beside the network's file, in units of the largest, or of `least` where that is more.
template <int Rank>
double difference_of(const lamina::Model& model, const std::filesystem::path& network, double least) {
  const auto at = [&](const char* epilogue) { return std::filesystem::path(network).replace_extension(epilogue); };
  const auto y = model(samples_of<Rank + 1>(model, read_floats(at(".input"))));
  const auto expected = read_floats(at(".output"));
  REQUIRE(y.size() == static_cast<lamina::Index>(expected.size()));
  double largest = least, worst = 0;
  for (const float number : expected) largest = std::max(largest, std::abs(double{number}));
  for (std::size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, std::abs(double{y.data()[i]} - double{expected[i]}) / largest);
  return worst;
}
