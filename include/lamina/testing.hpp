#pragma once

/// Checks a layer's, a loss's or a network's gradients against differences, in double.

#include "lamina.hpp"
#include "testing/gradient_check.hpp"
