// Files are exchanged with PyTorch, both ways: tests/io/torch_exchange.py is the other half. Without PyTorch this is
// skipped.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <lamina/io/saved_model.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"

using namespace lamina;

namespace {

constexpr auto network = Sequential{
    Sequential{Conv{.filters = 3, .kernel = {3, 2}, .padding = 1}, ReLU{}, MaxPool{.window = 2}},
    Conv{.filters = 4, .kernel = 2, .stride = {1, 2}},
    Tanh{},
    Flatten{},
    LeakyReLU{.slope = 0.01},
    Sequential{Dense{.units = 5}, Sigmoid{}},
    Dense{.units = 3},
};

template <typename T>
using NetworkModel = Model<std::remove_const_t<decltype(network)>, Tensor<T, 4>>;

/// A file of samples x and predictions y.
template <typename T>
void write_samples(const std::filesystem::path& path, const Tensor<T, 4>& x, const Tensor<T, 2>& y) {
  const auto bytes_of = [](const auto& tensor) {
    return std::as_bytes(std::span(tensor.data(), std::size_t(tensor.size())));
  };
  const auto extents = [](const auto& s) { return std::vector<std::uint64_t>(s.extents.begin(), s.extents.end()); };
  const std::string dtype(detail::dtype_of<T>());
  const std::uint64_t middle = bytes_of(x).size(), end = middle + bytes_of(y).size();
  const std::string header = format_safetensors_header(
      {.entries = {{"x", dtype, extents(shape(x)), 0, middle}, {"y", dtype, extents(shape(y)), middle, end}},
       .metadata = {{"format", "pt"}}});
  const auto begin = std::as_bytes(std::span(header));
  std::vector<std::byte> file(begin.begin(), begin.end());
  file.insert(file.end(), bytes_of(x).begin(), bytes_of(x).end());
  file.insert(file.end(), bytes_of(y).begin(), bytes_of(y).end());
  write_file(path, file);
}

template <typename T>
void exchange() {
  const Scratch scratch("torch-exchange");
  const NetworkModel<T> made_here{network, Shape{7, 11, 2}, Rng{1}};
  Tensor<T, 4> x(4, 7, 11, 2);
  Rng rng{2};
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(rng.normal());
  save(made_here, scratch.path / "lamina.safetensors");
  write_samples(scratch.path / "lamina_io.safetensors", x, made_here(x));

  const std::string python = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const std::string script = std::string(LAMINA_TESTS_DIR) + "/io/torch_exchange.py";
  const int status = std::system((python + " '" + script + "' '" + scratch.path.string() + "'").c_str());
  if (status == 77 << 8 || status == 127 << 8) {
    std::cout << "skipped: io/torch_exchange: python3 has no torch (python3-torch)" << std::endl;
    return;
  }
  REQUIRE(status == 0);

  NetworkModel<T> loaded{network, Shape{7, 11, 2}, Rng{3}};
  load(loaded, scratch.path / "torch.safetensors");
  const auto file = read_file(scratch.path / "torch_io.safetensors");
  const auto torch = parse_safetensors(file);
  const auto y = loaded(x);
  std::vector<T> expected(static_cast<std::size_t>(y.size()));
  REQUIRE(torch.find("y")->end - torch.find("y")->begin == expected.size() * sizeof(T));
  std::memcpy(expected.data(), file.data() + torch.numbers + torch.find("y")->begin, expected.size() * sizeof(T));
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(y.data()[i] - expected[i]) < 1e-5);
}

}  // namespace

TEST_CASE(
    "PyTorch predicts from lamina's files what lamina predicts, and lamina from PyTorch's what PyTorch predicts") {
  exchange<float>();
  exchange<double>();
}
