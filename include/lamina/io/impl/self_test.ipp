#pragma once

#include "../self_test.hpp"

#include <algorithm>
#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void compare_outputs(const std::vector<double>& stored, const std::vector<double>& made) {
  if (stored.size() != made.size())
    throw DataError(
        str_cat("its self-test has ", stored.size(), " outputs but the model that it describes gives ", made.size()));
  double largest = 1;
  for (const double y : stored)
    if (std::isfinite(y)) largest = (std::max)(largest, std::abs(y));
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const double a = stored[i], b = made[i];
    if (a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= self_test_tolerance * largest) continue;
    throw DataError(str_cat("fails its self-test: output ", i, " is ", b, " where ", a,
                            " was stored; the file was changed after it was saved, or is read wrongly"));
  }
}

template <typename T>
[[gnu::cold]] std::vector<double> self_test_output(const BasicModel<T>& model, std::uint64_t seed) {
  AnyTensorValue<T> x, y;
  T* const numbers = reshape_samples(x, 1, model.sample_extents());
  Rng rng{seed};
  for (Index i = 0; i < x.read().size(); ++i) numbers[i] = static_cast<T>(2 * rng.uniform() - 1);
  typename BasicModel<T>::Workspace ws;
  model.program().forward_inference(model.parameters().of_layers(), x.read(), ws,
                        y.slot(static_cast<int>(model.output_extents().size()) + 1));
  const Index size = (std::min)(y.read().size(), static_cast<Index>(self_test_numbers));
  return {y.read().data(), y.read().data() + size};
}

template <typename T>
[[gnu::cold]] std::string self_test_text(const BasicModel<T>& model) {
  std::string text = str_cat("{\"seed\":", self_test_seed, ",\"output\":[");
  bool first = true;
  for (const double y : self_test_output(model, self_test_seed)) {
    text.append(first ? "\"" : ",\"").append(number_text(static_cast<T>(y))).append("\"");
    first = false;
  }
  return text + "]}";
}

template <typename T>
[[gnu::cold]] void run_self_test(const BasicModel<T>& model, std::string_view text) {
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
          str_cat("its self-test has \"", JsonReader::printable(key), "\", which this version does not know"));
  });
  json.end();
  compare_outputs(stored, self_test_output(model, seed));
}

}  // namespace lamina::detail
