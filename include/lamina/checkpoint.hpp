#pragma once

/// @file
/// Runs that can be continued after any interruption, and files with the weights of the best epochs.

#include "callbacks/checkpoints.hpp"
#include "callbacks/run_folder.hpp"
#include "callbacks/together.hpp"
#include "lamina.hpp"
