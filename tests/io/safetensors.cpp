#include <lamina/io/safetensors.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "raw_file.hpp"

using namespace lamina;

namespace {

std::string refused(const std::vector<std::byte>& file) {
  return refusal<DataError>([&] { detail::parse_safetensors(file); });
}

/// One tensor named "a" with these three members.
std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
}

/// Two tensors of four bytes, "a" and "b", at these places.
std::string two(const std::string& a, const std::string& b) {
  return R"({"a":{"dtype":"F32","shape":[1],"data_offsets":)" + a +
         R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + b + "}}";
}

}  // namespace

TEST_CASE("tensors are found by name, wherever their entries and their members stand") {
  const auto file = detail::parse_safetensors(
      raw_file(R"({"b":{"data_offsets":[8,20],"shape":[3,1],"dtype":"F32"}, "__metadata__":{"format":"pt"},)"
               R"("a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}   )",
               20));
  REQUIRE(file.entries.size() == 2);
  CHECK(file.entries[0].name == "a");
  CHECK(file.find("a")->shape.empty());
  CHECK(file.find("b")->dtype == "F32");
  CHECK(file.find("b")->shape == std::vector<std::uint64_t>{3, 1});
  CHECK(file.find("b")->begin == 8);
  CHECK(file.find("b")->end == 20);
  CHECK(file.find("c") == nullptr);
  CHECK(file.metadata.at("format") == "pt");
  CHECK(file.numbers == 8 + 144);
}

TEST_CASE("a file without tensors and a tensor without numbers are files") {
  CHECK(detail::parse_safetensors(raw_file("{}", 0)).entries.empty());
  CHECK(detail::parse_safetensors(raw_file(one("F32", "[0,3]", "[0,0]"), 0)).entries.size() == 1);
  CHECK(detail::parse_safetensors(raw_file(one("F32", "[18446744073709551615,0]", "[0,0]"), 0)).entries.size() == 1);
}

TEST_CASE("an empty file, and one too short for a length, are refused") {
  CHECK(refused({}) == "expects a header but has only 0 bytes");
  CHECK(refused(std::vector<std::byte>(7)) == "expects a header but has only 7 bytes");
  CHECK(refused(std::vector<std::byte>(8)) == "expects a header that begins with {; is it a safetensors file?");
}

TEST_CASE("a huge header length is refused before memory is taken") {
  CHECK(refused(raw_file("{}", 0, ~std::uint64_t{0})) ==
        "expects a header of at most 100000000 bytes but got 18446744073709551615; is it a safetensors file?");
  CHECK(refused(raw_file("{}", 0, 100'000'001)).substr(0, 41) == "expects a header of at most 100000000 byt");
  const auto file = raw_file("{}  ", 0);
  CHECK(refusal<DataError>([&] { detail::parse_safetensors(file, 3); }) ==
        "expects a header of at most 3 bytes but got 4; is it a safetensors file?");
  CHECK(detail::parse_safetensors(file, 4).entries.empty());
}

TEST_CASE("a header that goes beyond the file is refused") {
  CHECK(refused(raw_file("{}", 0, 100'000'000)) ==
        "expects a header of 100000000 bytes but has only 2; is it cut short?");
  CHECK(refused(raw_file("{}", 0, 3)) == "expects a header of 3 bytes but has only 2; is it cut short?");
}

TEST_CASE("a header that is not JSON, or not an object, is refused") {
  CHECK(refused(raw_file("{\"a\":", 0)) == "a: expects { at byte 5 of the JSON text");
  CHECK(refused(raw_file("[]", 0)) == "expects a header that begins with {; is it a safetensors file?");
  CHECK(refused(raw_file(" {}", 0)) == "expects a header that begins with {; is it a safetensors file?");
  CHECK(refused(raw_file("{}x", 0)) == "expects nothing more at byte 2 of the JSON text");
  CHECK(refused(raw_file("{\"\xFF\":1}", 0)) == "expects UTF-8 at byte 2 of the JSON text");
  CHECK(refused(raw_file(R"({"__metadata__":{"epoch":5}})", 0)) == "expects a string at byte 25 of the JSON text");
}

TEST_CASE("duplicate keys are refused: tensors, members, metadata") {
  CHECK(refused(raw_file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                         R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                         8)) == "\"a\" stands twice in one object");
  CHECK(refused(raw_file(R"({"a":{"dtype":"F32","dtype":"F32","data_offsets":[0,4]}})", 4)) ==
        "a: \"dtype\" stands twice in one object");
  CHECK(refused(raw_file(R"({"__metadata__":{"x":"1","x":"2"}})", 0)) == "\"x\" stands twice in one object");
}

TEST_CASE("an entry has a dtype, a shape, two offsets and nothing else") {
  const std::string expected = "a: expects dtype, shape and two data_offsets";
  CHECK(refused(raw_file(R"({"a":{}})", 0)) == expected);
  CHECK(refused(raw_file(R"({"a":{"dtype":"F32","shape":[1]}})", 0)) == expected);
  CHECK(refused(raw_file(R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4)) == expected);
  CHECK(refused(raw_file(one("F32", "[1]", "[0]"), 4)) == expected);
  CHECK(refused(raw_file(one("F32", "[1]", "[0,4,4]"), 4)) == expected);
  CHECK(refused(raw_file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]}})", 4)) ==
        "a: has a member \"strides\", which the format does not know");
}

