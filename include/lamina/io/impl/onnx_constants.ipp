#pragma once

#include "../onnx_constants.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC const OnnxTensor* OnnxConstants::tensor(std::string_view name) const {
  if (name.empty()) return nullptr;
  if (const auto alias = aliases_.find(name); alias != aliases_.end()) return alias->second;
  const auto found = graph_.tensors.find(name);
  return found == graph_.tensors.end() ? nullptr : &found->second;
}

LAMINA_FUNC bool OnnxConstants::alias_tensor(std::string_view name, std::string_view other) {
  const OnnxTensor* const own = tensor(name);
  if (own) aliases_[other] = own;
  return own != nullptr;
}

LAMINA_FUNC bool OnnxConstants::transpose_tensor(std::string_view name, std::string_view other) {
  const OnnxTensor* const own = tensor(name);
  if (!own || !own->is_real() || own->dims.size() != 2) return false;
  OnnxTensor& made = transposed_[other] = *own;
  std::swap(made.dims[0], made.dims[1]);
  made.is_transposed = !made.is_transposed;
  aliases_[other] = &made;
  return true;
}

LAMINA_FUNC std::optional<OnnxIntegers> OnnxConstants::integers(std::string_view name) const {
  if (const auto found = integers_.find(name); found != integers_.end()) return found->second;
  const OnnxTensor* const own = tensor(name);
  if (!own || own->type != 7 || own->count() > OnnxIntegers::most) return {};
  return OnnxIntegers{own->dims, own->integers(OnnxIntegers::most)};
}

}  // namespace lamina::detail
