#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layer_node.hpp"
#include "merge.hpp"
#include "program.hpp"
#include "step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A builder that makes a program of a network, see `lower`.
template <typename T>
class Lowering {
 public:
  /// Begins with a batch of one sample of these extents.
  explicit Lowering(std::span<const Index> in) : first_(in.begin(), in.end()), at_(first_) {}

  /// Adds a layer at the current place, without a step. Throws ShapeError if it cannot take the output of the one before.
  template <AnyTensor X, typename L>
  void add(const L& layer) {
    std::unique_ptr<const LayerNode<T>> node = detail::make_node<L, X>(layer);
    std::vector<Index> out = made_by(*node);
    push(std::move(node), std::move(out), {values_.back().layer}, {layers_.size() + 1, inside});
  }

  /// Adds a layer at the current place, and the step that runs it. Returns whether it draws random numbers.
  template <AnyTensor X, typename L>
  bool add_step(const L& layer) {
    add<X>(layer);
    return run(detail::make_step<plain_t<L>, X>(detail::plain(layer)), 1, 0);
  }

  /// Adds a step that runs the last `count` layers as one, with the parameters of the one at place `owner` among them.
  template <AnyTensor X, typename S>
  void run_fused(const S& fused, std::size_t count, std::size_t owner) {
    run(make_step<S, X>(fused), count, owner);
  }

  /// Adds a merge, or a From, at the current place; see layers/merges.hpp. Throws ShapeError when there is no such layer, when
  /// it would part a fused layer, and when the extents do not match.
  template <typename L>
  void merge(const L& listed);

  /// Returns the number of layers, and the extents of the last one's output.
  std::size_t size() const { return layers_.size(); }
  std::span<const Index> extents() const { return at_; }

  /// Enters place i of a network; `leave` leaves it. Between the two calls the layer at that place is lowered. Its random
  /// stream is the network's, split by `draw`. The layer's path has `name`, if there is one, instead of i.
  void enter(std::size_t i, std::uint64_t draw, std::string_view name = {});
  void leave();

  /// Returns the program. Throws ShapeError for a network without a step, and for a layer whose output nothing takes.
  Program<T> program();

 private:
  static constexpr std::size_t inside = ~std::size_t{0};

  /// A value between two layers: the output of layer `layer`, counted from 1, or the network's input for 0. `of_program` is the
  /// program's value that holds it, or `inside` if it exists only within a fused layer.
  struct Value {
    std::size_t layer, of_program;
  };

  const std::vector<Index>& extents_of(std::size_t place) const { return place == 0 ? first_ : layers_[place - 1].out; }
  std::vector<Index> made_by(const LayerNode<T>& node) const;
  void push(std::unique_ptr<const LayerNode<T>> node, std::vector<Index> out, std::vector<std::size_t> inputs, Value value);
  bool run(std::unique_ptr<const Step<T>> step, std::size_t count, std::size_t owner);

  std::vector<typename Program<T>::Layer> layers_;
  std::vector<typename Program<T>::Entry> entries_;
  std::vector<Index> first_, at_;       // the extents of the network's input, and at the current place
  std::vector<Value> values_{{0, 0}};  // before the first layer and behind each
  std::vector<std::size_t> places_;
  std::vector<std::string> names_;  // of the places, as paths have them
  std::vector<std::uint64_t> draw_;
};

/// Adds the layers and steps that run a network on inputs of type X. A network with a member of this name, such as a
/// Sequential, adds its parts; every other layer is added as it is.
template <AnyTensor X, typename L>
void lower(const L& layer, Lowering<scalar_t<X>>& to) {
  if constexpr (requires { layer.template lower<X>(to); }) {
    layer.template lower<X>(to);
  } else {
    to.template add_step<X>(layer);
  }
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/lowering.ipp"
#endif
