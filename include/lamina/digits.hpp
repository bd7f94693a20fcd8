#pragma once

/// Handwritten-looking digits, drawn by the library: a data set for programs without data.

#include "data/drawn_digits.hpp"
#include "lamina.hpp"
