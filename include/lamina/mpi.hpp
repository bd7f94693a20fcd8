#pragma once

/// @file
/// Training by the processes of many machines, with MPI: link lamina::mpi.

#include "lamina.hpp"
#include "mpi/average.hpp"
#include "mpi/replicas_equal.hpp"
#include "mpi/session.hpp"
