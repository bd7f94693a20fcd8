#include <lamina/data/batches.hpp>
#include <lamina/data/contact_sheet.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/pixel_transforms.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

Dataset<3> pictures(Index N) {
  Tensor<std::uint8_t, 4> x(N, 4, 3, 1);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<std::uint8_t>(10 + i);
  return {x, std::vector<std::int32_t>(static_cast<std::size_t>(N), 0)};
}

}  // namespace

TEST_CASE("a contact sheet shows each sample, and beside it what it becomes in the epochs of a fit") {
  const Dataset<3> data = pictures(5);
  const Augmentation augmentation = RandomCrop{.padding = 1};
  const auto sheet = contact_sheet(data, augmentation, {.rows = 2, .columns = 3, .first = 3, .seed = 11, .gap = 1});
  REQUIRE(shape(sheet) == Shape{9, 11, 1});
  Batch<Tensor<float, 4>> batch;
  for (Index row = 0; row < 2; ++row)
    for (Index column = 0; column < 3; ++column) {
      const Index sample = 3 + row;
      if (column == 0)
        gather(data, std::vector<Index>{sample}, batch);
      else
        gather(data, std::vector<Index>{sample}, batch,
               AugmentContext{augmentation, Rng(11).split(static_cast<std::uint64_t>(column - 1))});
      for (Index h = 0; h < 4; ++h)
        for (Index w = 0; w < 3; ++w)
          CHECK(sheet(row * 5 + h, column * 4 + w, 0) == std::lround(batch.x(0, h, w, 0) * 255));
    }
  for (Index w = 0; w < 11; ++w) CHECK(sheet(4, w, 0) == 96);
  for (Index h = 0; h < 9; ++h) CHECK(sheet(h, 7, 0) == 96);
}

TEST_CASE("a contact sheet has no more rows than there are samples") {
  CHECK(shape(contact_sheet(pictures(2), {})) == Shape{2 * 4 + 2, 8 * 3 + 7 * 2, 1});
}

TEST_CASE("numbers are shown from the smallest to the largest, and what leaves that at the ends") {
  const Dataset<3> data{std::vector<float>{-2, 2, 0, 1}, Shape{1, 2, 1}, std::vector<std::int32_t>{0, 1}};
  const auto sheet = contact_sheet(data, Brightness{.offset = {3, 3}}, {.columns = 2, .gap = 0});
  const int expected[] = {0, 255, 191, 255, 128, 191, 255, 255};
  for (Index i = 0; i < 8; ++i) CHECK(int{sheet.data()[i]} == expected[i]);
}

TEST_CASE("a contact sheet of what is not there is refused") {
  CHECK(refusal<OptionError>([] { contact_sheet(pictures(2), {}, {.first = 2}); }) ==
        "contact_sheet: sample 2 is not one of the data set's 2, which count from 0");
  CHECK(refusal<OptionError>([] {
          contact_sheet(pictures(2), {}, {.rows = 0});
        }).find("contact_sheet: expects at least one row") == 0);
  CHECK(refusal<OptionError>([] {
          contact_sheet(pictures(2), {}, {.gap = -1});
        }).find("and a gap of at least 0 but got") != std::string::npos);
}
