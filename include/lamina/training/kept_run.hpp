#pragma once

#include <concepts>
#include <type_traits>

#include "keeping.hpp"
#include "kept_parts.hpp"
#include "run_keeper.hpp"

/// @file
/// Defines how a keeper of runs, such as RunFolder, becomes a RunKeeper. A program with a keeper of its own includes this;
/// it brings KeptRun, and all the code that fills one from a run of `fit` and puts it back.

namespace LAMINA_NAMESPACE {

template <typename K>
constexpr RunKeeper::Calls RunKeeper::calls_of{
    &detail::open_keeping,
    [](void* keeper) { return static_cast<K*>(keeper)->find(); },
    [](void* keeper, const RunPosition& position) { return static_cast<K*>(keeper)->due(position); },
    [](void* keeper, const KeptRun& run) { static_cast<K*>(keeper)->keep(run); },
};

template <typename K>
  requires(!std::same_as<std::remove_const_t<K>, RunKeeper> && KeepsRuns<K>)
RunKeeper::RunKeeper(K& keeper) : keeper_(&keeper), calls_(&calls_of<K>) {}

}  // namespace lamina
