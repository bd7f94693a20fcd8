#pragma once

/// @file
/// Products of bfloat16 numbers, for `.precision = Precision::bf16`.

#include "kernels/bf16.hpp"
