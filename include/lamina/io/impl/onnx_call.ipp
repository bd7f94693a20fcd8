#pragma once

#include "../onnx_call.hpp"

#include <algorithm>

#include "../onnx_graph.hpp"
#include "../stored_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxCall::OnnxCall(std::span<const std::byte> node) {
  read_protobuf(node, [&](const ProtobufField& field) {
    switch (field.number) {
      case 1:
        inputs.push_back(field.text());
        break;
      case 2:
        outputs.push_back(field.text());
        break;
      case 3:
        name = field.text();
        break;
      case 4:
        op = field.text();
        break;
      case 5:
        attributes_.push_back(read_attribute(field.message()));
        break;
      case 7:
        domain = field.text();
        break;
      default:
        break;
    }
  });
}

LAMINA_FUNC bool OnnxCall::has(std::string_view attribute) const {
  return std::any_of(attributes_.begin(), attributes_.end(), [&](const Attribute& own) { return own.name == attribute; });
}

LAMINA_FUNC Index OnnxCall::whole(std::string_view attribute, Index otherwise) {
  Index value = 0;
  const bool given = take(attribute, 2, [&](const ProtobufField& field) {
    if (field.number == 3) value = static_cast<Index>(field.whole());
  });
  return given ? value : otherwise;
}

LAMINA_FUNC double OnnxCall::real(std::string_view attribute, double otherwise) {
  float value = 0;
  const bool given = take(attribute, 1, [&](const ProtobufField& field) {
    if (field.number == 2) value = field.real();
  });
  return given ? static_cast<double>(value) : otherwise;
}

LAMINA_FUNC std::string_view OnnxCall::text(std::string_view attribute, std::string_view otherwise) {
  std::string_view value;
  const bool given = take(attribute, 3, [&](const ProtobufField& field) {
    if (field.number == 4) value = field.text();
  });
  return given ? value : otherwise;
}

LAMINA_FUNC std::vector<Index> OnnxCall::wholes(std::string_view attribute, std::vector<Index> otherwise) {
  std::vector<Index> values;
  const bool given = take(attribute, 7, [&](const ProtobufField& field) {
    if (field.number == 8)
      field.each_whole([&](std::uint64_t value) {
        if (values.size() <= 8) values.push_back(static_cast<Index>(value));
      });
  });
  if (!given) return otherwise;
  if (values.size() != otherwise.size())
    throw DataError(str_cat("expects ", otherwise.size(), " numbers as ", attribute, " but got ",
                            values.size() > 8 ? "more than " : "", (std::min)(values.size(), std::size_t{8})));
  return values;
}

LAMINA_FUNC std::vector<Index> OnnxCall::whole_list(std::string_view attribute) {
  std::vector<Index> values;
  take(attribute, 7, [&](const ProtobufField& field) {
    if (field.number == 8)
      field.each_whole([&](std::uint64_t value) {
        if (values.size() == 64) throw DataError(str_cat("has more than 64 numbers as ", attribute));
        values.push_back(static_cast<Index>(value));
      });
  });
  return values;
}

LAMINA_FUNC std::vector<double> OnnxCall::real_list(std::string_view attribute) {
  std::vector<double> values;
  take(attribute, 6, [&](const ProtobufField& field) {
    if (field.number != 7) return;
    const auto bytes = field.words(4);  // packed or one by one
    if (values.size() + bytes.size() / 4 > 64) throw DataError(str_cat("has more than 64 numbers as ", attribute));
    for (std::size_t i = 0; i < bytes.size(); i += 4) values.push_back(static_cast<double>(read_number<float>(bytes.data() + i)));
  });
  return values;
}

LAMINA_FUNC std::span<const std::byte> OnnxCall::tensor(std::string_view attribute) {
  std::span<const std::byte> bytes;
  take(attribute, 4, [&](const ProtobufField& field) {
    if (field.number == 5) bytes = field.message();
  });
  return bytes;
}

LAMINA_FUNC void OnnxCall::check_all_taken() const {
  if (!attributes_.empty())
    throw DataError(
        str_cat("has the attribute ", quoted(attributes_[0].name), ", which is unknown here or stands twice"));
}

LAMINA_FUNC OnnxCall::Attribute OnnxCall::read_attribute(std::span<const std::byte> bytes) {
  Attribute attribute{.name = {}, .bytes = bytes};
  read_protobuf(bytes, [&](const ProtobufField& field) {
    if (field.number == 1) attribute.name = field.text();
    if (field.number == 20) attribute.type = field.whole();
  });
  return attribute;
}

LAMINA_FUNC bool OnnxCall::take(std::string_view wanted, std::uint64_t type,
                                FunctionRef<void(const ProtobufField&)> visit) {
  const auto found =
      std::find_if(attributes_.begin(), attributes_.end(), [&](const Attribute& own) { return own.name == wanted; });
  if (found == attributes_.end()) return false;
  if (found->type != type)
    throw DataError(str_cat("expects the attribute ", wanted, " of the type ", type, " of ONNX but got ", found->type));
  read_protobuf(found->bytes, visit);
  attributes_.erase(found);
  return true;
}

}  // namespace lamina::detail
