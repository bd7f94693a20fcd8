#pragma once

#include <vector>

#include "fit_plan.hpp"
#include "fit_work.hpp"
#include "history.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the settings of a run of `fit` as text for people.
[[gnu::cold]] std::vector<RunSetting> shown_settings(const FitWork& work, const History& history);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/shown_settings.ipp"
#endif
