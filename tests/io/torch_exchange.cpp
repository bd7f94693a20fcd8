// Files are exchanged with PyTorch, both ways: tests/io/torch_exchange.py is the other half. Without PyTorch this is
// skipped.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <iostream>
#include <lamina/io/format_safetensors.hpp>
#include <lamina/io/saved_model.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../tensors.hpp"
#include "exchanged_networks.hpp"
#include "other_program.hpp"

using namespace lamina;

namespace {

/// A file of samples x and predictions y.
template <AnyTensor X>
void write_samples(const std::filesystem::path& path, const X& x, const Tensor<scalar_t<X>, 2>& y) {
  const auto bytes_of = [](const auto& tensor) {
    return std::as_bytes(std::span(tensor.data(), std::size_t(tensor.size())));
  };
  const auto extents = [](const auto& s) { return std::vector<std::uint64_t>(s.extents.begin(), s.extents.end()); };
  const std::string dtype(detail::dtype_of<scalar_t<X>>());
  const std::uint64_t middle = bytes_of(x).size(), end = middle + bytes_of(y).size();
  const std::string header = detail::format_safetensors_header(
      {.entries = {{"x", dtype, extents(shape(x)), 0, middle}, {"y", dtype, extents(shape(y)), middle, end}},
       .metadata = {{"format", "pt"}}});
  const auto begin = std::as_bytes(std::span(header));
  std::vector<std::byte> file(begin.begin(), begin.end());
  file.insert(file.end(), bytes_of(x).begin(), bytes_of(x).end());
  file.insert(file.end(), bytes_of(y).begin(), bytes_of(y).end());
  write_file(path, file);
}

/// Models that were written, and what is left to do with each when PyTorch has answered.
struct Exchange {
  std::filesystem::path folder;
  std::vector<std::function<double()>> answers{};

  template <int In = 4, typename T>
  void give(const BasicModel<T>& model) {
    if (model.sample_extents().size() + 1 != In) return give<2>(model);
    const auto path = folder / ("network-" + std::to_string(answers.size()));
    const auto at = [path](const char* epilogue) { return std::filesystem::path(path).concat(epilogue); };
    const auto x = drawn<T>(model.template input_shape<In>(4), Rng{2});
    save(model, at(".safetensors"));
    write_samples(at(".io"), x, model(x));
    answers.push_back([=, loaded = model]() mutable {
      loaded.reset_parameters(Rng{3});
      load(loaded, at(".torch"));
      const auto file = detail::read_file(at(".torch_io"));
      const auto torch = detail::parse_safetensors(file);
      const auto y = loaded(x);
      std::vector<T> expected(static_cast<std::size_t>(y.size()));
      REQUIRE(torch.find("y")->end - torch.find("y")->begin == expected.size() * sizeof(T));
      std::memcpy(expected.data(), file.data() + torch.numbers + torch.find("y")->begin,
                  expected.size() * sizeof(T));
      double largest = 1, error = 0;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::abs(double(expected[i])));
        error = std::max(error, std::abs(double(y.data()[i]) - double(expected[i])));
      }
      return error / largest;
    });
  }
};

}  // namespace

TEST_CASE(
    "PyTorch predicts from lamina's files what lamina predicts, and lamina from PyTorch's what PyTorch predicts") {
  const Scratch scratch("torch-exchange");
  Exchange exchange{scratch.path};
  give_networks([&](const auto& model) { exchange.give(model); }, 0);
  exchange.give(Model{Network{Dense{.units = 5}, Tanh{}, Dense{.units = 2}}, Shape{6}, Rng{1}});

  if (!runs_python("torch_exchange.py",
                   str_cat("'", LAMINA_TESTS_DIR, "/../include/lamina/io/README.md' '", scratch.path.string(), "'"))) {
    std::cout << "skipped: io/torch_exchange: python3 has no torch (python3-torch)" << std::endl;
    return;
  }
  double worst = 0;
  for (const auto& answer : exchange.answers) worst = std::max(worst, answer());
  std::cout << "and from PyTorch's files: " << worst << std::endl;
  CHECK(worst <= 1e-5);
}
