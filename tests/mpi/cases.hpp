#pragma once

// Cases that all ranks run together. An expectation that fails on one rank throws there; the session then ends all.

#include <functional>
#include <map>
#include <stdexcept>
#include <string>

#include <lamina/checkpoint.hpp>
#include <lamina/mpi.hpp>

#include "../training/kept.hpp"

namespace mpi_cases {

using namespace small;

using Case = std::function<void(mpi::Session& world, const std::string& argument)>;

/// The cases that files of this folder add.
inline std::map<std::string, Case>& cases() {
  static std::map<std::string, Case> all;
  return all;
}

struct RankCase {
  RankCase(const std::string& name, Case run) { cases()[name] = std::move(run); }
};

template <typename... Parts>
void expect(bool holds, const Parts&... what) {
  if (!holds) throw std::runtime_error(str_cat("expected: ", what...));
}

inline void expect_text(const std::string& text, const std::string& expected) {
  expect(text == expected, "\n  ", expected, "\nbut got\n  ", text);
}

/// A digest of all parameters and buffers.
template <typename T>
std::uint64_t whole_digest(const BasicModel<T>& model) {
  std::uint64_t hash = digest(model);
  detail::visit_buffers(
      [&](const auto& tensor) {
        for (Index i = 0; i < tensor.size(); ++i) hash = hash * 31 + std::bit_cast<std::uint64_t>(static_cast<double>(tensor.data()[i]));
      },
      model.parameters());
  return hash;
}

/// All numbers of a model, its buffers' too.
template <typename T>
std::vector<double> all_numbers(const BasicModel<T>& model) {
  std::vector<double> all = numbers(model);
  detail::visit_buffers([&](const auto& tensor) { all.insert(all.end(), tensor.data(), tensor.data() + tensor.size()); },
                        model.parameters());
  return all;
}

}  // namespace mpi_cases
