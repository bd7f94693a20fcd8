#include "../../include/lamina/kernels/bf16.hpp"

#include <array>
#include <bit>
#include <stdexcept>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "reference.hpp"

using namespace reference;
using lamina::kernels::Bf16Gradients;
using lamina::kernels::Bf16Products;
using lamina::kernels::WeightOrder;

namespace {

float of_bits(std::uint32_t bits) { return std::bit_cast<float>(bits); }

/// The nearest bfloat16 by its definition: of the two around a number the nearer, the even one of two.
float rounded(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const float below = of_bits(bits & 0xFFFF0000U), above = of_bits((bits & 0xFFFF0000U) + 0x10000U);
  if (std::isinf(number)) return number;
  const double next = std::isinf(above) ? std::copysign(0x1p128, double{number}) : double{above};
  const double to_below = std::fabs(double{number} - double{below}), to_above = std::fabs(next - double{number});
  if (to_below == to_above) return (bits >> 16 & 1U) == 0 ? below : above;
  return to_below < to_above ? below : above;
}

Buffer<float> rounded(const Buffer<float>& numbers) {
  Buffer<float> all(numbers.size());
  for (Index i = 0; i < numbers.size(); ++i) all[i] = rounded(numbers[i]);
  return all;
}

/// The kernels of every instruction set, on emulated tiles, and those of the machine's own if it has any.
std::vector<const Bf16Products*> all_products() {
  std::vector<const Bf16Products*> all;
  for (const auto* set : lamina::kernels::instruction_sets<float>()) all.push_back(&lamina::kernels::emulated_bf16_products(*set));
  if (const Bf16Products* own = lamina::kernels::bf16_products("")) all.push_back(own);
  return all;
}

/// Runs a convolution and its gradients, whole and in parts, with and without packed weights, and compares them with the definition on rounded numbers.
void check(const ConvShape& g, WeightOrder order = WeightOrder::channels_first, bool masked = false) {
  const Sizes size = sizes(g);
  Numbers numbers(static_cast<std::uint64_t>(size.x * 31 + size.w * 7 + size.y));
  const Buffer<float> x = numbers.buffer<float>(size.x), w = numbers.buffer<float>(size.w), b = numbers.buffer<float>(g.K);
  const Buffer<float> dy = numbers.buffer<float>(size.y), mask = numbers.buffer<float>(size.y);
  Buffer<float> passed = dy;
  for (Index i = 0; i < size.y; ++i)
    if (masked && !(mask[i] > 0)) passed[i] = 0;
  const Buffer<float> rounded_x = rounded(x), rounded_w = rounded(w), rounded_dy = rounded(passed);

  std::vector<Sum> y(static_cast<std::size_t>(size.y)), dx(static_cast<std::size_t>(size.x));
  std::vector<Sum> dw(static_cast<std::size_t>(size.w)), db(static_cast<std::size_t>(g.K));
  for (Index i = 0; i < size.y; ++i) {
    y[static_cast<std::size_t>(i)].add(b[i % g.K], 1);
    db[static_cast<std::size_t>(i % g.K)].add(passed[i], 1);
  }
  each_product(g, [&](Index i, Index j, Index o) {
    if (order == WeightOrder::units_first) j = j % g.K * g.C + j / g.K;
    y[static_cast<std::size_t>(o)].add(rounded_x[i], rounded_w[j]);
    dx[static_cast<std::size_t>(i)].add(rounded_dy[o], rounded_w[j]);
    dw[static_cast<std::size_t>(j)].add(rounded_dy[o], rounded_x[i]);
  });

  for (const Bf16Products* kernels : all_products())
    for (const bool packs : {false, true})
      for (const Index parts : {1, 2, 3}) {
        INFO(kernels->unit << ", packed " << packs << ", " << parts << " parts, " << text(g));
        Scratch<float> packed(kernels->packed_size(g));
        if (packs) kernels->pack(g, order, w.data(), packed.data());
        CHECK(packed.intact());
        const float* const made = packs ? packed.data() : nullptr;
        Buffer<float> own_y(size.y), own_dx(size.x), own_dw(size.w), own_db(g.K);
        ConvShape part = g;
        part.parts = parts;
        for (part.part = 0; part.part < parts; ++part.part) {
          Scratch<float> scratch(kernels->scratch(g)), again(kernels->scratch(g)), alone(kernels->scratch(g));
          kernels->forward(part, order, x.data(), w.data(), made, b.data(), own_y.data(), scratch.data());
          Bf16Gradients gradients{x.data(), masked ? mask.data() : nullptr, dy.data(), own_dx.data(), nullptr, nullptr};
          kernels->backward(part, order, gradients, w.data(), made, again.data());
          gradients.dx = nullptr;
          gradients.dw = own_dw.data();
          gradients.db = own_db.data();
          kernels->backward(part, order, gradients, w.data(), made, alone.data());
          CHECK((scratch.intact() && again.intact() && alone.intact()));
        }
        CHECK(wrong(own_y, y) == 0);
        CHECK(wrong(own_dx, dx) == 0);
        CHECK(wrong(own_dw, dw) == 0);
        CHECK(wrong(own_db, db) == 0);
        CHECK((own_y.intact() && own_dx.intact() && own_dw.intact() && own_db.intact()));
      }
}

}  // namespace

