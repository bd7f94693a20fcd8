#pragma once

#include "../fit_progress.hpp"

#include <chrono>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC FitProgress::FitProgress(std::ostream& out, const Terminal& terminal, Clock::time_point now)
    : shown_(out, terminal, now) {
  shown_.report_every(std::chrono::seconds(10));
}

}  // namespace lamina::detail
