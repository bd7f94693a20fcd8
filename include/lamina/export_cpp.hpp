#pragma once

/// Writes a trained network as one C++ header that needs nothing else.

#include "io/export_cpp.hpp"
#include "lamina.hpp"
