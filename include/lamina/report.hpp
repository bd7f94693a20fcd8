#pragma once

/// @file
/// Reports as one HTML file that needs nothing else, and plots as SVG.

#include "lamina.hpp"
#include "metrics.hpp"
#include "report/html_report.hpp"
#include "report/plots.hpp"
#include "report/svg.hpp"
#include "terminal.hpp"
