#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "diagnosis.hpp"
#include "sample_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Samples all of whose values are one, and samples that are there more than once, with the same label or with another.
/// Copies are known by their fingerprints.
void look_at_copies(const std::vector<Fingerprint>& prints, std::span<const std::int32_t> labels,
                           const Report& report);

/// Samples of a second set that are in the first, too.
void look_at_leaks(const std::vector<Fingerprint>& first, const std::vector<Fingerprint>& second,
                          const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/look_at_copies.ipp"
#endif
