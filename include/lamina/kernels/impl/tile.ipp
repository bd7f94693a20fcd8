#pragma once

// This file defines the register tile that convolutions and dense layers share.

#include "editions.ipp"

#define LAMINA_TEXT "tile.inc"
#include "../each_edition.inc"
