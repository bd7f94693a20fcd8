#pragma once

/// @file
/// Reading of weights that PyTorch trained.

#include "io/load_pytorch.hpp"
#include "lamina.hpp"
