#pragma once

#include <string_view>

namespace lamina {

/// The version of this library.
inline constexpr std::string_view library_version = "0.1.0";

}  // namespace lamina
