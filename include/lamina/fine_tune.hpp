#pragma once

/// @file
/// Fine-tuning: another last layer, training it alone, rates per layer, unfreezing layer by layer.

#include "lamina.hpp"
#include "network.hpp"
#include "training/fine_tuning.hpp"
