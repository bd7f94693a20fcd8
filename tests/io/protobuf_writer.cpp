#include <lamina/io/protobuf_writer.hpp>
#include <limits>
#include <string>

#include "../catch.hpp"
#include "protobuf_message.hpp"

using lamina::detail::ProtobufWriter;

namespace {

std::string hex(const ProtobufWriter& message) {
  std::string text;
  for (const std::byte byte : message.bytes()) {
    const auto value = std::to_integer<unsigned>(byte);
    for (const unsigned digit : {value >> 4, value & 15U}) text += "0123456789abcdef"[digit];
  }
  return text;
}

}  // namespace

TEST_CASE("the bytes are those of the encoding's own examples") {
  ProtobufWriter number, text, inner, list;
  number.number(1, 150);
  CHECK(hex(number) == "089601");
  text.text(2, "testing");
  CHECK(hex(text) == "120774657374696e67");
  inner.message(3, number);
  CHECK(hex(inner) == "1a03089601");
  for (const int value : {1, 2, 3}) list.number(6, value);
  CHECK(hex(list) == "300130023003");
}

TEST_CASE("numbers of every size, floats, and fields of two bytes are written as the encoding has them") {
  const auto written = [](std::uint32_t field, auto value) {
    ProtobufWriter message;
    message.number(field, value);
    return hex(message);
  };
  CHECK(written(1, 0) == "0800");
  CHECK(written(1, 127) == "087f");
  CHECK(written(1, 128) == "088001");
  CHECK(written(15, 1) == "7801");
  CHECK(written(16, 1) == "800101");
  CHECK(written(20, 7) == "a00107");
  CHECK(written(1, -1) == "08ffffffffffffffffff01");
  CHECK(written(1, std::numeric_limits<std::int64_t>::max()) == "08ffffffffffffffff7f");
  CHECK(written(2, 1.0F) == "150000803f");
  CHECK(written(2, -0.1F) == "15cdccccbd");
}

TEST_CASE("merged fields stand as if they had been written one after another") {
  ProtobufWriter one, other, both;
  one.text(1, "a");
  other.number(2, 3);
  both.text(1, "a");
  both.number(2, 3);
  one.merge(other);
  CHECK(hex(one) == hex(both));
  CHECK(hex(ProtobufWriter{}).empty());
}

TEST_CASE("what is written is read back") {
  ProtobufWriter message, inner;
  inner.text(1, std::string(300, 'x'));
  message.number(3, std::uint64_t{1} << 63);
  message.number(4, 0.25F);
  message.message(5, inner);
  message.message(5, inner);
  const Protobuf read = Protobuf::of(message.bytes());
  CHECK(read.number(3) == std::uint64_t{1} << 63);
  CHECK(read.real(4) == 0.25F);
  REQUIRE(read.messages(5).size() == 2);
  CHECK(read.messages(5)[1].text(1) == std::string(300, 'x'));
}
