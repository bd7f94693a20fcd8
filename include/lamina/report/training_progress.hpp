#pragma once

// Where programs look for it; `fit` shows its progress with it, too.
#include "../training/training_progress.hpp"
