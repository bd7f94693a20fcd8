#pragma once

#include "../report_facts.hpp"

#include "../../core/text.hpp"
#include "../../core/version.hpp"
#include "../../kernels/instruction_sets.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool EvaluationData::has_several_labels() const {
  for (Index i = 0; i < targets.size(); ++i)
    if (targets.data()[i] != 0 && targets.data()[i] != 1) return false;
  return !has_labels;
}

LAMINA_FUNC std::string date_and_time(std::chrono::system_clock::time_point now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - day).count();
  return str_cat(static_cast<int>(date.year()), "-", two_digits(static_cast<unsigned>(date.month())), "-",
                 two_digits(static_cast<unsigned>(date.day())), " ", two_digits(minutes / 60), ":",
                 two_digits(minutes % 60), " UTC");
}

LAMINA_FUNC std::vector<RunSetting> versions() {
  std::vector<RunSetting> all{{"lamina", std::string(library_version)}};
  all.push_back({"Eigen", str_cat(EIGEN_WORLD_VERSION, ".", EIGEN_MAJOR_VERSION, ".", EIGEN_MINOR_VERSION)});
#if defined(__clang__)
  all.push_back({"compiler", "clang " __clang_version__});
#elif defined(__GNUC__)
  all.push_back({"compiler", "g++ " __VERSION__});
#endif
  all.push_back({"instructions", std::string(kernels::best<float>().name)});
  return all;
}

}  // namespace lamina::detail
