#pragma once

#include "../training/reducer.hpp"
#include "session.hpp"

namespace LAMINA_NAMESPACE::mpi {

/// The options of `average`.
struct AverageOptions {
  /// Adds up the gradients shard by shard, not rank by rank, so that the model has the bits of one process that trains with
  /// the same shards. Ranks then send every shard's gradient. If each rank has one shard, that is the case anyway.
  bool same_bits = false;
};

/// Returns the reducer with which the ranks of a session train one model together:
///
///   trainer.fit(model, train, {.batch_size = 64, .shards = 8, .reduce = mpi::average(world)});
///
/// All ranks call `fit` with the same model, data and options. Each takes its part of the shards of every batch, which are
/// those of one process; so the result is that of one process, but for the order in which gradients are added, and does not
/// depend on which rank has which shard. It needs at least as many shards as ranks. Gradients, losses and what BatchNorm
/// measured are added up over all ranks, weighted by samples; validation is shared out in the same way. After every step all
/// ranks have the same bits.
///
/// Callbacks, progress and checkpoints are those of rank 0. A callback that changes the model would change it on rank 0
/// alone. If one stops the run, all ranks stop.
///
/// `fit` throws OptionError on all ranks, and says what differs, if a rank has other data, options, first parameters, or
/// another instruction set. The session must outlive the reducer, which is empty if there is one rank.
Reducer average(Session& session, const AverageOptions& options = {});

}  // namespace lamina::mpi

#include "impl/average.ipp"
