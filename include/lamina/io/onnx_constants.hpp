#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "onnx_graph.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Whole numbers that nodes compute with: extents, pads, axes.
struct OnnxIntegers {
  static constexpr Index most = 64;                                      // numbers that are kept
  static constexpr Index batch = (std::numeric_limits<Index>::min)();  // stands for the number of samples

  std::vector<Index> dims;  // none for a single number
  std::vector<Index> numbers;
};

/// The constants of a graph by their names, those that nodes make of others among them, and how often each value is used.
class OnnxConstants {
 public:
  explicit OnnxConstants(const OnnxGraph& graph) : graph_(graph) {}

  const OnnxGraph& graph() const { return graph_; }

  /// Gives whole numbers a name.
  void define(std::string_view name, OnnxIntegers numbers) { integers_[name] = std::move(numbers); }

  /// Returns how many times a value is used, as count_use() counted.
  std::size_t uses(std::string_view name) const {
    const auto found = uses_.find(name);
    return found == uses_.end() ? 0 : found->second;
  }
  void count_use(std::string_view name) { ++uses_[name]; }

  /// Tells whether a name is a tensor or whole numbers.
  bool is_constant(std::string_view name) const {
    return graph_.tensors.contains(name) || integers_.contains(name) || aliases_.contains(name);
  }
  /// Returns the tensor of a name, or null.
  const OnnxTensor* tensor(std::string_view name) const;
  /// Gives a tensor another name. Returns whether there is one.
  bool alias_tensor(std::string_view name, std::string_view other);
  /// Gives another name to a tensor of two axes that change places. Returns whether there is one.
  bool transpose_tensor(std::string_view name, std::string_view other);
  /// Returns the whole numbers of a name; nothing where it has none, or too many.
  std::optional<OnnxIntegers> integers(std::string_view name) const;

 private:
  const OnnxGraph& graph_;
  std::map<std::string_view, OnnxIntegers> integers_;
  std::map<std::string_view, OnnxTensor> transposed_;
  std::map<std::string_view, const OnnxTensor*> aliases_;
  std::map<std::string_view, std::size_t> uses_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_constants.ipp"
#endif
