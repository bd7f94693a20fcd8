#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/shape.hpp"
#include "../core/text.hpp"
#include "protobuf_reader.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A NodeProto: an operator with named inputs and outputs and with attributes. The reader takes the attributes that it
/// knows; those that remain are unknown.
class OnnxCall {
 public:
  std::string_view name, op, domain;
  std::vector<std::string_view> inputs, outputs;

  explicit OnnxCall(std::span<const std::byte> node);

  /// Returns the input of this number, or an empty text.
  std::string_view input(std::size_t i) const { return i < inputs.size() ? inputs[i] : std::string_view(); }

  bool has(std::string_view attribute) const;

  // These return the value of an attribute, or `otherwise` if the node has none. Some writers leave out a value that is 0
  // or empty. They throw DataError for an attribute of another type.
  Index whole(std::string_view attribute, Index otherwise);
  double real(std::string_view attribute, double otherwise);
  std::string_view text(std::string_view attribute, std::string_view otherwise);

  /// Returns a list attribute with as many numbers as `otherwise` has.
  std::vector<Index> wholes(std::string_view attribute, std::vector<Index> otherwise);
  /// Returns an attribute's integers, at most 64, or an empty list if there is no such attribute.
  std::vector<Index> whole_list(std::string_view attribute);
  /// Returns an attribute's real numbers, at most 64, or an empty list if there is no such attribute.
  std::vector<double> real_list(std::string_view attribute);
  /// Returns the bytes of a TensorProto.
  std::span<const std::byte> tensor(std::string_view attribute);

  /// Throws DataError if an attribute was not taken.
  void check_all_taken() const;

 private:
  struct Attribute {
    std::string_view name;
    std::uint64_t type = 0;
    std::span<const std::byte> bytes;
  };

  static Attribute read_attribute(std::span<const std::byte> bytes);

  /// Visits the fields of an attribute. Returns whether there is one.
  bool take(std::string_view wanted, std::uint64_t type, FunctionRef<void(const ProtobufField&)> visit);

  std::vector<Attribute> attributes_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_call.ipp"
#endif
