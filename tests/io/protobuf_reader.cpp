#include <lamina/io/protobuf_reader.hpp>
#include <lamina/io/protobuf_writer.hpp>
#include <limits>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;
using detail::ProtobufField;
using detail::ProtobufWriter;
using detail::read_protobuf;

namespace {

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

/// Bytes from hexadecimal digits.
std::string raw(std::string_view digits) {
  std::string text;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    text += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return text;
}

/// The only field of a message.
ProtobufField field_of(const std::string& text) {
  std::vector<ProtobufField> fields;
  read_protobuf(bytes(text), [&](const ProtobufField& field) { fields.push_back(field); });
  REQUIRE(fields.size() == 1);
  return fields[0];
}

std::vector<std::uint64_t> list_of(const std::string& text) {
  std::vector<std::uint64_t> numbers;
  read_protobuf(bytes(text), [&](const ProtobufField& field) {
    field.each_whole([&](std::uint64_t number) { numbers.push_back(number); });
  });
  return numbers;
}

std::string why(const std::string& text) {
  return refusal<DataError>([&] { read_protobuf(bytes(text), [](const ProtobufField&) {}); });
}

const std::string damaged = "is cut short or damaged: field ";

}  // namespace

TEST_CASE("the encoding's own examples are read") {
  CHECK(field_of(raw("089601")).number == 1);
  CHECK(field_of(raw("089601")).whole() == 150);
  CHECK(field_of(raw("120774657374696e67")).text() == "testing");
  CHECK(field_of(std::string(field_of(raw("1a03089601")).text())).whole() == 150);
  CHECK(list_of(raw("3206038e029ea705")) == std::vector<std::uint64_t>{3, 270, 86942});    // packed
  CHECK(list_of(raw("3003308e02309ea705")) == std::vector<std::uint64_t>{3, 270, 86942});  // one by one
}

TEST_CASE("what the writer writes is read back, where it stands") {
  ProtobufWriter message;
  message.number(1, -1);
  message.number(536'870'911, std::numeric_limits<std::uint64_t>::max());
  message.number(3, -0.1F);
  message.text(4, "abc");
  std::vector<ProtobufField> fields;
  read_protobuf(message.bytes(), [&](const ProtobufField& field) { fields.push_back(field); });
  REQUIRE(fields.size() == 4);
  CHECK(static_cast<std::int64_t>(fields[0].whole()) == -1);
  CHECK(fields[1].number == 536'870'911);
  CHECK(fields[1].whole() == std::numeric_limits<std::uint64_t>::max());
  CHECK(fields[2].real() == -0.1F);
  CHECK(fields[3].text() == "abc");
  CHECK(fields[3].bytes.data() == message.bytes().data() + message.bytes().size() - 3);
  CHECK(list_of("").empty());
}

TEST_CASE("floats and doubles stand alone or packed") {
  CHECK(field_of(raw("250000803f")).words(4).size() == 4);
  CHECK(field_of(raw("22080000803f00000040")).words(4).size() == 8);
  CHECK(field_of(raw("51000000000000f03f")).words(8).size() == 8);
  CHECK(refusal<DataError>([] { field_of(raw("22050000803f00")).words(4); }) == damaged + "4 ends within a number");
  CHECK(refusal<DataError>([] { field_of(raw("250000803f")).words(8); }) ==
        damaged + "4 has the wire type 5 but is a text or a message, of type 2");
}

TEST_CASE("a value of another type than is asked for is refused") {
  CHECK(refusal<DataError>([] { field_of(raw("0801")).text(); }) ==
        damaged + "1 has the wire type 0 but is a text or a message, of type 2");
  CHECK(refusal<DataError>([] { field_of(raw("0a0161")).whole(); }) ==
        damaged + "1 has the wire type 2 but is a whole number, of type 0");
  CHECK(refusal<DataError>([] { field_of(raw("0a0161")).real(); }) ==
        damaged + "1 has the wire type 2 but is a float, of type 5");
  CHECK(refusal<DataError>([] { list_of(raw("0d00000000")); }) ==
        damaged + "1 has the wire type 5 but is a text or a message, of type 2");
}

TEST_CASE("a length beyond the end of the message is refused, however long") {
  CHECK(why(raw("0a05") + "abcd") == damaged + "1 takes 5 bytes but there are only 4");
  CHECK(why(raw("0affffffffffffffffff01") + "abcd") ==
        damaged + "1 takes 18446744073709551615 bytes but there are only 4");
  CHECK(why(raw("0d000000")) == damaged + "1 takes 4 bytes but there are only 3");
  CHECK(why(raw("09000000")) == damaged + "1 takes 8 bytes but there are only 3");
  CHECK(why(raw("0a")) == damaged + "1 takes 1 bytes but there are only 0");
}

TEST_CASE("a varint of more than ten bytes, or of more than 64 bits, is refused") {
  CHECK(field_of(raw("08ffffffffffffffffff01")).whole() == std::numeric_limits<std::uint64_t>::max());
  CHECK(why(raw("08ffffffffffffffffff02")) == damaged + "1 has a whole number of more than 64 bits");
  CHECK(why(raw("088080808080808080808001")) == damaged + "1 has a whole number of more than 64 bits");
  CHECK(why(raw("0880")) == damaged + "1 takes 1 bytes but there are only 0");
  CHECK(why(raw("ffffffffffffffffffff01")) == damaged + "0 has a whole number of more than 64 bits");
  CHECK(refusal<DataError>([] { list_of(raw("0a0180")); }) == damaged + "1 takes 1 bytes but there are only 0");
}

TEST_CASE("fields of no number, and groups, are refused") {
  CHECK(why(raw("0001")) == damaged + "0 has an invalid number");
  CHECK(why(raw("808080801001")) == damaged + "536870912 has an invalid number");
  for (const char* const group : {"0b0c", "0c", "0e", "0f"})
    CHECK(why(raw(group)).find(damaged + "1 has the wire type ") == 0);
}

TEST_CASE("messages in messages, ten thousand deep, are bytes to who does not ask for them") {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) {
    ProtobufWriter length;
    length.number(1, deep.size());  // the length of what it holds, as its value
    const std::string_view written(reinterpret_cast<const char*>(length.bytes().data()), length.bytes().size());
    deep.insert(0, "\x0a" + std::string(written.substr(1)));
  }
  const ProtobufField field = field_of(deep);
  CHECK(field.number == 1);
  CHECK(field.text().size() > deep.size() - 5);
}
