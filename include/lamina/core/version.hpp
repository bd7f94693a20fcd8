#pragma once

#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// The version of this library.
inline constexpr std::string_view library_version = "0.1.0";

}  // namespace lamina
