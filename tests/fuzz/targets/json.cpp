// JSON of any layout that code may ask for: the first four bytes say which. Strings are UTF-8, and are quoted and read again
// the same.

#include <lamina/core/utf8.hpp>
#include <lamina/io/format_safetensors.hpp>
#include <lamina/io/json_reader.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

void check_string(const std::string& value) {
  fuzz::require(detail::utf8_length(value) == value.size(), "a string is not UTF-8");
  const std::string quoted = detail::json_string(value);
  detail::JsonReader again(quoted);
  fuzz::require(again.string() == value, "a string is not read again the same");
  again.end();
  fuzz::require(detail::JsonReader::printable(value).size() <= 83, "what is shown of a string is long");
}

/// Two bits of the layout for each level.
void read_value(detail::JsonReader& json, std::uint32_t layout, int depth = 0) {
  const auto deeper = [&] { read_value(json, layout >> 2, depth + 1); };
  switch (depth < 16 ? layout & 3 : 3) {
    case 0:
      return json.object([&](const std::string& key) {
        check_string(key);
        deeper();
      });
    case 1: return json.array(deeper);
    case 2: return static_cast<void>(json.number());
    default: check_string(json.string());
  }
}

void read(std::span<const std::byte> file) {
  if (file.size() < 4) return;
  std::uint32_t layout = 0;
  for (std::size_t i = 4; i-- > 0;) layout = layout << 8 | std::to_integer<std::uint32_t>(file[i]);
  detail::JsonReader json(fuzz::text(file.subspan(4)));
  read_value(json, layout);
  json.end();
}

fuzz::Bytes file_of(std::uint32_t layout, std::string_view json) {
  fuzz::Bytes file;
  for (int i = 0; i < 4; ++i) file.push_back(static_cast<std::byte>(layout >> 8 * i & 0xFF));
  for (const char c : json) file.push_back(static_cast<std::byte>(c));
  return file;
}

std::vector<fuzz::Bytes> seeds() {
  return {file_of(0b11'00, R"({"a":"b", "\u00e9":"\ud83d\ude00\n\\\""} )"), file_of(0b10'01, "[0,1, 18446744073709551615 ]"),
          file_of(0b10'01'00, R"({"mean":[1,2],"x":[]})"), file_of(0b11, "\"\xC3\xA9\""), file_of(0b10, "0"),
          file_of(0b01'01'01'01, "[[[[],[]]],[]]")};
}

const fuzz::Known known({"json", read, [](std::size_t size) { return 64 * size + (std::size_t{1} << 15); }, seeds});

}  // namespace
