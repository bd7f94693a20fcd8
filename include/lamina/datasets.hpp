#pragma once

/// @file
/// Readers of data sets: CSV files, CIFAR-10 and CIFAR-100, Fashion-MNIST, EMNIST, and sets larger than memory. MNIST is in lamina.hpp.

#include "data/cifar.hpp"
#include "data/csv.hpp"
#include "data/emnist.hpp"
#include "data/shards.hpp"
#include "data/write_shards.hpp"
#include "lamina.hpp"
