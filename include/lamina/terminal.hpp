#pragma once

/// @file
/// Pictures, plots, confusion matrices and progress bars for a terminal.

#include "core/terminal.hpp"
#include "lamina.hpp"
#include "report/terminal_heat_map.hpp"
#include "report/terminal_plot.hpp"
#include "report/text_picture.hpp"
#include "training/training_progress.hpp"
