#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace lamina {

/// A layer, a loss or a model was given a tensor of the wrong extents, or hyper-parameters that no tensor fits.
struct ShapeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// A file or a data set is not what it claims to be: absent, truncated, oversized, of another format, or inconsistent.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An option of a call has a value that it cannot have, such as a batch size of 0.
struct OptionError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// The parts, written one after another: the text of an error says who, what was expected, what came, where, what to do.
template <typename... Parts>
std::string message(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

}  // namespace lamina
