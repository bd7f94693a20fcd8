#include <lamina/report/plots.hpp>
#include <lamina/report/terminal_heat_map.hpp>
#include <lamina/report/terminal_plot.hpp>
#include <limits>

#include "../catch.hpp"

using namespace lamina;

namespace {

constexpr Terminal ascii{.width = 40}, unicode{.unicode = true, .width = 40};
constexpr Terminal colored{.interactive = true, .color = true, .unicode = true, .width = 40};

const LinePlot two{
    .title = "Loss",
    .x = {.whole = true},
    .series = {{"training", {1, 2, 3, 4, 5}, {2, 1, 0.5, 0.25, 0.1}}, {"test", {1, 3, 5}, {1.8, 1, 0.9}}}};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all{""};
  for (const char letter : text)
    if (letter == '\n')
      all.emplace_back();
    else
      all.back() += letter;
  all.pop_back();  // text ends with a line's end
  return all;
}

/// Without ANSI colours.
std::string plain(std::string text) {
  for (std::size_t at; (at = text.find('\x1b')) != text.npos;) text.erase(at, text.find('m', at) + 1 - at);
  return text;
}

ConfusionMatrix animals() {
  ConfusionMatrix confusion({"cat", "dog", "hippopotamus"});
  for (int i = 0; i < 90; ++i) confusion.add(0, 0);
  for (int i = 0; i < 10; ++i) confusion.add(0, 1);
  for (int i = 0; i < 5; ++i) confusion.add(1, 1);
  confusion.add(2, 0);
  return confusion;
}

}  // namespace

TEST_CASE("in plain ASCII every line has a mark, and axes have numbers") {
  CHECK(terminal_plot(two, ascii, {.rows = 5}) ==
        "Loss\n"
        "2 +xx*\n"
        "  |  xxxxxxxxxxx\n"
        "1 +       ******xxxxxxxxxxxxxxxxxxxxxxx\n"
        "  |              *************\n"
        "0 +                          *********\n"
        "  +------------------------------------\n"
        "   1        2        3       4        5\n"
        "   * training  x test\n");
}

TEST_CASE("points alone have no line between them") {
  const LinePlot plot{.series = {{"", {0, 1, 2}, {0, 2, 1}}}, .points = true};
  const std::string text = terminal_plot(plot, ascii, {.rows = 5});
  CHECK(std::count(text.begin(), text.end(), '*') == 3);
}

TEST_CASE("a curve alone is drawn in Braille dots where there is Unicode") {
  const LinePlot rising{.series = {{"", {0, 1}, {0, 1}}}};
  CHECK(terminal_plot(rising, {.unicode = true, .width = 20}, {.rows = 2}) ==
        "1 ┤        ⢀⣀⣀⠤⠤⠒⠒⠊⠉\n"
        "0 ┤⣀⡠⠤⠤⠒⠒⠉⠉⠁\n"
        "  └─────────────────\n"
        "  0.0   0.4 0.6  1.0\n");
}

TEST_CASE("no line is wider than the terminal, whatever is plotted") {
  LinePlot endless = two;
  endless.title = std::string(500, 'W');
  endless.series[0].name = std::string(500, 'n');
  endless.series[0].y[2] = 1e22;
  for (const LinePlot& plot : {two, endless, LinePlot{}, loss_plot(History{})})
    for (int width : {1, 20, 33, 80, 300})
      for (Terminal terminal : {ascii, unicode, colored}) {
        terminal.width = width;
        INFO("width " << width);
        for (const std::string& line : lines(plain(terminal_plot(plot, terminal))))
          CHECK(display_width(line) < std::max(width, 21));
      }
}

TEST_CASE("without colours there is no escape, without Unicode nothing but ASCII") {
  for (const std::string& text : {terminal_plot(two, unicode), terminal_plot(confusion_map(animals()), unicode),
                                  terminal_plot(two, ascii), terminal_plot(confusion_map(animals()), ascii)})
    CHECK(text.find('\x1b') == text.npos);
  CHECK(terminal_plot(two, colored).find("\x1b[94m") != std::string::npos);
  for (const std::string& text : {terminal_plot(two, ascii), terminal_plot(confusion_map(animals()), ascii)})
    for (const char letter : text) CHECK(static_cast<unsigned char>(letter) < 0x80);
}

TEST_CASE("names move no cursor") {
  LinePlot plot = two;
  plot.title =
      "a\x1b[2Jb\x07\xC2\x9B"
      "2J\xFF";
  CHECK(lines(terminal_plot(plot, unicode))[0] == "a\\x1b[2Jb\\x07\\u009b2J\\xff");
  HeatMap map = confusion_map(animals());
  map.names[0] = "\u202E\n";
  CHECK(terminal_plot(map, unicode).find("\\u202e\\n") != std::string::npos);
}

TEST_CASE("what is not a number breaks a line and harms nothing") {
  constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
  const LinePlot broken{.series = {{"", {0, 1, 2, 3, 4}, {0, no_number, 0, 0, no_number}}}};
  const auto rows = lines(terminal_plot(broken, ascii, {.rows = 2}));
  REQUIRE(rows.size() == 4);
  CHECK(rows[1] == "0 +*                      ************");
  CHECK_THROWS_AS(terminal_plot(broken, ascii, {.rows = 1}), OptionError);
}

TEST_CASE("a confusion matrix shows counts where there is room") {
  CHECK(terminal_plot(confusion_map(animals()), ascii) ==
        "Confusion matrix\n"
        "rows: true class, columns: predicted c.\n"
        "           cat  dog hip.\n"
        "      cat   90   10    .\n"
        "      dog    .    5    .\n"
        "hippopot.    1    .    .\n");
  const std::string text = terminal_plot(confusion_map(animals()), colored);
  CHECK(text.find("\x1b[97;48;5;21m   90\x1b[0m") != text.npos);  // blue
  CHECK(text.find("\x1b[97;48;5;88m   10\x1b[0m") != text.npos);  // red
}

TEST_CASE("where there is no room for counts there are tones, and at last fewer classes") {
  ConfusionMatrix confusion(30);
  for (std::int32_t k = 0; k < 30; ++k) confusion.add(k, k);
  for (int i = 0; i < 3; ++i) confusion.add(0, 1);
  const auto tones = lines(terminal_plot(confusion_map(confusion), ascii));
  CHECK(tones[2] == " 0 +#............................");
  CHECK(tones[3] == " 1 .#............................");
  const auto few = lines(terminal_plot(confusion_map(confusion), {.width = 20}));
  CHECK(few.size() == 19);
  CHECK(few.back() == "the first 16 of 30 classes; a wider terminal shows more");
  CHECK(plain(terminal_plot(confusion_map(confusion), colored)).find("▒█·") != std::string::npos);
}
