#pragma once

/// Pictures, plots, confusion matrices and progress as a terminal shows them.

#include "lamina.hpp"
#include "report/terminal_heat_map.hpp"
#include "report/terminal_plot.hpp"
#include "report/text_picture.hpp"
#include "report/training_progress.hpp"
