#pragma once

#include "../cpp_constants.hpp"

#include <cstdint>
#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string cpp_int(Index number) {
  if (number > (std::numeric_limits<std::int32_t>::max)())
    throw DataError(str_cat("is too large for plain C++: ", number, " does not fit an int"));
  return std::to_string(number);
}

LAMINA_FUNC std::string cpp_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?')  // ?? began a trigraph in old C++
      (literal += '\\') += c;
    else if (code < 0x20 || code == 0x7F)
      for (const int shift : {9, 6, 3, 0}) literal += shift == 9 ? '\\' : static_cast<char>('0' + (code >> shift & 7));
    else
      literal += c;
  }
  return literal + "\"";
}

/// Returns the layout of a tensor in exported C++: filters become (K, R, S, C), so that factors of one product stand side
/// by side; other tensors stay as they are.
template <typename T, int Rank>
FileLayout cpp_layout(bool filters, const Tensor<T, Rank>& tensor) {
  if constexpr (Rank == 4) {
    const auto [R, S, C, K] = shape(tensor);
    if (filters) return {{K, R, S, C}, {R, S, C, K}, {3, 0, 1, 2}};
  }
  return file_layout(None{}, shape(tensor), {});
}

template <typename T>
[[gnu::cold]] std::string cpp_arrays(const BasicModel<T>& model) {
  std::string text;
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const bool filters = model.layers()[i].node->template get_if<Conv>();
    model.parameters().each_tensor(i, [&](std::string_view name, TensorPointer<T> pointer) {
      std::vector<T> numbers;
      pointer.visit([&](const auto& tensor) {
        cpp_layout(filters, tensor).for_each_place([&](Index, Index place) { numbers.push_back(tensor.data()[place]); });
      });
      try {
        cpp_int(static_cast<Index>(numbers.size()));
        text += cpp_array<T>(str_cat(name, "_", i), numbers);
      } catch (const DataError& error) {
        throw DataError(str_cat("layer ", i, ": ", name, ": ", error.what()));
      }
    });
  }
  return text;
}

}  // namespace lamina::detail
