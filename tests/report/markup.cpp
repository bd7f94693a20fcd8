#include <algorithm>
#include <lamina/report/markup.hpp>
#include <vector>

#include "../catch.hpp"
#include "well_formed.hpp"

using namespace lamina;

TEST_CASE("what means something in markup is written as an entity") {
  CHECK(detail::escape_markup(R"(<b a='1'>"R&D"</b>)") == "&lt;b a=&#39;1&#39;&gt;&quot;R&amp;D&quot;&lt;/b&gt;");
  CHECK(detail::escape_markup("Größe → 数字") == "Größe → 数字");
  CHECK(detail::escape_markup("a\tb\nc") == "a b c");
}

TEST_CASE("bytes that are no UTF-8 and characters that XML does not know become U+FFFD, one each") {
  CHECK(detail::escape_markup("a\xFF"
                      "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(detail::escape_markup(std::string("\0\x1B[0m", 5)) == "\xEF\xBF\xBD\xEF\xBF\xBD[0m");
  CHECK(detail::escape_markup("\xEF\xBF\xBE|\xEF\xBF\xBF") == "\xEF\xBF\xBD|\xEF\xBF\xBD");
  CHECK(detail::escape_markup("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("whatever bytes there are, escaped they are well-formed") {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second), 'x'};
      const std::string markup = "<a b=\"" + detail::escape_markup(text) + "\">" + detail::escape_markup(text) + "</a>";
      if (!trouble_in_markup(markup).empty()) FAIL(first << ", " << second << ": " << trouble_in_markup(markup));
    }
}

TEST_CASE("the check of markup that these tests rely on sees what is wrong") {
  CHECK(trouble_in_markup("<a b=\"1\"><c/>x &amp; y</a>").empty());
  for (const char* wrong :
       {"<a>", "<a></b>", "<a>x & y</a>", "<a b=1></a>", "<a b=\"<\"></a>", "<a/><b/>", "x<a/>", "<a"})
    CHECK_FALSE(trouble_in_markup(wrong).empty());
}

TEST_CASE("base64 is that of RFC 4648") {
  const auto encoded = [](std::string_view text) { return detail::base64(std::as_bytes(std::span(text))); };
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xFB\xFF\xFE") == "+//+");
}

TEST_CASE("text is shortened by whole characters") {
  CHECK(detail::shortened("läng", 4) == "läng");
  CHECK(detail::shortened("länger", 4) == "län…");
  CHECK(detail::shortened("数字数字", 2) == "数…");
  CHECK(detail::shortened("abc", 1) == "…");
}

TEST_CASE("text that is too wide for its place is shortened, wide letters sooner") {
  CHECK(detail::fitted("illi", 30, 11) == "illi");
  CHECK(detail::fitted("WWWW", 30, 11) == "W…");
  CHECK(detail::drawn_width(detail::fitted(std::string(100'000, 'x'), 200, 11), 11) <= 200);
  CHECK(detail::fitted("", 0, 11) == "");
}

TEST_CASE("numbers are ranked from the least, what is no number last, equal ones in their order") {
  const std::vector<double> numbers{2, std::nan(""), 1, 2, -1};
  CHECK(detail::ascending(numbers) == std::vector<std::size_t>{4, 2, 0, 3, 1});
  CHECK(detail::joined({"a", std::string("b"), 3, Index{-4}}) == "ab3-4");
}

TEST_CASE("marks that turn the direction of text are escaped in pages, too") {
  CHECK(detail::escape_markup("cat\u202Egnp \u2028<") == "cat\\u202egnp \\u2028&lt;");
  CHECK(detail::escape_markup("Vögel 猫") == "Vögel 猫");
}
