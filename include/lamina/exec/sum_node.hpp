#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../layers/add.hpp"
#include "layer_node.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The node of a sum, see Add. The program adds; no step does.
template <typename T>
class SumNode final : public LayerNode<T> {
 public:
  SumNode(Add add, int rank) : add_(add), rank_(rank) {}

  std::string_view name() const override { return Add::name; }
  int input_rank() const override { return rank_; }
  bool gives_probabilities() const override { return false; }
  const void* parameter_type() const override { return &type_key<None>; }
  [[gnu::cold]] std::vector<OptionValue> options() const override { return option_values(add_); }
  [[gnu::cold]] std::vector<Index> output_extents(std::span<const Index> in) const override { return {in.begin(), in.end()}; }
  std::optional<Index> multiply_adds(std::span<const Index>) const override { return {}; }
  [[gnu::cold]] std::unique_ptr<LayerParameters<T>> initialize(std::span<const Index>, const Rng&) const override {
    return std::make_unique<LayerParametersOf<T, None>>();
  }
  void infer(const void*, TensorRef<T>, TensorSlot<T>) const override {}  // one input has no sum

 private:
  const void* find(const void* key) const override { return key == &type_key<Add> ? &add_ : nullptr; }

  Add add_;
  int rank_;
};

}  // namespace lamina::detail
