#include <lamina/models/summary.hpp>
#include <sstream>

#include "../catch.hpp"
#include "../io/scale.hpp"
#include "../lenet.hpp"

using namespace lamina;

namespace {

template <typename M>
std::string printed(const M& model) {
  std::ostringstream out;
  out << summary(model);
  return out.str();
}

}  // namespace

TEST_CASE("a summary lists every layer with its output's shape, and ends with the totals") {
  CHECK(printed(Model{lenet, Shape{28, 28, 1}, Rng{1}}) ==
        "layer        output shape  parameters  multiply-adds\n"
        "0   Conv     (28, 28, 6)          156        117,600\n"
        "1   ReLU     (28, 28, 6)            0              –\n"
        "2   MaxPool  (14, 14, 6)            0              –\n"
        "3   Conv     (10, 10, 16)       2,416        240,000\n"
        "4   ReLU     (10, 10, 16)           0              –\n"
        "5   MaxPool  (5, 5, 16)             0              –\n"
        "6   Flatten  (400)                  0              –\n"
        "7   Dense    (120)             48,120         48,000\n"
        "8   ReLU     (120)                  0              –\n"
        "9   Dense    (84)              10,164         10,080\n"
        "10  ReLU     (84)                   0              –\n"
        "11  Dense    (10)                 850            840\n"
        "61,706 parameters (241 KB), 416,520 multiply-adds per sample\n");
}

TEST_CASE("the layers of nested networks are listed in their places, a user's layer among them") {
  constexpr auto nested =
      Sequential{Sequential{Conv{.filters = 2}, ReLU{}}, Flatten{}, Sequential{Sequential{Scale{}}, Dense{.units = 3}}};
  CHECK(printed(Model{nested, Shape{4, 5, 1}, Rng{1}}) ==
        "layer           output shape  parameters  multiply-adds\n"
        "0.0    Conv     (2, 3, 2)             20            108\n"
        "0.1    ReLU     (2, 3, 2)              0              –\n"
        "1      Flatten  (12)                   0              –\n"
        "2.0.0  Scale    (12)                  12              –\n"
        "2.1    Dense    (3)                   39             36\n"
        "71 parameters (284 bytes), 144 multiply-adds per sample\n");
}

TEST_CASE("a network of one layer has no places, and numbers in double take twice the memory") {
  const BasicModel<double> model{Dense{.units = 1000}, Shape{1000}, Rng{1}};
  CHECK(printed(model) ==
        "layer  output shape  parameters  multiply-adds\n"
        "Dense  (1000)         1,001,000      1,000,000\n"
        "1,001,000 parameters (7.6 MB), 1,000,000 multiply-adds per sample\n");
}

TEST_CASE("a summary can be asked as well as printed") {
  const Summary all = summary(Model{lenet, Shape{28, 28, 1}, Rng{1}});
  CHECK(all.parameters == 61'706);
  CHECK(all.bytes == 4 * 61'706);
  CHECK(all.multiply_adds == lenet.multiply_adds(Shape{1, 28, 28, 1}));
  REQUIRE(all.rows.size() == 12);
  CHECK(all.rows[3].layer == "Conv");
  CHECK(all.rows[3].multiply_adds == 240'000);
  CHECK_FALSE(all.rows[4].multiply_adds.has_value());
}
