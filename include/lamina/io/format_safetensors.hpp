#pragma once

#include <string>
#include <string_view>

#include "safetensors.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Text as a JSON string, quotes included.
std::string json_string(std::string_view text);

}  // namespace detail

/// The first bytes of a file that holds these tensors, up to the first number. Throws DataError when the format forbids
/// a name, or two are the same. As the format's own writer has it, spaces follow so that the numbers begin at a
/// multiple of eight bytes.
std::string format_safetensors_header(const SafeTensors& tensors);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/format_safetensors.ipp"
#endif
