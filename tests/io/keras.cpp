#include <cmath>
#include <cstring>
#include <lamina/io/keras.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "scale.hpp"

using namespace lamina;

namespace {

constexpr Index H = 5, W = 6, C = 2, R = 3, S = 2, K = 3, P = H - R + 1, Q = W - S + 1, U = 4, V = 2;
const Network network{
    Conv{.filters = K, .kernel = {R, S}}, ReLU{}, Flatten{}, Dense{.units = U}, Tanh{}, Dense{.units = V}};

/// The weights as Keras keeps them, each drawn for itself: kernel (R, S, C, K), (P·Q·K, U), (U, V), and the biases.
struct KerasWeights {
  std::vector<float> conv, conv_bias, dense, dense_bias, last, last_bias;

  KerasWeights() {
    Rng rng{1};
    const auto draw = [&](std::vector<float>& numbers, Index size) {
      for (Index i = 0; i < size; ++i) numbers.push_back(static_cast<float>(rng.uniform(-0.5, 0.5)));
    };
    draw(conv, R * S * C * K), draw(conv_bias, K), draw(dense, P * Q * K * U), draw(dense_bias, U), draw(last, U * V),
        draw(last_bias, V);
  }

  /// What Keras's own functions are defined to be, written out over these arrays.
  std::vector<double> predict(const std::vector<float>& x) const {
    std::vector<double> row, hidden, y;
    for (Index p = 0; p < P; ++p)
      for (Index q = 0; q < Q; ++q)
        for (Index k = 0; k < K; ++k) {
          double sum = conv_bias[std::size_t(k)];
          for (Index r = 0; r < R; ++r)
            for (Index s = 0; s < S; ++s)
              for (Index c = 0; c < C; ++c)
                sum += double(x[std::size_t(((p + r) * W + q + s) * C + c)]) *
                       conv[std::size_t(((r * S + s) * C + c) * K + k)];
          row.push_back(std::max(0.0, sum));  // in the order (h, w, c), as Keras flattens
        }
    for (Index u = 0; u < U; ++u) {
      double sum = dense_bias[std::size_t(u)];
      for (Index f = 0; f < P * Q * K; ++f) sum += row[std::size_t(f)] * dense[std::size_t(f * U + u)];
      hidden.push_back(std::tanh(sum));
    }
    for (Index v = 0; v < V; ++v) {
      double sum = last_bias[std::size_t(v)];
      for (Index u = 0; u < U; ++u) sum += hidden[std::size_t(u)] * last[std::size_t(u * V + v)];
      y.push_back(sum);
    }
    return y;
  }

  /// As the README's lines for Keras write them.
  std::vector<std::byte> file() const {
    detail::SafeTensors header;
    std::vector<std::byte> numbers;
    const auto add = [&](const std::string& name, std::vector<std::uint64_t> shape, const std::vector<float>& values) {
      const auto bytes = std::as_bytes(std::span(values));
      header.entries.push_back({name, "F32", std::move(shape), numbers.size(), numbers.size() + bytes.size()});
      numbers.insert(numbers.end(), bytes.begin(), bytes.end());
    };
    add("0.kernel", {R, S, C, K}, conv), add("0.bias", {K}, conv_bias), add("1.kernel", {P * Q * K, U}, dense);
    add("1.bias", {U}, dense_bias), add("2.kernel", {U, V}, last), add("2.bias", {V}, last_bias);
    const std::string text = detail::format_safetensors_header(header);
    const auto begin = std::as_bytes(std::span(text));
    std::vector<std::byte> file(begin.begin(), begin.end());
    file.insert(file.end(), numbers.begin(), numbers.end());
    return file;
  }
};

std::vector<float> image() {
  Rng rng{2};
  std::vector<float> x;
  for (Index i = 0; i < H * W * C; ++i) x.push_back(static_cast<float>(rng.normal()));
  return x;
}

}  // namespace

