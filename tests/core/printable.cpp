#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/core/utf8.hpp>
#include <string>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("control characters are shown by their escapes") {
  CHECK(printable("a\nb\tc\rd") == "a\\nb\\tc\\rd");
  CHECK(printable("\x1b[31mred\x07\x7f") == "\\x1b[31mred\\x07\\x7f");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xC2\x9B" "2J") == "\\u009b2J");
}

TEST_CASE("bytes that are not UTF-8 are shown one by one, and what follows them is not lost") {
  CHECK(printable("caf\xE9") == "caf\\xe9");
  CHECK(printable("\xFF\xFE ü \xE2\x82") == "\\xff\\xfe ü \\xe2\\x82");
  CHECK(printable("\xED\xA0\x80|\xC0\xAF|\xF4\x90\x80\x80") == "\\xed\\xa0\\x80|\\xc0\\xaf|\\xf4\\x90\\x80\\x80");
}

TEST_CASE("marks that turn the direction of text, end a line or show nothing are shown by their numbers") {
  CHECK(printable("cat\u202Egnp.exe\u202C") == "cat\\u202egnp.exe\\u202c");
  CHECK(printable("\u2066a\u2069 \u200E\u200F\u061C") == "\\u2066a\\u2069 \\u200e\\u200f\\u061c");
  CHECK(printable("a\u2028b\u2029c\u200Bd\uFEFF") == "a\\u2028b\\u2029c\\u200bd\\ufeff");
}

TEST_CASE("what can be read stays as it is, and what was escaped is not escaped again") {
  for (const char* name : {"", "cat", "Vögel", "猫", "кот", "👩\u200D👧", "a\\b \"c\"", "é", "\u00A0", "\u2014", "\uFFFD"})
    CHECK(printable(name) == name);
  const std::string once = printable("\x1b\xE9\u202E\n");
  CHECK(printable(once) == once);
  for (int byte = 0; byte < 256; ++byte) {
    const std::string shown = printable(std::string(1, static_cast<char>(byte)));
    CHECK(detail::utf8_length(shown) == shown.size());
  }
}

TEST_CASE("the text of an error quotes nothing that moves a cursor, and keeps its own lines") {
  CHECK(std::string(DataError("\x1b[2J.png: is \xE9\n  cat").what()) == "\\x1b[2J.png: is \\xe9\n  cat");
  CHECK(std::string(ShapeError("a\rb").what()) == "a\\rb");
  CHECK(std::string(OptionError(str_cat("\u202E", 1)).what()) == "\\u202e1");
}
