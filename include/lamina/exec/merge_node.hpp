#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "layer_node.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The node of a merge, a listed layer that takes several values or an earlier one. The program computes it, not a step.
template <typename T, typename L>
class MergeNode final : public LayerNode<T> {
 public:
  MergeNode(L merge, int rank) : merge_(std::move(merge)), rank_(rank) {}

  std::string_view name() const override { return L::name; }
  int input_rank() const override { return rank_; }
  Merge merge() const override { return L::merge; }
  bool gives_probabilities() const override { return false; }
  const void* parameter_type() const override { return &type_key<None>; }
  [[gnu::cold]] std::vector<OptionValue> options() const override { return option_values(merge_); }
  [[gnu::cold]] std::vector<Index> output_extents(std::span<const Index> in) const override { return {in.begin(), in.end()}; }
  std::optional<Index> multiply_adds(std::span<const Index>) const override { return {}; }
  [[gnu::cold]] std::unique_ptr<LayerParameters<T>> initialize(std::span<const Index>, const Rng*) const override {
    return std::make_unique<LayerParametersOf<T, None>>();
  }
  void forward_inference(const void*, TensorRef<T>, TensorSlot<T>) const override {}  // of one input there is nothing to merge

 private:
  const void* find(const void* key) const override { return key == &type_key<L> ? &merge_ : nullptr; }

  L merge_;
  int rank_;
};

}  // namespace lamina::detail
