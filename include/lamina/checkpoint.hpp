#pragma once

/// Runs that can be continued after whatever ended them, and the weights of the best epochs as files.

#include "callbacks/checkpoints.hpp"
#include "callbacks/run_folder.hpp"
#include "callbacks/together.hpp"
#include "lamina.hpp"
