#pragma once

/// Networks whose layers are chosen while the program runs, and load_model, which makes one of a file.

#include "io/load_model.hpp"
#include "lamina.hpp"
#include "models/dense_network.hpp"
#include "models/network.hpp"