TEST_CASE("products of bfloat16 numbers equal the definition on rounded numbers for any geometry") {
  // N, H, W, C, K, R, S, stride_h, stride_w, padding_h, padding_w
  const ConvShape geometries[] = {
      {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0},      // a single product
      {2, 8, 8, 32, 32, 3, 3, 1, 1, 1, 1, 0, 0},    // whole blocks
      {3, 9, 6, 33, 17, 3, 2, 1, 1, 1, 1, 0, 0},    // one channel more than a block, one filter more than a tile
      {1, 5, 40, 16, 48, 1, 5, 1, 1, 0, 2, 0, 0},   // lines longer than a block
      {2, 6, 9, 5, 40, 2, 3, 2, 1, 0, 1, 0, 0},     //
      {2, 11, 13, 20, 5, 3, 3, 2, 3, 1, 2, 0, 0},   // rows and columns that no window reaches
      {2, 11, 13, 3, 5, 2, 2, 3, 4, 0, 0, 0, 0},    // stride > kernel: gaps
      {1, 10, 12, 2, 3, 2, 3, 5, 7, 2, 1, 0, 0},    //
      {1, 2, 3, 2, 3, 3, 3, 1, 1, 5, 4, 0, 0},      // padding > kernel: outputs of nothing but border
      {1, 2, 3, 2, 3, 3, 3, 2, 2, 7, 6, 0, 0},      //
      {2, 7, 5, 64, 64, 1, 1, 2, 2, 0, 0, 0, 0},    // 1 × 1 that skips
      {40, 4, 4, 64, 96, 3, 3, 1, 1, 1, 1, 0, 0},   // more images than are multiplied together for dw
      {2, 9, 9, 3, 8, 7, 7, 2, 2, 3, 3, 0, 0},      // the first layer of a ResNet
  };
  for (const ConvShape& g : geometries) check(window(g));
  ConvShape asymmetric = window({2, 7, 7, 20, 24, 3, 3, 2, 2, 0, 0, 0, 0});
  ++asymmetric.P;  // a border below and on the right alone, as Keras has it
  ++asymmetric.Q;
  asymmetric.more_h = asymmetric.more_w = 2;
  check(asymmetric);
  Numbers numbers(5);
  for (int i = 0; i < 40; ++i) {
    ConvShape g{1 + numbers.below(4), 1 + numbers.below(14), 1 + numbers.below(14), 1 + numbers.below(70), 1 + numbers.below(70),
                1 + numbers.below(4), 1 + numbers.below(4), 1 + numbers.below(3), 1 + numbers.below(3), numbers.below(4), numbers.below(4), 0, 0};
    if (g.H + 2 * g.padding_h < g.R || g.W + 2 * g.padding_w < g.S) continue;
    check(window(g), WeightOrder::channels_first, i % 2 == 0);
  }
}

TEST_CASE("a dense layer is a convolution of one image of rows, with its own order of weights") {
  for (const auto& [N, F, U] : {std::array<Index, 3>{1, 64, 32}, {33, 50, 17}, {70, 129, 65}, {5, 16, 200}})
    for (const bool masked : {false, true}) check(window({1, N, 1, F, U, 1, 1, 1, 1, 0, 0, 0, 0}), WeightOrder::units_first, masked);
}

