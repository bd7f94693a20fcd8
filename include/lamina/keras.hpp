#pragma once

/// Files of weights in Keras's layouts and names, both ways.

#include "io/keras.hpp"
#include "lamina.hpp"
