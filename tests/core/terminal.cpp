#include <lamina/core/terminal.hpp>
#include <map>

#include "../catch.hpp"

using namespace lamina;

namespace {

using Variables = std::map<std::string, std::string>;

Terminal described(bool interactive, int columns, const Variables& variables) {
  return detail::describe_terminal(interactive, columns, [&](const char* name) -> std::string_view {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string_view() : std::string_view(found->second);
  });
}

}  // namespace

TEST_CASE("colours need an interactive terminal that knows them, and no NO_COLOR") {
  CHECK(described(true, 80, {{"TERM", "xterm"}}).color);
  CHECK(described(true, 80, {{"TERM", "xterm"}, {"NO_COLOR", ""}}).color);
  CHECK_FALSE(described(true, 80, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}).color);
  CHECK_FALSE(described(true, 80, {{"TERM", "dumb"}}).color);
  CHECK_FALSE(described(true, 80, {}).color);
  CHECK_FALSE(described(false, 80, {{"TERM", "xterm"}}).color);
}

TEST_CASE("the first locale variable that says anything decides about Unicode") {
  CHECK(described(false, 0, {{"LANG", "de_CH.UTF-8"}}).unicode);
  CHECK(described(false, 0, {{"LANG", "C.utf8"}}).unicode);
  CHECK(described(false, 0, {{"LANG", "C"}, {"LC_CTYPE", "en_US.UTF-8"}}).unicode);
  CHECK(described(false, 0, {{"LANG", "C.UTF-8"}, {"LC_ALL", ""}}).unicode);
  CHECK_FALSE(described(false, 0, {{"LANG", "C.UTF-8"}, {"LC_ALL", "POSIX"}}).unicode);
  CHECK_FALSE(described(false, 0, {{"LANG", "de_CH.ISO-8859-1"}}).unicode);
  CHECK_FALSE(described(false, 0, {}).unicode);
}

TEST_CASE("the terminal's own width goes before COLUMNS, and 80 stands for nothing sensible") {
  CHECK(described(true, 132, {{"COLUMNS", "40"}}).width == 132);
  CHECK(described(true, 0, {{"COLUMNS", "40"}}).width == 40);
  for (const char* nonsense : {"", "0", "-5", "4o", "99999", " 40"}) {
    INFO("COLUMNS=" << nonsense);
    CHECK(described(true, 0, {{"COLUMNS", nonsense}}).width == 80);
  }
}

TEST_CASE("a file is no terminal") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file);
  const Terminal terminal = Terminal::detect(file);
  std::fclose(file);
  CHECK_FALSE(terminal.interactive);
  CHECK_FALSE(terminal.color);
  CHECK(terminal.width >= 1);
}
