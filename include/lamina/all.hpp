#pragma once

/// @file
/// All of lamina, except data/gzip.hpp, which needs zlib, and images.hpp if stb_image is not found.

#include "architectures.hpp"
#include "augment.hpp"
#include "bf16.hpp"
#include "checkpoint.hpp"
#include "datasets.hpp"
#include "diagnose.hpp"
#include "digits.hpp"
#include "export_cpp.hpp"
#include "fine_tune.hpp"
#include "keras.hpp"
#include "lamina.hpp"
#include "logging.hpp"
#include "metrics.hpp"
#include "network.hpp"
#include "onnx.hpp"
#include "pytorch.hpp"
#include "report.hpp"
#include "terminal.hpp"
#include "testing.hpp"
#include "tune.hpp"

#if __has_include(<stb/stb_image.h>) || __has_include(<stb_image.h>)
#include "images.hpp"
#endif
