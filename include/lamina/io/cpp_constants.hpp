#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../models/model.hpp"
#include "../models/walk.hpp"
#include "layouts.hpp"
#include "number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A number as a constant of C++ that is the same to the bit: 0.1f, 3.0.
template <typename T>
std::string cpp_number(T number) {
  if (!std::isfinite(number)) throw DataError(message("holds ", number, ", of which C++ has no constant"));
  std::string text = number_text(number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return std::is_same_v<T, float> ? text + "f" : text;
}

/// A number of C++'s int. Throws DataError for one that int may not have.
std::string cpp_int(Index number);

/// static constexpr Number weight_0[] = {0.5f, …};
template <typename T>
std::string cpp_array(const std::string& name, std::span<const T> numbers) {
  std::string text = message("static constexpr Number ", name, "[] = {"), line;
  for (const T number : numbers) {
    line.append(line.empty() ? "\n   " : "").append(" ").append(cpp_number(number)).append(",");
    if (line.size() > 110) {
      text += line;
      line.clear();
    }
  }
  text += line;
  if (!numbers.empty()) text.pop_back();  // the last comma
  return text + "};\n";
}

/// A text as a literal of C++, old or new.
std::string cpp_string(std::string_view text);

/// How a filter stands in exported C++, (K, R, S, C), so that what is multiplied stands side by side; all else as it is.
template <typename L, int Rank>
FileLayout cpp_layout(const L&, const Shape<Rank>& tensor) {
  return file_layout(None{}, tensor, {});
}
template <typename W, typename B>
FileLayout cpp_layout(const BasicConv<W, B>&, const Shape<4>& weight) {
  const auto [R, S, C, K] = weight;
  return {{K, R, S, C}, {R, S, C, K}, {3, 0, 1, 2}};
}

/// All tensors of a model as arrays: weight_0, bias_0, …, numbered by layer, nested ones counted on.
template <typename L, AnyTensor X>
std::string cpp_arrays(const Model<L, X>& model) {
  std::string text;
  std::size_t i = 0;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string&, const auto& layer, const auto&, const auto& p) {
         visit_named_parameters(
             [&](const std::string& name, const auto& tensor) {
               std::vector<scalar_t<X>> numbers;
               cpp_layout(layer, shape(tensor)).for_each_place([&](Index, Index place) {
                 numbers.push_back(tensor.data()[place]);
               });
               try {
                 cpp_int(tensor.size());
                 text += cpp_array<scalar_t<X>>(message(name, "_", i), numbers);
               } catch (const DataError& error) {
                 throw DataError(message("layer ", i, ": ", name, ": ", error.what()));
               }
             },
             p);
         ++i;
       });
  return text;
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/cpp_constants.ipp"
#endif
