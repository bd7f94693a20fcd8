#pragma once

// The steps that run the library's layers, for float. compiled.hpp includes it.

#include "../exec/library_steps.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_LIBRARY_STEPS(template, float)

}  // namespace lamina::detail
