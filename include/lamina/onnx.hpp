#pragma once

/// Reads and writes ONNX files.

#include "io/load_onnx.hpp"
#include "io/onnx.hpp"
#include "lamina.hpp"
#include "network.hpp"
