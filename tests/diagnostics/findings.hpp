#pragma once

#include <lamina/diagnostics/diagnosis.hpp>
#include <sstream>
#include <string>
#include <vector>

/// What is found by looking, as it is printed.
template <typename Look>
std::string found(Look look) {
  lamina::Diagnosis diagnosis;
  look(lamina::detail::Report(diagnosis.findings, "here"));
  std::ostringstream out;
  out << diagnosis;
  return out.str();
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