TEST_CASE("an unknown dtype is refused by name") {
  CHECK(refused(raw_file(one("F23", "[1]", "[0,4]"), 4)) == "a: has the unknown dtype \"F23\"");
  CHECK(refused(raw_file(one("", "[1]", "[0,4]"), 4)) == "a: has the unknown dtype \"\"");
  CHECK(refused(raw_file(one("F4", "[3]", "[0,2]"), 2)) == "a: does not end with a whole byte");
  CHECK(detail::parse_safetensors(raw_file(one("F4", "[4]", "[0,2]"), 2)).entries.size() == 1);
}

TEST_CASE("tensors that overlap are refused, and so are two at one place") {
  CHECK(refused(raw_file(two("[0,4]", "[2,6]"), 6)) == "b: overlaps the tensor before it, which ends at byte 4");
  CHECK(refused(raw_file(two("[0,4]", "[0,4]"), 4)) == "b: overlaps the tensor before it, which ends at byte 4");
}

TEST_CASE("a hole before, between or behind tensors is refused") {
  CHECK(refused(raw_file(two("[4,8]", "[8,12]"), 12)) == "a: leaves a hole of 4 bytes before it");
  CHECK(refused(raw_file(two("[0,4]", "[5,9]"), 9)) == "b: leaves a hole of 1 bytes before it");
  CHECK(refused(raw_file(two("[0,4]", "[4,8]"), 9)) == "has 1 bytes after the last tensor");
  CHECK(refused(raw_file("{}", 1)) == "has 1 bytes after the last tensor");
}

TEST_CASE("offsets beyond the end, or backwards, are refused") {
  CHECK(refused(raw_file(one("F32", "[2]", "[0,8]"), 7)) ==
        "a: ends at byte 8 of the numbers, but there are 7; is it cut short?");
  CHECK(refused(raw_file(one("U8", "[18446744073709551615]", "[0,18446744073709551615]"), 4)) ==
        "a: ends at byte 18446744073709551615 of the numbers, but there are 4; is it cut short?");
  CHECK(refused(raw_file(one("F32", "[1]", "[4,0]"), 4)) == "a: ends before it begins");
}

TEST_CASE("bytes that are not what shape and dtype make are refused") {
  CHECK(refused(raw_file(one("F32", "[2]", "[0,4]"), 4)) == "a: takes 4 bytes, but F32 (2) takes 8");
  CHECK(refused(raw_file(one("F64", "[]", "[0,4]"), 4)) == "a: takes 4 bytes, but F64 () takes 8");
}

TEST_CASE("a shape whose product overflows does not pass for a small one") {
  CHECK(refused(raw_file(one("F32", "[4294967296,4294967296]", "[0,0]"), 0)) ==
        "a: has the shape (4294967296, 4294967296), which holds more than any file");
  CHECK(refused(raw_file(one("F32", "[4611686018427387904,1]", "[0,0]"), 0)) ==
        "a: has the shape (4611686018427387904, 1), which holds more than any file");
}

TEST_CASE("negative offsets and extents, fractions and exponents are refused") {
  for (const char* number : {"-4", "-1", "4.0", "4e0", "04", "+4", "18446744073709551616"}) {
    INFO(number);
    CHECK(refused(raw_file(one("F32", "[1]", std::string("[") + number + ",4]"), 4)).find("expects ") !=
          std::string::npos);
    CHECK(refused(raw_file(one("F32", std::string("[") + number + "]", "[0,4]"), 4)).find("expects ") !=
          std::string::npos);
  }
}

TEST_CASE("deep nesting is refused at the first bracket that nobody asked for") {
  const std::string brackets(1'000'000, '[');
  CHECK(refused(raw_file("{\"a\":" + brackets, 0)) == "a: expects { at byte 5 of the JSON text");
  CHECK(refused(raw_file(one("F32", brackets, "[0,4]"), 4)) ==
        "a: expects an unsigned integer at byte 29 of the JSON text");
  std::string deep = "{";
  for (int i = 0; i < 100'000; ++i) deep += "\"__metadata__\":{";
  CHECK(refused(raw_file(deep, 0)) == "expects a string at byte 32 of the JSON text");
}

TEST_CASE("a name from a file cannot steer a terminal") {
  CHECK(refused(raw_file(R"({"\u001b[2J":{}})", 0)) == "?[2J: expects dtype, shape and two data_offsets");
}

TEST_CASE("a small file cut at any byte is refused, and so is one with a byte more") {
  auto file = raw_file(two("[0,4]", "[4,8]"), 8);
  for (std::size_t size = 0; size < file.size(); ++size)
    CHECK(refused({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)}) != "nothing was refused");
  CHECK(refused(file) == "nothing was refused");
  file.push_back(std::byte{0});
  CHECK(refused(file) == "has 1 bytes after the last tensor");
}

TEST_CASE("whatever single byte of a file is changed, it is read or refused, never more") {
  const auto file = raw_file(two("[0,4]", "[4,8]"), 8);
  int read = 0;
  for (std::size_t place = 0; place < file.size(); ++place)
    for (int value = 0; value < 256; ++value) {
      auto changed = file;
      changed[place] = static_cast<std::byte>(value);
      try {
        for (const auto& entry : detail::parse_safetensors(changed).entries) {
          CHECK(entry.end <= 8);
          ++read;
        }
      } catch (const DataError&) {
      }
    }
  CHECK(read > 8 * 256);  // the numbers themselves may be anything
}
