#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/shape.hpp"
#include "../core/text.hpp"
#include "json_reader.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A type of numbers in ONNX: TensorProto's data_type.
struct OnnxType {
  std::uint64_t number;
  std::string_view name;
  std::string_view dtype;  // the name in safetensors
  std::uint64_t field;     // field of TensorProto that holds the numbers one by one, if not in raw_data
};

/// The supported types. INT64 is only read as the extents that some operators take.
inline constexpr OnnxType onnx_types[] = {{1, "FLOAT", "F32", 4},
                                          {7, "INT64", "I64", 7},
                                          {10, "FLOAT16", "F16", 5},
                                          {11, "DOUBLE", "F64", 10},
                                          {16, "BFLOAT16", "BF16", 5}};

/// Returns the description of a type, or null if it is not supported.
const OnnxType* onnx_type(std::uint64_t number);

/// Returns whether numbers of this type can be a model's parameters.
inline bool is_real_onnx_type(std::uint64_t number) { return onnx_type(number) && number != 7; }

/// Returns a name from a file as error texts show it.
inline std::string quoted(std::string_view name) { return "\"" + JsonReader::printable(name) + "\""; }

/// A TensorProto whose numbers stay in the file's bytes.
struct OnnxTensor {
  std::string_view name;
  std::vector<Index> dims;  // outermost first; empty for a single number
  std::uint64_t type = 0;   // see OnnxType
  std::span<const std::byte> message;

  bool is_real() const { return is_real_onnx_type(type); }

  std::string shape_text() const { return format_shape(dims); }

  /// Returns how many numbers it holds by its extents. Throws DataError for impossible extents.
  Index count() const;

  /// Returns the numbers' bytes, little-endian and contiguous, as raw_data has them, however they are stored in the file.
  std::vector<std::byte> bytes() const;

  /// Returns the extents that an operator takes: at most eight whole numbers. Throws DataError for anything else.
  std::vector<Index> extents() const;

  /// Throws DataError unless it holds as many numbers as its extents say, of a supported type.
  void check() const;

 private:
  void for_each_piece(FunctionRef<void(std::span<const std::byte>)> visit) const;
};

/// Reads a TensorProto. Throws DataError if it is damaged, has more than eight axes, or has its numbers in another file.
OnnxTensor read_onnx_tensor(std::span<const std::byte> bytes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_tensor.ipp"
#endif
