#pragma once

/// @file
/// Reading and writing of ONNX files.

#include "io/load_onnx.hpp"
#include "io/onnx.hpp"
#include "lamina.hpp"
#include "network.hpp"
