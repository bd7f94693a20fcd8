#pragma once

#include <algorithm>

#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "gradient_sum.hpp"
#include "reducer.hpp"

namespace LAMINA_NAMESPACE {

/// In how many shards a batch is cut unless one says: at least 8 samples each, at most 4. It depends on the batch alone,
/// so that results do not depend on the threads. Every shard has a gradient of its own: where that is many megabytes, as
/// many shards as there are threads are faster.
constexpr Index default_shards(Index batch_size) { return std::clamp<Index>(batch_size / 8, 1, 4); }

/// What one step came to, over its batch and before the update.
struct StepResult {
  double loss = 0;
  double accuracy = 0;  // NaN where a loss for regression judges rows of targets
};

/// How a step is made.
struct StepPlan {
  double rate = 1;                  // the learning rate is multiplied by it
  GradientClipping clip{};
  Rng draws{};                      // of the layers that draw, for this step
  const Reducer* reduce = nullptr;  // none, unless a function is to change the gradient
};

}  // namespace lamina
