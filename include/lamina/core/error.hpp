#pragma once

#include <initializer_list>
#include <ostream>
#include <stdexcept>
#include <string>

#include "config.hpp"
#include "printable.hpp"

// Text that an error quotes, such as a name from a file, is made printable; only the error's own text breaks lines.
namespace LAMINA_NAMESPACE {

/// The error of a layer, a loss or a model that was given a tensor of the wrong extents, or options that fit no tensor.
struct ShapeError : std::invalid_argument {
  explicit ShapeError(const std::string& text) : std::invalid_argument(printable(text, "\n")) {}
};

/// The error of a file or a data set that is absent, truncated, oversized, inconsistent or in another format.
struct DataError : std::runtime_error {
  explicit DataError(const std::string& text) : std::runtime_error(printable(text, "\n")) {}
};

/// The error of an option with a value that is not allowed, such as a batch size of 0.
struct OptionError : std::invalid_argument {
  explicit OptionError(const std::string& text) : std::invalid_argument(printable(text, "\n")) {}
};

namespace detail {

/// A reference to a printable value of any type. Errors have many texts, and with it each costs little compile time.
struct Part {
  const void* thing;
  void (*write)(std::ostream&, const void*);

  template <typename Thing>
  static Part of(const Thing& thing) {
    return {&thing, [](std::ostream& out, const void* it) { out << *static_cast<const Thing*>(it); }};
  }
};

[[gnu::cold]] std::string join(std::initializer_list<Part> parts);

}  // namespace detail

/// Returns the parts written one after another, the same in every locale. The text of an error says who failed, what was
/// expected, what came, where, and what to do. Parts are taken by value so that string literals of all lengths share one type.
template <typename... Parts>
[[gnu::cold]] std::string str_cat(Parts... parts) {
  return detail::join({detail::Part::of(parts)...});
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/error.ipp"
#endif
