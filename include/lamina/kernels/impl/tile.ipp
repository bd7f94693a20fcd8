#pragma once

// This file defines the register tile that convolutions and dense layers share.

#include "instruction_sets.ipp"

#define LAMINA_TEXT "tile.inc"
#include "../each_instruction_set.inc"
