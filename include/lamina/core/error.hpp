#pragma once

#include <initializer_list>
#include <ostream>
#include <stdexcept>
#include <string>

#include "config.hpp"
#include "printable.hpp"

// What an error quotes, such as a name from a file, is printable; its text alone decides where lines end.
namespace LAMINA_NAMESPACE {

/// A layer, a loss or a model was given a tensor of the wrong extents, or hyper-parameters that no tensor fits.
struct ShapeError : std::invalid_argument {
  explicit ShapeError(const std::string& text) : std::invalid_argument(printable(text, "\n")) {}
};

/// A file or a data set is not what it claims to be: absent, truncated, oversized, of another format, or inconsistent.
struct DataError : std::runtime_error {
  explicit DataError(const std::string& text) : std::runtime_error(printable(text, "\n")) {}
};

/// An option of a call has a value that it cannot have, such as a batch size of 0.
struct OptionError : std::invalid_argument {
  explicit OptionError(const std::string& text) : std::invalid_argument(printable(text, "\n")) {}
};

namespace detail {

/// Something that can be written, its type forgotten: errors have many texts, and each costs the compiler little.
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

/// Returns the parts, written one after another, the same in every locale: the text of an error says who, what was expected,
/// what came, where, what to do.
/// Taken by value: texts of any length are one type then.
template <typename... Parts>
[[gnu::cold]] std::string message(Parts... parts) {
  return detail::join({detail::Part::of(parts)...});
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/error.ipp"
#endif
