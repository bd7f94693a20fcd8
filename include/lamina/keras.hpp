#pragma once

/// @file
/// Reading and writing of weights in Keras's layouts and names.

#include "io/keras.hpp"
#include "lamina.hpp"
