#pragma once

/// @file
/// Callbacks that write training results: CSV, JSON Lines, TensorBoard.

#include "callbacks/callback_list.hpp"
#include "callbacks/csv_log.hpp"
#include "callbacks/json_lines_log.hpp"
#include "callbacks/tensorboard_log.hpp"
#include "lamina.hpp"
