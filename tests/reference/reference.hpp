#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <lamina/core/tensor.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "../catch.hpp"

/// What PyTorch says (pytorch.py made it), and the inputs it was asked with.
namespace reference {

using lamina::Index;

/// The word at a place of a stream, by the same integer hash as in pytorch.py.
inline std::uint32_t word(std::uint32_t seed, Index place) {
  std::uint32_t x = static_cast<std::uint32_t>(place) + seed * 0x10001U;
  x = (x ^ (x >> 16)) * 0x7FEB352DU;
  x = (x ^ (x >> 15)) * 0x846CA68BU;
  return x ^ (x >> 16);
}

/// A number in [−1, 1) that float holds exactly.
inline double number(std::uint32_t seed, Index place) { return (word(seed, place) >> 8) * 0x1p-23 - 1.0; }

/// A tensor of such numbers, times a scale.
template <typename T, int Rank>
lamina::Tensor<T, Rank> numbers(std::uint32_t seed, const lamina::Shape<Rank>& shape, double scale = 1) {
  lamina::Tensor<T, Rank> x;
  lamina::reshape(x, shape);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(number(seed, i) * scale);
  return x;
}

/// The class numbers of a batch.
inline std::vector<std::int32_t> labels(std::uint32_t seed, Index count, std::uint32_t classes) {
  std::vector<std::int32_t> all;
  for (Index n = 0; n < count; ++n) all.push_back(static_cast<std::int32_t>(word(seed, n) % classes));
  return all;
}

/// The numbers of a file in this folder, by name.
class Stored {
 public:
  explicit Stored(const std::string& file_name) {
    std::ifstream file(LAMINA_TESTS_DIR "/reference/" + file_name);
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("#")) continue;
      std::istringstream words(line);
      std::string key, value;
      words >> key;
      while (words >> value) numbers_[key].push_back(std::stod(value));
    }
  }

  bool has(const std::string& name) const { return numbers_.contains(name); }

  const std::vector<double>& operator[](const std::string& name) const {
    const auto found = numbers_.find(name);
    INFO(name);
    REQUIRE(found != numbers_.end());
    return found->second;
  }

 private:
  std::map<std::string, std::vector<double>> numbers_;
};

/// What PyTorch says under this name.
inline const std::vector<double>& expected(const std::string& name) {
  static const Stored all("pytorch.txt");
  return all[name];
}

/// How far numbers may be from PyTorch's, relative to the largest of them: those were computed in double.
template <typename T>
constexpr double tolerance = sizeof(T) == 8 ? 1e-13 : 1e-5;

/// Checks that `count` numbers are the stored ones.
template <typename T>
void check(const std::string& name, const T* values, Index count, double relative = tolerance<T>) {
  const std::vector<double>& wanted = expected(name);
  REQUIRE(std::ssize(wanted) == count);
  double scale = 0, worst = 0;
  for (const double value : wanted) scale = std::max(scale, std::abs(value));
  for (Index i = 0; i < count; ++i) {
    const double off = std::abs(static_cast<double>(values[i]) - wanted[static_cast<std::size_t>(i)]);
    worst = std::isfinite(off) ? std::max(worst, off) : INFINITY;
  }
  INFO(name);
  CHECK(worst / scale <= relative);
}

template <typename T, int Rank>
void check(const std::string& name, const lamina::Tensor<T, Rank>& x, double relative = tolerance<T>) {
  check(name, x.data(), x.size(), relative);
}

}  // namespace reference
