#pragma once

#include <algorithm>

#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "gradient_sum.hpp"
#include "reducer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the default number of shards of a batch: at least 8 samples each, at most 4 shards. It depends only on the
/// batch, so that results do not depend on the threads. Every shard has its own gradient. If gradients take many
/// megabytes, it is faster to use as many shards as there are threads. With more threads than shards, layers share work.
constexpr Index default_shards(Index batch_size) { return std::clamp<Index>(batch_size / 8, 1, 4); }

}  // namespace detail

/// The loss and accuracy of one step, over its batch and before the update.
struct StepResult {
  double loss = 0;
  double accuracy = 0;  // NaN for regression
};

namespace detail {

/// The settings of one step.
struct StepPlan {
  double rate = 1;                  // factor of the learning rate
  GradientClipping clip{};
  Rng draws{};                      // for layers that draw random numbers in this step
  const Reducer* reduce = nullptr;  // null unless a function changes the gradient
  ProcessGroup* group = nullptr;    // null unless other processes have a part of the batch
};

}  // namespace detail
}  // namespace lamina
