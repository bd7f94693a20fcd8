#pragma once

/// @file
/// Export of a trained network as one C++ header that needs nothing else.

#include "io/export_cpp.hpp"
#include "lamina.hpp"
