#include <lamina/io/format_safetensors.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

detail::SafeTensors named(std::vector<std::string> names) {
  detail::SafeTensors file;
  for (auto& name : names) file.entries.push_back({std::move(name), "F32", {0}});
  return file;
}

}  // namespace

TEST_CASE("a header is its length, compact JSON, and spaces up to a multiple of eight") {
  detail::SafeTensors file{.entries = {{"0.weight", "F32", {2, 1, 3, 3}, 0, 72}, {"n", "F64", {}, 72, 80}},
                   .metadata = {{"format", "pt"}}};
  const std::string header = detail::format_safetensors_header(file);
  CHECK(header.size() % 8 == 0);
  std::string expected("\xA0\0\0\0\0\0\0\0", 8);
  expected.append(R"({"__metadata__":{"format":"pt"},"0.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]},)");
  expected.append(R"("n":{"dtype":"F64","shape":[],"data_offsets":[72,80]}})");
  expected.append(7, ' ');
  CHECK(header == expected);
}

TEST_CASE("names with quotes, backslashes and control characters come back as they were") {
  const std::string name = "a\"b\\c\n\x01\x7F\xC3\xA9";
  const std::string header = detail::format_safetensors_header(named({name}));
  CHECK(header.find(R"("a\"b\\c\u000a\u0001)") != std::string::npos);
  CHECK(detail::parse_safetensors(std::as_bytes(std::span(header))).entries.at(0).name == name);
}

TEST_CASE("names that a file cannot hold are refused before it is written") {
  CHECK(refusal<DataError>([] {
          detail::format_safetensors_header(named({"x", "y", "x"}));
        }) == "expects names that differ but got \"x\" twice");
  CHECK(refusal<DataError>([] { detail::format_safetensors_header(named({"__metadata__"})); }) ==
        "expects names that differ but got \"__metadata__\" twice");
  CHECK(refusal<DataError>([] { detail::format_safetensors_header(named({"\xFF"})); }).substr(0, 22) ==
        "expects names in UTF-8");
}
