#pragma once

#include <concepts>
#include <type_traits>

#include "keeping.hpp"
#include "kept_parts.hpp"
#include "run_keeper.hpp"

/// @file
/// The conversion of a keeper of runs, such as RunFolder, to a RunKeeper. A program with its own keeper includes this. It
/// brings KeptRun and all code that fills one from a run of `fit` and restores it.

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
