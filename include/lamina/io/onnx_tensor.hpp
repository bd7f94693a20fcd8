#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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
  std::span<const std::byte> elsewhere{};  // its numbers, where they stand in another file
  bool is_elsewhere = false;
  bool is_transposed = false;  // its two extents are not in the file's order

  bool is_real() const { return is_real_onnx_type(type); }

  std::string shape_text() const { return format_shape(dims); }

  /// Returns how many numbers it holds by its extents. Throws DataError for impossible extents.
  Index count() const;

  /// Returns the numbers' bytes, little-endian and contiguous, as raw_data has them, however they are stored in the file.
  std::vector<std::byte> bytes() const;

  /// Returns the extents that an operator takes: at most eight whole numbers. Throws DataError for anything else.
  std::vector<Index> extents() const;

  /// Returns all its integers. Throws DataError if it has other numbers, or more than `most`.
  std::vector<Index> integers(Index most) const;

  /// Throws DataError unless it holds as many numbers as its extents say, of a supported type.
  void check() const;

 private:
  void for_each_piece(FunctionRef<void(std::span<const std::byte>)> visit) const;
};

/// The files beside an ONNX file in which tensors may have their numbers (external data).
class OnnxFiles {
 public:
  OnnxFiles() = default;
  /// Reads files of this folder, and of folders in it.
  explicit OnnxFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool has_folder() const { return !folder_.empty(); }

  /// Returns a part of a file. Throws DataError for a path that leads out of the folder, for a file that cannot be read and for a
  /// part that it does not have. No length is the rest of the file.
  std::span<const std::byte> part(std::string_view location, std::uint64_t offset, std::optional<std::uint64_t> length);

  /// Returns how many bytes were read.
  std::size_t size() const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::vector<std::byte>, std::less<>> files_;
};

/// Reads a TensorProto. Throws DataError for one that is damaged, of more than eight axes, or whose numbers are
/// elsewhere, unless there are files for that.
OnnxTensor read_onnx_tensor(std::span<const std::byte> bytes, OnnxFiles* files = nullptr);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_tensor.ipp"
#endif
