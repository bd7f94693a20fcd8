#pragma once

/// @file
/// Networks of papers: ResNet-18, ResNet-20 and MobileNetV2.

#include "lamina.hpp"
#include "models/architectures.hpp"
#include "network.hpp"
