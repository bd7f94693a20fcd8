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
  std::string_view dtype;  // as safetensors call it
  std::uint64_t field;     // of TensorProto that numbers stand in one by one, if not in raw_data
};

/// Those that are read; whole numbers only as the extents that some operators are given.
inline constexpr OnnxType onnx_types[] = {{1, "FLOAT", "F32", 4},
                                          {7, "INT64", "I64", 7},
                                          {10, "FLOAT16", "F16", 5},
                                          {11, "DOUBLE", "F64", 10},
                                          {16, "BFLOAT16", "BF16", 5}};

/// What is known of a type, or null for one that is not read.
const OnnxType* onnx_type(std::uint64_t number);

/// Whether numbers of this type can be a model's.
inline bool is_real_onnx_type(std::uint64_t number) { return onnx_type(number) && number != 7; }

/// A name from a file, as errors show it.
inline std::string quoted(std::string_view name) { return "\"" + JsonReader::printable(name) + "\""; }

/// A TensorProto, its numbers where they stand in the file.
struct OnnxTensor {
  std::string_view name;
  std::vector<Index> dims;  // outermost first; none for a single number
  std::uint64_t type = 0;   // see OnnxType
  std::span<const std::byte> message;
  std::span<const std::byte> elsewhere{};  // its numbers, where they stand in another file
  bool is_elsewhere = false;
  bool is_transposed = false;  // its two extents are not in the file's order

  bool is_real() const { return is_real_onnx_type(type); }

  std::string shape_text() const { return format_shape(dims); }

  /// How many numbers its extents make. Throws DataError for extents that no tensor has.
  Index count() const;

  /// Its numbers' bytes, little-endian, side by side: as raw_data has them, however they stand in the file.
  std::vector<std::byte> bytes() const;

  /// Extents that an operator is given: at most eight whole numbers. Throws DataError for anything else.
  std::vector<Index> extents() const;

  /// All its whole numbers, at most so many. Throws DataError for other numbers, and for more.
  std::vector<Index> integers(Index most) const;

  /// Throws DataError unless it holds as many numbers as its extents make, of a type that is read.
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
