#pragma once

#include "../class_names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "../text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns whether the names are just the class numbers, as in a set that was given no names.
[[gnu::cold]] LAMINA_FUNC bool are_numbers(std::span<const std::string> names) {
  for (std::size_t k = 0; k < names.size(); ++k)
    if (names[k] != std::to_string(k)) return false;
  return true;
}

/// Returns the names in alphabetical order. It uses the C library's sort, because std::sort takes long to compile.
[[gnu::cold]] LAMINA_FUNC std::vector<std::string_view> in_order(std::span<const std::string> names) {
  std::vector<std::string_view> sorted(names.begin(), names.end());
  const auto compare = [](const void* a, const void* b) {
    return static_cast<const std::string_view*>(a)->compare(*static_cast<const std::string_view*>(b));
  };
  if (!sorted.empty()) std::qsort(sorted.data(), sorted.size(), sizeof(std::string_view), compare);
  return sorted;
}

[[gnu::cold]] LAMINA_FUNC NamesFit compare_class_names(std::span<const std::string> names,
                                                       std::span<const std::string> expected) {
  if (names.empty() || expected.empty() || std::ranges::equal(names, expected)) return NamesFit::yes;
  const std::vector<std::string_view> mine = in_order(names), theirs = in_order(expected);
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < mine.size() && j < theirs.size();) {
    const int order = mine[i].compare(theirs[j]);
    shared += order == 0;
    i += order <= 0;
    j += order >= 0;
  }
  if (shared == mine.size())
    return std::ranges::equal(names, expected.first(names.size())) ? NamesFit::fewer : NamesFit::other_order;
  return shared == 0 && (are_numbers(names) || are_numbers(expected)) ? NamesFit::yes : NamesFit::no;
}

[[gnu::cold]] LAMINA_FUNC std::string some_names(std::span<const std::string> names, std::size_t differs) {
  const std::size_t first = differs < 5 ? 0 : (std::min)(differs, names.size() - 1), end = (std::min)(first + 5, names.size());
  std::string text = first > 0 ? "… " : "";
  for (std::size_t k = first; k < end; ++k) text += str_cat(k > first ? ", " : "", "\"", printable(names[k]), "\"");
  return end < names.size() ? str_cat(text, ", … (", format_count(std::ssize(names)), " in all)") : text;
}

[[gnu::cold]] LAMINA_FUNC void refuse_names(const char* who, const char* what, std::span<const std::string> names,
                                            const NamedClasses& expected, NamesFit fit) {
  std::size_t differs = 0;
  while (differs < names.size() && differs < expected.names.size() && names[differs] == expected.names[differs]) ++differs;
  const std::string lists = str_cat("the classes of ", what, " are ", some_names(names, differs), " but those of ",
                                    expected.whose, " ", some_names(expected.names, differs));
  if (fit == NamesFit::no)
    throw DataError(str_cat(who, ": ", lists, "; number the labels of both by one list of classes or, where they mean the same, "
                                              "give both the same .class_names"));
  throw DataError(str_cat(who, ": ", lists, fit == NamesFit::fewer ? "" : ", in this order",
                          "; give the set these classes in this order: .reorder_classes(", expected.call, ".class_names())"));
}

LAMINA_FUNC void check_class_names(const char* who, const char* what, std::span<const std::string> names,
                                   const NamedClasses& expected) {
  const NamesFit fit = compare_class_names(names, expected.names);
  if (fit != NamesFit::yes) refuse_names(who, what, names, expected, fit);
}

LAMINA_FUNC void check_class_order(const char* who, const char* what, std::span<const std::string> names,
                                   const NamedClasses& expected) {
  const NamesFit fit = compare_class_names(names, expected.names);
  if (fit == NamesFit::other_order) refuse_names(who, what, names, expected, fit);
}

/// Returns the names in alphabetical order. Throws OptionError if one occurs twice.
LAMINA_FUNC std::vector<std::string_view> sorted_names(std::span<const std::string> names) {
  std::vector<std::string_view> sorted = in_order(names);
  if (const auto twin = std::adjacent_find(sorted.begin(), sorted.end()); twin != sorted.end())
    throw OptionError(str_cat("reorder_classes: expects names that differ but got \"", printable(*twin), "\" twice"));
  return sorted;
}

LAMINA_FUNC std::vector<Index> class_numbers(std::span<const std::string> names, std::span<const std::string> among) {
  const std::vector<std::string_view> sorted = sorted_names(among);
  sorted_names(names);
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), name) - sorted.begin());
  };
  std::vector<Index> at_place(among.size());
  for (std::size_t k = 0; k < among.size(); ++k) at_place[place(among[k])] = static_cast<Index>(k);
  std::vector<Index> numbers;
  for (const std::string& name : names) {
    const std::size_t found = place(name);
    if (found == sorted.size() || sorted[found] != name)
      throw OptionError(str_cat("reorder_classes: expects each of the set's classes but \"", printable(name),
                                "\" is not among ", some_names(among, 0), "; give the names of all"));
    numbers.push_back(at_place[found]);
  }
  return numbers;
}

}  // namespace lamina::detail
