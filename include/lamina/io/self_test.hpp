#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/random.hpp"
#include "../models/model.hpp"
#include "number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

// What a model makes of one input, kept with it: who rebuilds the model from its file can tell that it is the same one.
// The input is numbers in [−1, 1) that a seed gives, in the order (h, w, c):
//
//   "lamina.self_test": {"seed":1,"output":["0.25","-3.5",…]}        at most 1000 numbers
//
// As sums are rounded in another order elsewhere, two outputs are the same when no number differs by more than 1e-4 of the
// largest, or of 1 where that is more.

inline constexpr std::uint64_t self_test_seed = 1;
inline constexpr std::size_t self_test_numbers = 1000;
inline constexpr double self_test_tolerance = 1e-4;

/// What a model makes of the input that this seed gives.
template <typename L, AnyTensor X>
[[gnu::cold]] std::vector<double> self_test_output(const Model<L, X>& model, std::uint64_t seed) {
  X x;
  reshape(x, model.input_shape(1));
  Rng rng{seed};
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<scalar_t<X>>(2 * rng.uniform() - 1);
  const auto y = model(x);
  const Index size = std::min(y.size(), static_cast<Index>(self_test_numbers));
  return {y.data(), y.data() + size};
}

template <typename L, AnyTensor X>
[[gnu::cold]] std::string self_test_text(const Model<L, X>& model) {
  std::string text = message("{\"seed\":", self_test_seed, ",\"output\":[");
  bool first = true;
  for (const double y : self_test_output(model, self_test_seed)) {
    text.append(first ? "\"" : ",\"").append(number_text(static_cast<scalar_t<X>>(y))).append("\"");
    first = false;
  }
  return text + "]}";
}

/// Throws DataError where a number is not what was stored.
void compare_outputs(const std::vector<double>& stored, const std::vector<double>& made);

/// Throws DataError unless the model makes of its input what a file's self-test says.
template <typename L, AnyTensor X>
void run_self_test(const Model<L, X>& model, std::string_view text) {
  std::uint64_t seed = 0;
  std::vector<double> stored;
  JsonReader json(text);
  json.object([&](const std::string& key) {
    if (key == "seed")
      seed = json.number();
    else if (key == "output")
      json.array([&] {
        if (stored.size() == self_test_numbers) throw DataError("its self-test has too many outputs");
        stored.push_back(read_number_text(json));
      });
    else
      throw DataError(
          message("its self-test has \"", JsonReader::printable(key), "\", which this version does not know"));
  });
  json.end();
  compare_outputs(stored, self_test_output(model, seed));
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/self_test.ipp"
#endif
