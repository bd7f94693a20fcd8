#pragma once

/// Finds out why a network does not learn: looks at data, labels and network, and trains a little.

#include "doctor/diagnose.hpp"
#include "lamina.hpp"
