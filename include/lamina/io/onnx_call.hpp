#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onnx_graph.hpp"

namespace lamina::detail {

/// A NodeProto: an operator, called with values by their names and with attributes. Whoever reads it takes the
/// attributes that it knows; what is left then is what it does not know.
class OnnxCall {
 public:
  std::string_view name, op, domain;
  std::vector<std::string_view> inputs, outputs;

  explicit OnnxCall(std::span<const std::byte> node) {
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

  /// The input of this number, or an empty text.
  std::string_view input(std::size_t i) const { return i < inputs.size() ? inputs[i] : std::string_view(); }

  // The value of an attribute, or what it is when the node has none. Some writers leave out a value that is 0 or empty.
  // Throws DataError for one of another type.
  Index whole(std::string_view attribute, Index otherwise) {
    Index value = 0;
    const bool given = take(attribute, 2, [&](const ProtobufField& field) {
      if (field.number == 3) value = static_cast<Index>(field.whole());
    });
    return given ? value : otherwise;
  }
  double real(std::string_view attribute, double otherwise) {
    float value = 0;
    const bool given = take(attribute, 1, [&](const ProtobufField& field) {
      if (field.number == 2) value = field.real();
    });
    return given ? static_cast<double>(value) : otherwise;
  }
  std::string_view text(std::string_view attribute, std::string_view otherwise) {
    std::string_view value;
    const bool given = take(attribute, 3, [&](const ProtobufField& field) {
      if (field.number == 4) value = field.text();
    });
    return given ? value : otherwise;
  }

  /// As many numbers as `otherwise` has.
  std::vector<Index> wholes(std::string_view attribute, std::vector<Index> otherwise) {
    std::vector<Index> values;
    const bool given = take(attribute, 7, [&](const ProtobufField& field) {
      if (field.number == 8)
        field.each_whole([&](std::uint64_t value) {
          if (values.size() <= 8) values.push_back(static_cast<Index>(value));
        });
    });
    if (!given) return otherwise;
    if (values.size() != otherwise.size())
      throw DataError(message("expects ", otherwise.size(), " numbers as ", attribute, " but got ",
                              values.size() > 8 ? "more than " : "", std::min(values.size(), std::size_t{8})));
    return values;
  }
  /// The bytes of a TensorProto.
  std::span<const std::byte> tensor(std::string_view attribute) {
    std::span<const std::byte> bytes;
    take(attribute, 4, [&](const ProtobufField& field) {
      if (field.number == 5) bytes = field.message();
    });
    return bytes;
  }

  /// Throws DataError for an attribute that nobody took.
  void check_all_taken() const {
    if (!attributes_.empty())
      throw DataError(
          message("has the attribute ", quoted(attributes_[0].name), ", which is unknown here or stands twice"));
  }

 private:
  struct Attribute {
    std::string_view name;
    std::uint64_t type = 0;
    std::span<const std::byte> bytes;
  };

  static Attribute read_attribute(std::span<const std::byte> bytes) {
    Attribute attribute{.name = {}, .bytes = bytes};
    read_protobuf(bytes, [&](const ProtobufField& field) {
      if (field.number == 1) attribute.name = field.text();
      if (field.number == 20) attribute.type = field.whole();
    });
    return attribute;
  }

  /// Shows the fields of an attribute; whether there is one.
  bool take(std::string_view wanted, std::uint64_t type, FunctionRef<void(const ProtobufField&)> visit) {
    const auto found =
        std::find_if(attributes_.begin(), attributes_.end(), [&](const Attribute& own) { return own.name == wanted; });
    if (found == attributes_.end()) return false;
    if (found->type != type)
      throw DataError(
          message("expects the attribute ", wanted, " of the type ", type, " of ONNX but got ", found->type));
    read_protobuf(found->bytes, visit);
    attributes_.erase(found);
    return true;
  }

  std::vector<Attribute> attributes_;
};

}  // namespace lamina::detail
