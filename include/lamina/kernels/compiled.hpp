#pragma once

/// The kernels, compiled here for float and double. For programs of many source files: compile all of them with
/// LAMINA_COMPILED_KERNELS defined, include this in one that includes nothing else of lamina before it, and each of the
/// others compiles some seconds faster. It is not part of lamina.hpp.

#ifdef LAMINA_KERNELS_DECLARED
#error "lamina/kernels/compiled.hpp has to be included before anything else of lamina"
#endif
#undef LAMINA_COMPILED_KERNELS
#include "editions.hpp"

namespace lamina::kernels {

template std::vector<const Kernels<float>*> editions<float>();
template std::vector<const Kernels<double>*> editions<double>();
template const Kernels<float>& edition<float>(std::string_view key);
template const Kernels<double>& edition<double>(std::string_view key);
template const Kernels<float>& best<float>();
template const Kernels<double>& best<double>();

}  // namespace lamina::kernels
