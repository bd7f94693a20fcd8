#pragma once

/// @file
/// The library's definitions, for a program whose files are all compiled with LAMINA_COMPILED defined. It compiles the
/// kernels for float and double, and all other code that does not depend on the user's types, once. One source file of
/// the program includes this, best compiled with -O3; the others then compile faster. The CMake target lamina::compiled
/// does it, in several files.

#ifndef LAMINA_COMPILED
#error "lamina/compiled.hpp is for programs that define LAMINA_COMPILED in all of their files"
#endif

#include "impl/compiled_core.ipp"
#include "impl/compiled_engine.ipp"
#include "impl/compiled_files.ipp"
#include "impl/compiled_kernels_double.ipp"
#include "impl/compiled_kernels_float.ipp"
#include "impl/compiled_layers_double.ipp"
#include "impl/compiled_layers_float.ipp"
#include "impl/compiled_networks_double.ipp"
#include "impl/compiled_networks_float.ipp"
#include "impl/compiled_onnx.ipp"
#include "impl/compiled_report.ipp"
#include "impl/compiled_training.ipp"
#include "impl/compiled_tuning.ipp"
