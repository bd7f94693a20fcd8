#pragma once

#include <string>

/// The text with which f() is refused by an error of type E; errors of other types go on.
template <typename E, typename F>
std::string refusal(F f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was refused";
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
