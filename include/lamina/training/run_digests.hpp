#pragma once

#include <vector>

#include "../core/digest.hpp"
#include "fit_work.hpp"
#include "run_keeper.hpp"
#include "schedules.hpp"

// What cannot be written as a setting of a run, but decides its course: check values of it.
namespace LAMINA_NAMESPACE::detail {

/// Returns a check value of all samples, as they are.
[[gnu::cold]] Digest digest_of(const DescribedData& data);

/// Returns a check value of what becomes of some images in the first epoch: of so many that a step done now and then, and
/// how often, shows.
[[gnu::cold]] Digest digest_of_images(const FitWork& work, const std::vector<Index>& extents);

/// Whether runs of any length have the same factors.
inline bool is_constant(const Schedule& schedule) { return schedule.target<Constant>() != nullptr; }

/// The factors of a schedule at 65,536 places of a run, without the last digits, which a machine may round otherwise.
[[gnu::cold]] Digest digest_of(const Schedule& schedule);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_digests.ipp"
#endif
