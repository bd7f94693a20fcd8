#pragma once

#include <string>
#include <string_view>

#include "safetensors.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns text as a JSON string with quotes.
std::string json_string(std::string_view text);

/// Returns the first bytes of a file with these tensors, up to the first number. Throws DataError if a name is not
/// allowed by the format or occurs twice. As in the format's own writer, spaces pad it so that the numbers begin at a
/// multiple of eight bytes.
std::string format_safetensors_header(const SafeTensors& tensors);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/format_safetensors.ipp"
#endif
