#pragma once

/// The register tile that convolutions and dense layers share: text only, nothing to call.

#include "editions.hpp"

#ifndef LAMINA_COMPILED_KERNELS
#define LAMINA_TEXT "tile.inc"
#include "each_edition.inc"
#endif
