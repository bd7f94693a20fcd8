#include <lamina/data/idx.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

using Bytes = std::vector<std::byte>;

template <typename... Values>
Bytes bytes(Values... values) {
  return {static_cast<std::byte>(values)...};
}

/// The file of these bytes, of type u8 and one axis of three.
Bytes three_bytes() { return bytes(0, 0, 8, 1, 0, 0, 0, 3, 5, 6, 7); }

std::string why_not(const Bytes& file) {
  return refusal<DataError>([&] { parse_idx(file, "digits.idx"); });
}

template <typename V>
Tensor<V, 2> extremes() {
  using limits = std::numeric_limits<V>;
  Tensor<V, 2> x(2, 3);
  x.setValues({{limits::lowest(), limits::max(), V(0)}, {V(1), V(2), limits::min()}});
  return x;
}

}  // namespace

TEST_CASE("an IDX file of bytes is what the format says it is") {
  Tensor<std::uint8_t, 1> x(3);
  x.setValues({5, 6, 7});
  CHECK(format_idx(x) == three_bytes());
}

TEST_CASE("values and extents of an IDX file are big-endian") {
  Tensor<std::int16_t, 2> x(1, 258);
  x.setConstant(-2);
  const Bytes file = format_idx(x);
  REQUIRE(file.size() == 12 + 516);
  CHECK(Bytes(file.begin(), file.begin() + 14) == bytes(0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 1, 2, 0xFF, 0xFE));

  Tensor<float, 1> one(1);
  one.setConstant(1.0f);
  CHECK(format_idx(one) == bytes(0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0));
}

TEMPLATE_TEST_CASE("IDX values of every type come back as they were", "", std::uint8_t, std::int8_t, std::int16_t,
                   std::int32_t, float, double) {
  const Tensor<TestType, 2> x = extremes<TestType>();
  const Bytes file = format_idx(x);
  const Idx idx = parse_idx(file, "x");
  CHECK(idx.extents == std::vector<Index>{2, 3});
  CHECK(idx.values.size() == 6 * sizeof(TestType));
  const auto y = idx.tensor<TestType, 2>();
  REQUIRE(shape(y) == Shape{2, 3});
  CHECK(std::equal(x.data(), x.data() + 6, y.data()));
}

TEST_CASE("infinities and NaN come back from IDX files") {
  Tensor<double, 1> x(2);
  x.setValues({-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()});
  const Bytes file = format_idx(x);
  const auto y = parse_idx(file, "x").tensor<double, 1>();
  CHECK(y(0) == x(0));
  CHECK(std::isnan(y(1)));
}

TEST_CASE("IDX files have one to four axes, and an extent may be 0") {
  const Bytes four = format_idx(Tensor<std::uint8_t, 4>(2, 3, 1, 2).setZero());
  CHECK(parse_idx(four, "x").extents == std::vector<Index>{2, 3, 1, 2});
  const Bytes none = format_idx(Tensor<std::int32_t, 3>(0, 28, 28));
  CHECK(shape(parse_idx(none, "x").tensor<std::int32_t, 3>()) == Shape{0, 28, 28});
}

TEST_CASE("IDX files are written and read") {
  const Scratch scratch("idx");
  const auto path = scratch.path / "x.idx";
  write_idx(path, extremes<float>());
  const auto x = read_idx<float, 2>(path);
  CHECK(x(0, 1) == std::numeric_limits<float>::max());
  CHECK(refusal<DataError>([&] { read_idx<std::uint8_t, 2>(path); }) ==
        path.string() + ": expects u8 values of 2 axes but got f32 values of 2 axes");
  CHECK(refusal<DataError>([&] { read_idx<float, 1>(path); }) ==
        path.string() + ": expects f32 values of 1 axes but got f32 values of 2 axes");
}

TEST_CASE("a file can be read by another reader") {
  const auto reader = [](const std::filesystem::path&) { return three_bytes(); };
  CHECK(read_idx<std::uint8_t, 1>("nowhere", reader)(2) == 7);
}

TEST_CASE("an IDX type is written as its kind and its bits") {
  const auto text = [](IdxType type) { return str_cat(type); };
  CHECK(text(IdxType::u8) + text(IdxType::i8) + text(IdxType::i16) + text(IdxType::i32) + text(IdxType::f32) +
            text(IdxType::f64) ==
        "u8i8i16i32f32f64");
}

TEST_CASE("an empty file is refused as such") {
  CHECK(why_not({}) == "digits.idx: expects an IDX file but it is empty; fetch it again");
}

