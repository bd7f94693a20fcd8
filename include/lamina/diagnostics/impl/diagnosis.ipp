#pragma once

#include "../diagnosis.hpp"

#include <algorithm>

#include "../../core/printable.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::ostream& operator<<(std::ostream& out, const Diagnosis& diagnosis) {
  for (const auto& [severity, what, where, remedy] : diagnosis.findings)
    out << (severity == Severity::error ? "error: " : "warning: ") << printable(where) << ": " << printable(what) << "\n  " << printable(remedy) << "\n";
  return out;
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string few(const std::vector<Index>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < (std::min<std::size_t>)(numbers.size(), 10); ++i)
    text.append(i > 0 ? ", " : "").append(std::to_string(numbers[i]));
  return numbers.size() > 10 ? text.append(" and ").append(std::to_string(numbers.size() - 10)).append(" more") : text;
}

LAMINA_FUNC std::string samples_are(std::size_t count) {
  return std::to_string(count).append(count == 1 ? " sample is" : " samples are");
}

}  // namespace lamina::detail
