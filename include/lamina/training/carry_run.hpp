#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "../core/checksum.hpp"
#include "fit_work.hpp"
#include "run_archive.hpp"
#include "run_progress.hpp"

// These functions copy the state of a run into a Checkpoint or out of one, part by part.
namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] void carry(RunArchive& archive, EpochSum& sum);

/// Carries early stopping's state into a checkpoint, or out of one after so many epochs.
[[gnu::cold]] void carry(RunArchive& archive, Patience::State& patience, Index epochs);

[[gnu::cold]] void carry(RunArchive& archive, PlateauRate& plateau, Index epochs);

/// Carries the records of the first `count` epochs, which are complete.
[[gnu::cold]] void carry_history(RunArchive& archive, std::vector<EpochRecord>& records, Index count,
                                 const RunProgress& progress);

/// Carries tensors of one type, whose numbers stand at these places.
[[gnu::cold]] void carry_tensors(RunArchive& archive, const std::string& prefix, std::string_view dtype,
                                        const std::vector<NamedTensor>& tensors, std::span<const NumberBytes> places);

[[gnu::cold]] Checksum digest_of(std::span<const NumberBytes> places);

/// Splits a block of memory into tensors of the same sizes as these, one after another. Returns their places.
[[gnu::cold]] std::vector<NumberBytes> cut_as(std::span<std::byte> memory, std::span<const NumberBytes> tensors);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/carry_run.ipp"
#endif
