#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "shape.hpp"

// Sets and models fit one another only when they mean the same classes by the same numbers: their names are compared.
namespace LAMINA_NAMESPACE::detail {

/// Names of classes, and whose they are, as errors tell of them: "the training set", and in a program "train".
struct NamedClasses {
  const char* whose = "";
  const char* call = "";
  std::span<const std::string> names{};
};

/// The relation of the names of a set to those that are expected. Where either has none, or has only numbers, "0", "1", …, that
/// the other has not, they fit.
enum class NamesFit {
  yes,
  fewer,        ///< they are the first of those expected
  other_order,  ///< each is one of those expected, but they stand at other numbers
  no
};

NamesFit compare_class_names(std::span<const std::string> names, std::span<const std::string> expected);

/// Throws DataError, naming both lists, unless names fit.
[[gnu::cold]] void check_class_names(const char* who, const char* what, std::span<const std::string> names,
                                     const NamedClasses& expected);

/// Does the same, but lets other classes and fewer pass: a network learns new ones, or is asked about samples that have no label yet.
[[gnu::cold]] void check_class_order(const char* who, const char* what, std::span<const std::string> names,
                                     const NamedClasses& expected);

/// Returns some of the names, from the first that differs on where those before are many: "cat", "dog", … (12 in all).
std::string some_names(std::span<const std::string> names, std::size_t differs);

/// Returns the number of each of these classes among others. Throws OptionError in the name of reorder_classes where one
/// is missing or a name stands twice.
std::vector<Index> class_numbers(std::span<const std::string> names, std::span<const std::string> among);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/class_names.ipp"
#endif
