#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "../core/digest.hpp"
#include "fit_work.hpp"
#include "run_archive.hpp"
#include "run_progress.hpp"

// How the state of a run is carried into a KeptRun and out of one, part by part.
namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] void carry(RunArchive& archive, EpochSum& sum);

/// Into a kept run, or out of one that has so many epochs behind it.
[[gnu::cold]] void carry(RunArchive& archive, Patience::State& patience, Index epochs);

[[gnu::cold]] void carry(RunArchive& archive, PlateauRate& plateau, Index epochs);

/// The records of the first `count` epochs, those that are whole.
[[gnu::cold]] void carry_history(RunArchive& archive, std::vector<EpochRecord>& records, Index count,
                                 const RunProgress& progress);

/// Tensors of a type, at these places.
[[gnu::cold]] void carry_tensors(RunArchive& archive, const std::string& prefix, std::string_view dtype,
                                        const std::vector<NamedTensor>& tensors, std::span<const NumberBytes> places);

[[gnu::cold]] Digest digest_of(std::span<const NumberBytes> places);

/// Returns where tensors of the sizes of these stand in memory, one after another.
[[gnu::cold]] std::vector<NumberBytes> cut_as(std::span<std::byte> memory, std::span<const NumberBytes> tensors);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/carry_run.ipp"
#endif
