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

/// A NodeProto: an operator, called with values by their names and with attributes. Whoever reads it takes the
/// attributes that it knows; what is left then is what it does not know.
class OnnxCall {
 public:
  std::string_view name, op, domain;
  std::vector<std::string_view> inputs, outputs;

  explicit OnnxCall(std::span<const std::byte> node);

  /// The input of this number, or an empty text.
  std::string_view input(std::size_t i) const { return i < inputs.size() ? inputs[i] : std::string_view(); }

  // The value of an attribute, or what it is when the node has none. Some writers leave out a value that is 0 or empty.
  // Throws DataError for one of another type.
  Index whole(std::string_view attribute, Index otherwise);
  double real(std::string_view attribute, double otherwise);
  std::string_view text(std::string_view attribute, std::string_view otherwise);

  /// As many numbers as `otherwise` has.
  std::vector<Index> wholes(std::string_view attribute, std::vector<Index> otherwise);
  /// As many as there are, at most 64; none where there is no such attribute.
  std::vector<Index> whole_list(std::string_view attribute);
  /// The bytes of a TensorProto.
  std::span<const std::byte> tensor(std::string_view attribute);

  /// Throws DataError for an attribute that nobody took.
  void check_all_taken() const;

 private:
  struct Attribute {
    std::string_view name;
    std::uint64_t type = 0;
    std::span<const std::byte> bytes;
  };

  static Attribute read_attribute(std::span<const std::byte> bytes);

  /// Shows the fields of an attribute; whether there is one.
  bool take(std::string_view wanted, std::uint64_t type, FunctionRef<void(const ProtobufField&)> visit);

  std::vector<Attribute> attributes_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_call.ipp"
#endif
