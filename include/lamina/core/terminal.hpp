#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#if defined(_WIN32)
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// The capabilities of an output stream. The default is a file or a pipe that takes plain ASCII.
struct Terminal {
  bool interactive = false;  ///< a person watches: lines may be redrawn
  bool color = false;        ///< ANSI colours are understood and wanted
  bool unicode = false;      ///< UTF-8 is understood
  int width = 80;            ///< columns

  /// Returns the capabilities of a stream, from its kind and the environment:
  ///
  ///   color    an interactive terminal named by TERM, not "dumb", and NO_COLOR unset or empty (no-color.org)
  ///   unicode  the first of LC_ALL, LC_CTYPE, LANG that is set and not empty names UTF-8
  ///   width    the terminal's own, else COLUMNS, else 80
  static Terminal detect(std::FILE* stream);
};

namespace detail {

/// Returns whether the name of a locale, such as de_CH.UTF-8 or C.utf8, says UTF-8.
bool names_utf8(std::string_view locale);

/// Returns the width that COLUMNS gives, or 0 if it is not a number from 1 to 9999.
int columns_from(std::string_view text);

/// Returns what `detect` finds for a stream that is interactive or not and `columns` wide (0 if unknown). variable(name)
/// returns a variable of the environment, empty if unset.
template <typename Environment>
Terminal describe_terminal(bool interactive, int columns, const Environment& variable) {
  Terminal terminal{.interactive = interactive};
  const std::string_view term = variable("TERM");
  terminal.color = interactive && !term.empty() && term != "dumb" && std::string_view(variable("NO_COLOR")).empty();
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view locale = variable(name);
    if (locale.empty()) continue;
    terminal.unicode = names_utf8(locale);
    break;
  }
  if (columns <= 0) columns = columns_from(variable("COLUMNS"));
  if (columns > 0) terminal.width = columns;
  return terminal;
}

}  // namespace detail

inline Terminal Terminal::detect(std::FILE* stream) {
  const auto variable = [](const char* name) -> std::string_view {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
#if defined(_WIN32)
  return detail::describe_terminal(_isatty(_fileno(stream)) != 0, 0, variable);
#else
  const int descriptor = fileno(stream);
  winsize size{};
  const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  return detail::describe_terminal(isatty(descriptor) == 1, known ? size.ws_col : 0, variable);
#endif
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/terminal.ipp"
#endif