TEST_CASE("files of other formats are refused, a compressed one with how to unpack it") {
  CHECK(why_not(bytes('P', 'K', 3, 4)) ==
        "digits.idx: is not an IDX file, which begins with two bytes of 0; it begins with 80 and 75");
  CHECK(why_not(bytes('<')) ==
        "digits.idx: is not an IDX file, which begins with two bytes of 0; it begins with 60 and 0");
  CHECK(why_not(bytes(0x1F, 0x8B, 8, 0)) ==
        "digits.idx: is compressed by gzip; unpack it (gunzip digits.idx), or read it with Gunzip{} of "
        "lamina/data/gzip.hpp");
  CHECK(why_not(bytes(0, 0, 0x0A, 1, 0, 0, 0, 0)) ==
        "digits.idx: is not an IDX file: its type is 10, which IDX does not know");
}

TEST_CASE("files of no axes or of more than four are refused") {
  CHECK(why_not(bytes(0, 0, 8, 0, 5)) == "digits.idx: expects 1 to 4 axes but got 0");
  CHECK(why_not(bytes(0, 0, 8, 5, 0, 0, 0, 1)) == "digits.idx: expects 1 to 4 axes but got 5");
  CHECK(why_not(bytes(0, 0, 8, 255)) == "digits.idx: expects 1 to 4 axes but got 255");
}

TEST_CASE("a file that ends anywhere too early is refused") {
  const Bytes whole = three_bytes();
  CHECK_NOTHROW(parse_idx(whole, "x"));
  CHECK(why_not(bytes(0, 0, 8)) ==
        "digits.idx: is truncated: an IDX file begins with 4 bytes but it has 3; fetch it again");
  CHECK(why_not(bytes(0, 0, 8, 3, 0, 0, 0, 1, 0)) ==
        "digits.idx: is truncated: a header of 3 axes has 16 bytes but it has 9; fetch it again");
  CHECK(why_not(Bytes(whole.begin(), whole.end() - 1)) ==
        "digits.idx: is truncated: its header promises 3 bytes of values but it has 2; fetch it again");
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_THROWS_AS(parse_idx(std::span(whole).first(size), "x"), DataError);
}

TEST_CASE("a file that has one byte too many is refused") {
  Bytes file = three_bytes();
  file.push_back(std::byte{0});
  CHECK(why_not(file) == "digits.idx: is too long: its header promises 3 bytes of values but it has 4; fetch it again");
}

TEST_CASE("a header that promises far more than the file has is refused, before anything is allocated") {
  CHECK(why_not(bytes(0, 0, 8, 1, 255, 255, 255, 255, 1)) ==
        "digits.idx: is truncated: its header promises 4294967295 bytes of values but it has 1; fetch it again");
  CHECK(why_not(bytes(0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0, 0)) ==  // 2^32 wraps to 0 in 32 bits
        "digits.idx: is truncated: its header promises 4294967296 bytes of values but it has 0; fetch it again");
}

TEST_CASE("a header whose product no index can count is refused, hidden behind a 0 or not") {
  const std::string why = "digits.idx: promises more values than any file can hold; it is damaged or not an IDX file";
  CHECK(why_not(bytes(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255)) == why);
  CHECK(why_not(bytes(0, 0, 0x0E, 2, 64, 0, 0, 0, 64, 0, 0, 0)) == why);                     // 2^60 values of 8 bytes
  CHECK(why_not(bytes(0, 0, 8, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0)) == why);  // 2^64 wraps to 0
  CHECK(why_not(bytes(0, 0, 8, 4, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255)) == why);
}

TEST_CASE("no single damaged byte of a header makes a reader do worse than refuse") {
  const Bytes whole = format_idx(Tensor<std::int16_t, 2>(3, 2).setZero());
  for (std::size_t place = 0; place < 12; ++place)
    for (int value = 0; value < 256; ++value) {
      Bytes file = whole;
      file[place] = static_cast<std::byte>(value);
      if (file == whole) continue;
      CHECK_THROWS_AS((parse_idx(file, "x").tensor<std::int16_t, 2>()), DataError);
    }
}

TEST_CASE("an extent that IDX cannot write is refused") {
  const Tensor<std::uint8_t, 2> x(Index{1} << 32, 0);
  CHECK(refusal<DataError>([&] { format_idx(x); }) ==
        "format_idx: expects extents of less than 2^32 but got (4294967296, 0)");
}