TEST_CASE("a file in Keras's layouts is loaded, and predicts what its definition says") {
  const Scratch scratch("keras");
  const KerasWeights weights;
  write_file(scratch.path / "k.safetensors", weights.file());
  Model model{network, Shape{H, W, C}, Rng{3}};
  const LoadResult result = import_keras(model, scratch.path / "k.safetensors");
  CHECK(result.missing.empty());
  const auto values = image();
  Tensor<float, 4> x(1, H, W, C);
  std::copy(values.begin(), values.end(), x.data());
  const auto y = model(x);
  const auto expected = weights.predict(values);
  for (Index v = 0; v < V; ++v) CHECK(std::abs(double(y(0, v)) - expected[std::size_t(v)]) < 1e-6);
}

TEST_CASE("what is exported for Keras is what Keras would have written, and comes back to the bit") {
  const Scratch scratch("keras-export");
  const KerasWeights weights;
  Model model{network, Shape{H, W, C}, Rng{3}};
  load_keras_bytes(model, weights.file());
  export_keras(model, scratch.path / "k.safetensors", {.class_names = {"a", "b"}});
  const auto written = detail::read_file(scratch.path / "k.safetensors"), expected = weights.file();
  const auto out = detail::parse_safetensors(written), in = detail::parse_safetensors(expected);
  CHECK(out.metadata.at("lamina.class_names") == "[\"a\",\"b\"]");
  REQUIRE(out.entries.size() == in.entries.size());
  for (std::size_t i = 0; i < in.entries.size(); ++i) {
    CHECK(out.entries[i].name == in.entries[i].name);
    CHECK(out.entries[i].shape == in.entries[i].shape);
  }
  CHECK(std::equal(written.begin() + std::ptrdiff_t(out.numbers), written.end(),
                   expected.begin() + std::ptrdiff_t(in.numbers), expected.end()));
}

TEST_CASE("a file in PyTorch's layouts is not taken for one of Keras's, nor the other way") {
  Model model{network, Shape{H, W, C}, Rng{3}};
  CHECK(refusal<DataError>([&] {
          load_keras_bytes(model, save_bytes(model));
        }).find("missing: 0.kernel, 1.kernel, 1.bias, 2.kernel, 2.bias; unexpected: 0.weight, 3.weight") !=
        std::string::npos);
  CHECK(refusal<DataError>([&] { load_bytes(model, keras_bytes(model)); }).find("missing: 0.weight") !=
        std::string::npos);
}

TEST_CASE("layers without weights are not counted for Keras, and one's own layer keeps its names") {
  const Model model{Sequential{Flatten{}, Sequential{ReLU{}, Dense{.units = 2}}, Scale{}}, Shape{3}, Rng{1}};
  std::vector<std::string> names;
  const auto file = keras_bytes(model);
  for (const auto& entry : detail::parse_safetensors(file).entries) names.push_back(entry.name + detail::format_shape(entry.shape));
  CHECK(names == std::vector<std::string>{"0.kernel(3, 2)", "0.bias(2)", "1.factor(2)"});
}

TEST_CASE("a transposed convolution's kernel is (height, width, out, in) in Keras, as it is here") {
  const Model model{Sequential{ConvTranspose{.filters = 4, .kernel = {3, 2}}, Flatten{}}, Shape{5, 6, 2}, Rng{1}};
  const auto bytes = keras_bytes(model);
  const auto file = detail::parse_safetensors(bytes);
  const auto* kernel = file.find("0.kernel");
  REQUIRE(kernel);
  CHECK(kernel->shape == std::vector<std::uint64_t>{3, 2, 4, 2});
  const auto& weight = model.parameters().tensor<4>("0.weight");
  CHECK(std::memcmp(bytes.data() + file.numbers + kernel->begin, weight.data(), sizeof(float) * static_cast<std::size_t>(weight.size())) == 0);
}

TEST_CASE("a Keras file is loaded partly for fine-tuning") {
  Network other{Conv{.filters = K, .kernel = {R, S}}, ReLU{}, Flatten{}, Dense{.units = U}};
  Model model{other, Shape{H, W, C}, Rng{3}};
  const auto result = load_keras_bytes(model, KerasWeights().file(), {.strict = false});
  CHECK(result.unexpected == std::vector<std::string>{"2.kernel", "2.bias"});
  CHECK(result.missing.empty());
}
