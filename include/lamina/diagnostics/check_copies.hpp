#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "diagnosis.hpp"
#include "sample_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Reports samples whose values are all equal, and samples that occur more than once, with the same label or with
/// another. Copies are recognised by their fingerprints.
void check_copies(const std::vector<Fingerprint>& prints, std::span<const std::int32_t> labels,
                           const Report& report);

/// Reports samples of a second set that are also in the first.
void look_at_leaks(const std::vector<Fingerprint>& first, const std::vector<Fingerprint>& second,
                          const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/check_copies.ipp"
#endif
