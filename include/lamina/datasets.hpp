#pragma once

/// @file
/// Readers of data sets: CSV files, CIFAR-10 and CIFAR-100, Fashion-MNIST, EMNIST. MNIST is in lamina.hpp.

#include "data/cifar.hpp"
#include "data/csv.hpp"
#include "data/emnist.hpp"
#include "lamina.hpp"
