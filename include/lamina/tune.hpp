#pragma once

/// @file
/// Search for settings, cross-validation, ensembles, bagging and a finder of learning rates.

#include "data/folds.hpp"
#include "lamina.hpp"
#include "models/ensemble.hpp"
#include "training/bagging.hpp"
#include "training/cross_validate.hpp"
#include "training/learning_rate_finder.hpp"
#include "training/search.hpp"
