#pragma once

/// @file
/// Handwritten-looking digits that the library draws: a data set for programs without data.

#include "data/drawn_digits.hpp"
#include "lamina.hpp"
