#pragma once

#include "../onnx_tensor.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "../../core/files.hpp"
#include "../protobuf_reader.hpp"
#include "../safetensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC const OnnxType* onnx_type(std::uint64_t number) {
  for (const OnnxType& one : onnx_types)
    if (one.number == number) return &one;
  return nullptr;
}

LAMINA_FUNC Index OnnxTensor::count() const {
  Index product = 1;
  bool none = false;
  for (const Index extent : dims) {
    if (extent < 0) throw DataError(lamina::str_cat("has the shape ", shape_text(), ", of a negative extent"));
    none = none || extent == 0;
  }
  for (const Index extent : dims) {
    if (!none && product > (std::numeric_limits<Index>::max)() / 8 / extent)
      throw DataError(lamina::str_cat("has the shape ", shape_text(), ", which holds more than any file"));
    product *= none ? 0 : extent;
  }
  return product;
}

LAMINA_FUNC std::vector<std::byte> OnnxTensor::bytes() const {
  std::vector<std::byte> all;
  for_each_piece([&](std::span<const std::byte> piece) { all.insert(all.end(), piece.begin(), piece.end()); });
  return all;
}

LAMINA_FUNC std::vector<Index> OnnxTensor::extents() const {
  if (type != 7 || dims.size() > 1 || count() > 8)
    throw DataError(lamina::str_cat(quoted(name), " is no list of at most eight INT64"));
  return integers(8);
}

LAMINA_FUNC std::vector<Index> OnnxTensor::integers(Index most) const {
  if (type != 7 || count() > most) throw DataError(lamina::str_cat(quoted(name), " holds no INT64, or more than ", most));
  const std::vector<std::byte> numbers = bytes();
  std::vector<Index> values(numbers.size() / 8);
  for (std::size_t i = numbers.size(); i-- > 0;)
    values[i / 8] = static_cast<Index>(static_cast<std::uint64_t>(values[i / 8]) << 8 |
                                       std::to_integer<std::uint64_t>(numbers[i]));
  return values;
}

LAMINA_FUNC void OnnxTensor::check() const {
  const OnnxType* own = onnx_type(type);
  const auto expected = static_cast<std::uint64_t>(count());
  if (!own) return;
  std::uint64_t held = 0;
  for_each_piece([&](std::span<const std::byte> piece) { held += piece.size(); });
  const std::uint64_t size = expected * (SafeTensors::bits(own->dtype) / 8);
  if (held != size)
    throw DataError(lamina::str_cat("holds ", held, " bytes, but ", own->name, " ", shape_text(), " takes ", size));
}

LAMINA_FUNC void OnnxTensor::for_each_piece(FunctionRef<void(std::span<const std::byte>)> visit) const {
  const OnnxType* own = onnx_type(type);
  const std::size_t size = own ? SafeTensors::bits(own->dtype) / 8 : 0;
  if (is_elsewhere) return visit(elsewhere);
  read_protobuf(message, [&](const ProtobufField& field) {
    if (field.number == 9) return visit(field.message());
    if (!own || field.number != own->field) return;
    if (field.number == 4 || field.number == 10) return visit(field.words(size));
    field.each_whole([&](std::uint64_t number) {
      std::byte bytes[8];
      for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(number >> 8 * i & 0xFF);
      visit(std::span(bytes, size));
    });
  });
}

LAMINA_FUNC std::span<const std::byte> OnnxFiles::part(std::string_view location, std::uint64_t offset,
                                                       std::optional<std::uint64_t> length) {
  const auto refuse = [&](std::string_view why) { throw DataError(str_cat("has its numbers in another file, ", quoted(location), why)); };
  const std::filesystem::path path{std::string(location)};
  if (location.empty() || location.find('\0') != std::string_view::npos || path.is_absolute() || path.has_root_path() ||
      std::any_of(path.begin(), path.end(), [](const auto& step) { return step == ".."; }))
    refuse("; expects a path in the folder of the model");
  auto found = files_.find(location);
  if (found == files_.end()) {
    std::error_code error;
    const auto folder = std::filesystem::canonical(folder_, error);
    const auto own = error ? path : std::filesystem::canonical(folder / path, error);
    if (error) refuse(", which is not there");
    const auto mismatch = std::mismatch(folder.begin(), folder.end(), own.begin(), own.end());
    if (mismatch.first != folder.end()) refuse(", which leads out of the folder of the model");
    if (!std::filesystem::is_regular_file(own, error)) refuse(", which is no file");
    found = files_.emplace(std::string(location), read_file(own)).first;
  }
  const std::span<const std::byte> file(found->second);
  if (offset > file.size() || length.value_or(0) > file.size() - offset) refuse(", which is too short for them");
  const std::size_t first = static_cast<std::size_t>(offset);
  return file.subspan(first, length ? static_cast<std::size_t>(*length) : file.size() - first);
}

LAMINA_FUNC std::size_t OnnxFiles::size() const {
  std::size_t all = 0;
  for (const auto& [name, file] : files_) all += file.size();
  return all;
}

/// Reads a whole number that stands as a text.
[[gnu::cold]] inline std::uint64_t number_in_text(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) throw DataError(str_cat("has ", quoted(text), " as a place in another file"));
  return number;
}

LAMINA_FUNC OnnxTensor read_onnx_tensor(std::span<const std::byte> bytes, OnnxFiles* files) {
  OnnxTensor tensor{.name = {}, .dims = {}, .message = bytes};
  bool elsewhere = false;
  std::string_view location, offset = "0", length;
  read_protobuf(bytes, [&](const ProtobufField& field) {
    switch (field.number) {
      case 1:
        field.each_whole([&](std::uint64_t extent) {
          if (tensor.dims.size() <= 8) tensor.dims.push_back(static_cast<Index>(extent));
        });
        break;
      case 2:
        tensor.type = field.whole();
        break;
      case 8:
        tensor.name = field.text();
        break;
      case 13: {  // external_data: a key and a value
        std::string_view key, value;
        read_protobuf(field.message(), [&](const ProtobufField& own) { (own.number == 1 ? key : value) = own.text(); });
        if (key == "location") location = value;
        if (key == "offset") offset = value;
        if (key == "length") length = value;
        break;
      }
      case 14:
        elsewhere = field.whole() == 1;
        break;  // data_location
      default:
        break;
    }
  });
  for_tensor(std::string(tensor.name.substr(0, 100)), [&] {
    if (tensor.dims.size() > 8) throw DataError("has more than eight axes");
    if (elsewhere && files && files->has_folder()) {
      tensor.is_elsewhere = true;
      tensor.elsewhere = files->part(location, number_in_text(offset),
                                     length.empty() ? std::optional<std::uint64_t>() : number_in_text(length));
    } else if (elsewhere)
      throw DataError(lamina::str_cat("has its numbers in another file, ", quoted(location),
                                      "; save the model as one file (onnx.save, save_as_external_data=False)"));
    tensor.check();
  });
  return tensor;
}

}  // namespace lamina::detail
