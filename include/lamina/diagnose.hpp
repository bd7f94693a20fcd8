#pragma once

/// @file
/// A diagnosis of a network that does not learn. It checks the data, the labels and the network, and trains a little.

#include "diagnostics/diagnose.hpp"
#include "lamina.hpp"
