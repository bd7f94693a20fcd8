#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/tensor.hpp"
#include "../core/text.hpp"
#include "../core/version.hpp"
#include "../kernels/editions.hpp"
#include "../models/summary.hpp"
#include "../training/history.hpp"
#include "inside.hpp"
#include "mistakes.hpp"

namespace lamina {

/// What was chosen for a run: "learning rate", "0.05".
struct Setting {
  std::string name, value;
};

namespace detail {

/// A data set, as a report tells of it.
struct DataFacts {
  std::string name, shape, values;
  Index samples = 0, classes = 0;
  bool has_labels = false;
  std::vector<Index> counts{};
};

/// What a network gave for a set, and what would have been right.
struct Judgement {
  std::string set;
  bool has_labels = false;
  std::vector<std::int32_t> labels{};
  Tensor<float, 2> targets{};  // (N, K), where there are no labels
  Tensor<float, 2> scores{};   // (N, K): probabilities; of targets, what the network gives
  std::vector<Mistake> mistakes{};
  std::vector<Picture> mistake_pictures{};

  Index samples() const { return scores.dimension(0); }
  /// Whether the targets are several labels at once: rows of 0 and 1.
  bool has_several_labels() const {
    for (Index i = 0; i < targets.size(); ++i)
      if (targets.data()[i] != 0 && targets.data()[i] != 1) return false;
    return !has_labels;
  }
  bool is_finite() const { return all_finite(scores.data(), scores.size()); }
};

/// All that a report shows, as plain values: what is written of them is compiled once.
struct ReportFacts {
  std::string title;
  std::vector<DataFacts> data{};
  std::vector<std::string> class_names{};
  std::string sampled{};  // the set that the samples are of
  std::vector<Picture> samples{};
  std::optional<Picture> augmented{};
  std::optional<Summary> summary{};
  std::vector<LayerTime> times{};
  Index time_batch = 0;
  const History* history = nullptr;
  std::span<const double> test_loss{}, test_accuracy{};
  std::optional<Judgement> judgement{};
  PictureGroup filters{};
  std::vector<PictureGroup> feature_maps{};
  std::string feature_sample{};
  std::vector<Setting> settings{};
  std::optional<std::uint64_t> seed{};
};

/// "2027-03-01 14:05 UTC"
inline std::string date_and_time(std::chrono::system_clock::time_point now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - day).count();
  return message(static_cast<int>(date.year()), "-", two_digits(static_cast<unsigned>(date.month())), "-",
                 two_digits(static_cast<unsigned>(date.day())), " ", two_digits(minutes / 60), ":",
                 two_digits(minutes % 60), " UTC");
}

/// What this program was made with.
inline std::vector<Setting> versions() {
  std::vector<Setting> all{{"lamina", std::string(library_version)}};
  all.push_back({"Eigen", message(EIGEN_WORLD_VERSION, ".", EIGEN_MAJOR_VERSION, ".", EIGEN_MINOR_VERSION)});
#if defined(__clang__)
  all.push_back({"compiler", "clang " __clang_version__});
#elif defined(__GNUC__)
  all.push_back({"compiler", "g++ " __VERSION__});
#endif
  all.push_back({"instructions", std::string(kernels::best<float>().name)});
  return all;
}

}  // namespace detail

}  // namespace lamina