TEST_CASE("a ReLU and its ceiling end a forward pass of bfloat16 numbers, and let a NaN through") {
  ConvShape g = window({1, 3, 5, 32, 32, 1, 1, 1, 1, 0, 0, 0, 0});
  Numbers numbers(3);
  Buffer<float> x = numbers.buffer<float>(15 * 32), w = numbers.buffer<float>(32 * 32), b = numbers.buffer<float>(32);
  x[7 * 32 + 3] = std::numeric_limits<float>::quiet_NaN();
  for (const Bf16Products* kernels : all_products()) {
    Scratch<float> scratch(kernels->scratch(g));
    Buffer<float> plain(15 * 32), ended(15 * 32);
    kernels->forward(g, WeightOrder::channels_first, x.data(), w.data(), nullptr, b.data(), plain.data(), scratch.data());
    ConvShape rectified = g;
    rectified.rectified = true;
    rectified.ceiling = 1;
    kernels->forward(rectified, WeightOrder::channels_first, x.data(), w.data(), nullptr, b.data(), ended.data(), scratch.data());
    Index different = 0, above = 0;
    for (Index i = 0; i < plain.size(); ++i) {
      const bool is_nan = i / 32 == 7;  // of the pixel that has one, and of no other
      const float expected = plain[i] < 0 ? 0 : plain[i] > 1 ? 1 : plain[i];
      different += is_nan ? !(std::isnan(plain[i]) && std::isnan(ended[i])) : ended[i] != expected;
      above += plain[i] > 1;
    }
    CHECK(different == 0);
    CHECK(above > 10);
  }
}

TEST_CASE("numbers become the nearest bfloat16: ties are even, NaN stays NaN, subnormal ones count as zero") {
  const float numbers[] = {1.0F, -2.5F, of_bits(0x3F808000), of_bits(0x3F818000), of_bits(0x3F808001), of_bits(0x3F807FFF), of_bits(0x7F7FFFFF),
                           std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), of_bits(0x7F800001),
                           of_bits(0x00400000), -0.0F};
  ConvShape g = window({1, std::ssize(numbers), 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0});
  for (const Bf16Products* kernels : all_products()) {
    Scratch<float> scratch(kernels->scratch(g));
    Buffer<float> y(std::ssize(numbers));
    const float one = 1, zero = 0;
    kernels->forward(g, WeightOrder::channels_first, numbers, &one, nullptr, &zero, y.data(), scratch.data());
    for (Index i = 0; i < y.size(); ++i) {
      INFO(i << ": " << numbers[i]);
      if (std::isnan(numbers[i]))
        CHECK(std::isnan(y[i]));
      else
        CHECK(y[i] == (std::fabs(numbers[i]) < std::numeric_limits<float>::min() ? 0 : rounded(numbers[i])));
    }
  }
  CHECK(rounded(of_bits(0x3F808000)) == 1.0F);
  CHECK(rounded(of_bits(0x3F818000)) == of_bits(0x3F820000));
  CHECK(rounded(of_bits(0x3F808001)) == of_bits(0x3F810000));
}

TEST_CASE("convolutions of few channels are left to the float kernels, and LAMINA_BF16 names the kernels") {
  using lamina::kernels::bf16_products;
  const Bf16Products& kernels = *bf16_products("emulated");
  CHECK(kernels.unit == std::string("emulated AMX"));
  CHECK(kernels.suits(window({1, 8, 8, 16, 16, 3, 3, 1, 1, 0, 0, 0, 0})));
  CHECK_FALSE(kernels.suits(window({1, 8, 8, 3, 64, 3, 3, 1, 1, 0, 0, 0, 0})));
  CHECK_FALSE(kernels.suits(window({1, 8, 8, 64, 10, 3, 3, 1, 1, 0, 0, 0, 0})));
  CHECK(bf16_products("off") == nullptr);
  CHECK(refusal<std::invalid_argument>([] { bf16_products("on"); }) ==
        "LAMINA_BF16: expects \"emulated\" or \"off\" but got \"on\"; unset it to use the machine's AMX tiles");
}
