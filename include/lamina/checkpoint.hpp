#pragma once

/// @file
/// Runs that can be continued after any interruption, and files with the weights of the best epochs.

#include "callbacks/callback_list.hpp"
#include "callbacks/checkpoint_folder.hpp"
#include "callbacks/model_checkpoint.hpp"
#include "lamina.hpp"
