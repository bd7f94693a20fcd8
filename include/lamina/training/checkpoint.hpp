#pragma once

#include <concepts>
#include <type_traits>

#include "checkpoint_parts.hpp"
#include "checkpoint_store.hpp"
#include "checkpointing.hpp"

/// @file
/// The conversion of a store of checkpoints, such as CheckpointFolder, to a CheckpointStore. A program with its own store
/// includes this. It brings Checkpoint and all code that fills one from a run of `fit` and restores it.

namespace LAMINA_NAMESPACE {

template <typename K>
constexpr CheckpointStore::Calls CheckpointStore::calls_of{
    &detail::open_checkpointing,
    [](void* store) { return static_cast<K*>(store)->find(); },
    [](void* store, const RunPosition& position) { return static_cast<K*>(store)->due(position); },
    [](void* store, const Checkpoint& run) { static_cast<K*>(store)->keep(run); },
};

template <typename K>
  requires(!std::same_as<std::remove_const_t<K>, CheckpointStore> && StoresCheckpoints<K>)
CheckpointStore::CheckpointStore(K& store) : store_(&store), calls_(&calls_of<K>) {}

}  // namespace lamina
