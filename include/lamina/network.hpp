#pragma once

/// @file
/// Networks whose layers are chosen at run time, and load_model, which makes one from a file.

#include "io/load_model.hpp"
#include "lamina.hpp"
#include "models/mlp.hpp"
#include "models/network.hpp"
