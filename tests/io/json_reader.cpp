#include <lamina/io/json_reader.hpp>
#include <map>
#include <utility>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

std::string read_string(std::string_view text) {
  detail::JsonReader json(text);
  const std::string value = json.string();
  json.end();
  return value;
}

std::uint64_t read_number(std::string_view text) {
  detail::JsonReader json(text);
  const auto value = json.number();
  json.end();
  return value;
}

std::map<std::string, std::vector<std::uint64_t>> read_lists(std::string_view text) {
  std::map<std::string, std::vector<std::uint64_t>> lists;
  detail::JsonReader json(text);
  json.object([&](const std::string& key) { json.array([&] { lists[key].push_back(json.number()); }); });
  json.end();
  return lists;
}

template <typename Read>
std::string refused(Read read, std::string_view text) {
  return refusal<DataError>([&] { read(text); });
}

}  // namespace

TEST_CASE("objects and arrays are read with white space anywhere between their parts") {
  CHECK(read_lists("{}").empty());
  CHECK(read_lists(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\":[3]} ") ==
        std::map<std::string, std::vector<std::uint64_t>>{{"a", {1, 2}}, {"b", {3}}});
}

TEST_CASE("integers are read exactly, up to 2^64 - 1") {
  CHECK(read_number("0") == 0);
  CHECK(read_number("9007199254740993") == 9007199254740993);  // one more than a double could
  CHECK(read_number("18446744073709551615") == 18446744073709551615u);
  CHECK(refused(read_number, "18446744073709551616") == "expects an integer below 2^64 at byte 19 of the JSON text");
}

TEST_CASE("a number with a sign, a fraction, an exponent or leading zeros is refused") {
  for (const std::string_view text : {"", "-1", "+1", "1.0", "1e3", "1E3", "01", "00", "true", "null", "NaN", "\"1\""})
    CHECK(refused(read_number, text).substr(0, 27) == "expects an unsigned integer");
  CHECK(refused(read_number, "1 2") == "expects nothing more at byte 2 of the JSON text");
}

TEST_CASE(
    "an integer that may have a sign has one in front of its digits, and is refused where a number without one is") {
  const auto read = [](std::string_view text) {
    detail::JsonReader json(text);
    const auto [negative, size] = json.integer();
    json.end();
    return std::pair(negative, size);
  };
  CHECK(read(" 7") == std::pair(false, std::uint64_t{7}));
  CHECK(read(" -7") == std::pair(true, std::uint64_t{7}));
  CHECK(read("-0") == std::pair(true, std::uint64_t{0}));
  CHECK(read("-18446744073709551615") == std::pair(true, std::uint64_t{18446744073709551615u}));
  CHECK(refused(read, "-18446744073709551616") == "expects an integer below 2^64 at byte 20 of the JSON text");
  for (const std::string_view text : {"", "-", "--1", "- 1", "+1", "-1.0", "-1e3", "-1E3", "-01", "-a", "\"-1\""})
    CHECK(refused(read, text).substr(0, 22) == "expects an integer at ");
}

TEST_CASE("every escape is undone, pairs of surrogates become one character") {
  CHECK(read_string(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(read_string(R"("\u0041\u00e9\u20AC\ud83d\ude00")") == "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(read_string(R"("\u0000")") == std::string(1, '\0'));
  CHECK(read_string("\"\xC3\xA9\"") == "\xC3\xA9");
}

TEST_CASE("a string with a bad escape, a raw control character, half a pair or no end is refused") {
  CHECK(refused(read_string, R"("\x")") == "expects an escape at byte 2 of the JSON text");
  CHECK(refused(read_string, "\"\\") == "expects an escape at byte 2 of the JSON text");
  CHECK(refused(read_string, R"("\u12g4")") == "expects four hexadecimal digits at byte 5 of the JSON text");
  CHECK(refused(read_string, "\"a\nb\"") == "expects a control character to be escaped at byte 2 of the JSON text");
  CHECK(refused(read_string, std::string_view("\"\0\"", 3)) ==
        "expects a control character to be escaped at byte 1 of the JSON text");
  for (const std::string_view half : {R"("\ud83d")", R"("\ud83dx")", R"("\ude00")", R"("\ud83d\u0041")"})
    CHECK(refused(read_string, half).substr(0, 28) == "expects a pair of surrogates");
  CHECK(refused(read_string, "\"open") == "expects a string's closing quote at byte 5 of the JSON text");
}

TEST_CASE("what is not UTF-8 is refused before anything else is looked at") {
  CHECK(refused(read_string, "\"a\xFF\"") == "expects UTF-8 at byte 2 of the JSON text");
}

TEST_CASE("an object's second member of one name is refused, however it is spelled") {
  CHECK(refused(read_lists, R"({"a":[1],"b":[],"a":[2]})") == "\"a\" stands twice in one object");
  CHECK(refused(read_lists, R"({"a":[1],"\u0061":[2]})") == "\"a\" stands twice in one object");
}

TEST_CASE("commas and brackets must be where JSON has them") {
  for (const std::string_view text : {"", "{", "}", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":[1,]}", "{\"a\":[1],}", "{,}",
                                      "{\"a\":[1 2]}", "{\"a\":[1]", "{\"a\":[1}", "{a:[1]}", "{'a':[1]}", "{}{}"})
    CHECK(refused(read_lists, text).substr(0, 8) == "expects ");
  CHECK(refused(read_lists, R"({"a":[1 2]})") == "expects , at byte 8 of the JSON text");
}

TEST_CASE("a million nested brackets are refused at the first that nobody asked for") {
  CHECK(refused(read_lists, "{\"a\":" + std::string(1'000'000, '[')) ==
        "expects an unsigned integer at byte 6 of the JSON text");
}

TEST_CASE("a text from a file is shown short, and without control characters") {
  CHECK(detail::JsonReader::printable("0.weight") == "0.weight");
  CHECK(detail::JsonReader::printable("\x1B[31m\n") == "?[31m?");
  std::string cut(79, 'x');
  CHECK(detail::JsonReader::printable(cut + "\xC3\xA9") == std::string(79, 'x').append("..."));
  cut += 'x';
  CHECK(detail::JsonReader::printable(cut + "xyz") == std::string(80, 'x').append("..."));
}
