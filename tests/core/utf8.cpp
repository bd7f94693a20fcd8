#include <lamina/core/utf8.hpp>
#include <string>

#include "../catch.hpp"

using lamina::detail::utf8_length;

TEST_CASE("text of one to four bytes a character is UTF-8, to its end") {
  for (const std::string text : {"", "weight", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                 "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(utf8_length(text) == text.size());
}

TEST_CASE("UTF-8 ends where a character is overlong, a surrogate, too large, cut, or none") {
  for (const std::string bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE1\x80",
        "\xE1\x80\x41", "\xF0\x8F\xBF\xBF", "\xF1\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    CHECK(utf8_length("ab" + bad) == 2);
}
