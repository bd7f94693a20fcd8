#pragma once

#include <vector>

#include "../core/checksum.hpp"
#include "checkpoint_store.hpp"
#include "fit_work.hpp"
#include "schedules.hpp"

// These check values stand for settings that decide the course of a run but cannot be written as text.
namespace LAMINA_NAMESPACE::detail {

/// Returns a check value of all samples.
[[gnu::cold]] Checksum digest_of(const DescribedData& data);

/// Returns a check value of some augmented images of the first epoch: enough of them to show a random step and its probability.
[[gnu::cold]] Checksum digest_of_images(const FitWork& work, const std::vector<Index>& extents);

/// Returns whether a schedule has the same factors for runs of any length.
inline bool is_constant(const Schedule& schedule) { return schedule.target<Constant>() != nullptr; }

/// Returns a check value of a schedule's factors at 65,536 points of a run, without the last digits, which may be rounded
/// differently on other machines.
[[gnu::cold]] Checksum digest_of(const Schedule& schedule);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_checksums.ipp"
#endif
