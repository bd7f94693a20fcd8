#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "shape.hpp"

// A data set and a model fit only if they use the same numbers for the same classes, so their class names are compared.
namespace LAMINA_NAMESPACE::detail {

/// The names of classes and their owner, as error texts name it: "the training set", and in a program "train".
struct NamedClasses {
  const char* whose = "";
  const char* call = "";
  std::span<const std::string> names{};
};

/// The relation of a set's class names to the expected ones. They fit if either list is empty, or if one list is just the
/// numbers "0", "1", … and the other has none of them.
enum class NamesFit {
  yes,
  fewer,        ///< a prefix of the expected names
  other_order,  ///< each name is expected, but at another number
  no
};

NamesFit compare_class_names(std::span<const std::string> names, std::span<const std::string> expected);

/// Throws DataError, which shows both lists, unless the names fit.
[[gnu::cold]] void check_class_names(const char* who, const char* what, std::span<const std::string> names,
                                     const NamedClasses& expected);

/// Does the same, but accepts other classes and fewer classes: a network may learn new ones or predict unlabelled samples.
[[gnu::cold]] void check_class_order(const char* who, const char* what, std::span<const std::string> names,
                                     const NamedClasses& expected);

/// Returns some of the names as text, such as "cat", "dog", … (12 in all). It starts at the first difference if many
/// names come before it.
std::string some_names(std::span<const std::string> names, std::size_t differs);

/// Returns the index of each of these classes in another list. Throws OptionError in the name of reorder_classes if a
/// class is missing or a name occurs twice.
std::vector<Index> class_numbers(std::span<const std::string> names, std::span<const std::string> among);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/class_names.ipp"
#endif
