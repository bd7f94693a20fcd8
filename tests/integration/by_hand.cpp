// The numbers of examples/by_hand/README.md, its sums and its table of LeNet's layers, against the library.

#include <string>
#include <vector>

#include <lamina/models/model.hpp>
#include <lamina/training/trainer.hpp>

#include "../catch.hpp"
#include "../lenet.hpp"
#include "worked_page.hpp"

using by_hand::Worksheet;
using namespace lamina;

namespace {

const WorkedPage& page() {
  static const WorkedPage read(LAMINA_TESTS_DIR "/../examples/by_hand/README.md");
  return read;
}

const std::vector<Worksheet>& computed() {
  static const std::vector<Worksheet> all = by_hand::worksheets();
  return all;
}

/// What rounding to four digits behind the point may move, and computing in double.
constexpr double rounding = 0.5e-4 + 1e-9;

/// Whether a table shows a number: to four digits behind the point, or exactly where it has fewer. Difference quotients
/// have four.
bool shows(const Worksheet& table, double shown, double number) {
  const bool rounded = by_hand::format(shown).size() >= by_hand::format(std::trunc(shown)).size() + 5;
  return std::abs(shown - number) <= (rounded || table.name.starts_with("quotients") ? rounding : 1e-9);
}

/// Of a network of several layers in float, those with parameters moved by the trainer's step on N copies of the image.
auto trained(Index N) {
  Model model{Sequential{by_hand::conv, by_hand::relu, by_hand::pool, by_hand::flatten, by_hand::dense}, Shape{4, 4, 1},
              Rng{1}};
  const by_hand::Parameters start = by_hand::parameters();
  auto& p = model.parameters();
  p.tensor<4>("0.weight") = start.conv.weight.cast<float>();
  p.tensor<1>("0.bias") = start.conv.bias.cast<float>();
  p.tensor<2>("4.weight") = start.dense.weight.cast<float>();
  p.tensor<1>("4.bias") = start.dense.bias.cast<float>();

  Batch<Tensor<float, 4>> batch;
  batch.x.resize(N, 4, 4, 1);
  const by_hand::Image x = by_hand::image();
  for (Index i = 0; i < batch.x.size(); ++i) batch.x.data()[i] = static_cast<float>(x.data()[i % x.size()]);
  batch.labels.assign(static_cast<std::size_t>(N), by_hand::label[0]);
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = by_hand::learning_rate}};
  trainer.step(model, batch);
  return std::as_const(model).parameters();
}

const Worksheet& named(const std::vector<Worksheet>& tables, const std::string& name) {
  for (const Worksheet& table : tables)
    if (table.name == name) return table;
  throw std::runtime_error("there is no " + name);
}

template <int Rank>
double farthest(const Tensor<float, Rank>& numbers, const std::string& name) {
  const Worksheet& table = named(page().tables, name);
  REQUIRE(static_cast<std::size_t>(numbers.size()) == table.numbers.size());
  double most = 0;
  for (Index i = 0; i < numbers.size(); ++i)
    most =
        std::max(most, std::abs(static_cast<double>(numbers.data()[i]) - table.numbers[static_cast<std::size_t>(i)]));
  return most;
}

/// LeNet's layers from the I-th on, as the page's table has them: layer, output, parameters, numbers.
template <std::size_t I, int Rank>
void add_layers(const Shape<Rank>& in, std::vector<std::string>& rows) {
  if constexpr (I < std::tuple_size_v<std::remove_cvref_t<decltype(lenet.layers())>>) {
    const auto& layer = std::get<I>(lenet.layers());
    const auto out = layer.output_shape(in);
    std::string shape_of_batch = str_cat(out), parameters;
    shape_of_batch.replace(1, 1, "N");
    const auto p = layer.template initialize<float>(in, Rng{1});
    visit_parameters(
        [&](const auto& tensor) { parameters += str_cat(parameters.empty() ? "w " : ", b ", shape(tensor)); }, p);
    rows.push_back(str_cat("| ", I, " ", layer.name, " | ", shape_of_batch, " | ", parameters,
                           parameters.empty() ? "| " : " | ", parameter_count(p), " |"));
    add_layers<I + 1>(out, rows);
  }
}

}  // namespace

TEST_CASE("the page of the backward pass by hand shows what the layers compute, and all of it") {
  REQUIRE(page().tables.size() == computed().size());
  for (std::size_t i = 0; i < computed().size(); ++i) {
    const Worksheet& shown = page().tables[i];
    CAPTURE(shown.name);
    CHECK(shown.name == computed()[i].name);
    CHECK(shown.extents == computed()[i].extents);
    REQUIRE(shown.numbers.size() == computed()[i].numbers.size());
    for (std::size_t j = 0; j < shown.numbers.size(); ++j) {
      CAPTURE(j, shown.numbers[j], computed()[i].numbers[j]);
      CHECK(shows(shown, shown.numbers[j], computed()[i].numbers[j]));
    }
  }
}

TEST_CASE("every line of arithmetic on the page is true of the computed tensors") {
  Arithmetic value(computed());
  CHECK(page().equations.size() > 25);
  for (const std::string& line : page().equations) {
    CAPTURE(line);
    std::string_view rest = line;
    double left = 0;
    for (bool first = true, rounded = false; !rest.empty(); first = false) {
      const std::size_t equal = std::min(rest.find('='), rest.size()), about = std::min(rest.find("≈"), rest.size());
      const std::size_t end = std::min(equal, about);
      const double right = value(rest.substr(0, end));
      CAPTURE(left, right);
      if (!first) CHECK(std::abs(left - right) <= (rounded ? rounding : 1e-9));
      left = right;
      rounded = about < equal;
      rest.remove_prefix(std::min(rest.size(), end + (rounded ? std::string_view("≈").size() : 1)));
    }
  }
}

TEST_CASE("a step of the trainer, stages and all, arrives at the page's parameters, for one image and for two copies") {
  for (const Index N : {1, 2}) {
    CAPTURE(N);
    const auto p = trained(N);
    CHECK(farthest(p.tensor<4>("0.weight"), "w1 after") < 1e-6);
    CHECK(farthest(p.tensor<1>("0.bias"), "b1 after") < 1e-6);
    CHECK(farthest(p.tensor<2>("4.weight"), "w2 after") < 1e-6);
    CHECK(farthest(p.tensor<1>("4.bias"), "b2 after") < rounding);
  }
}

TEST_CASE("the page's table of LeNet has its layers, their shapes and how many numbers they learn") {
  std::vector<std::string> expected, shown;
  add_layers<0>(Shape{1, 28, 28, 1}, expected);
  for (const std::string& row : page().rows) {
    const std::size_t link = row.find(" | ["), end = row.find(") | ", link);
    if (row[2] >= '0' && row[2] <= '9') shown.push_back(row.substr(0, link) + row.substr(end + 1));
  }
  CHECK(shown == expected);
}
