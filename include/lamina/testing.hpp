#pragma once

/// @file
/// Gradient checks of layers, losses and networks against differences, in double.

#include "lamina.hpp"
#include "testing/gradient_check.hpp"
