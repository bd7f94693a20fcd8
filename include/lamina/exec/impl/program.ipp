#pragma once

#include "../program.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "../../core/error.hpp"
#include "../../layers/activations.hpp"
#include "../../layers/relu.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename T>
T* reshape_samples(AnyTensorValue<T>& x, Index N, std::span<const Index> sample) {
  const auto as = [&]<int Rank>(Tensor<T, Rank>& tensor) {
    Shape<Rank> extents;
    extents[0] = N;
    for (int axis = 1; axis < Rank; ++axis) extents[axis] = sample[static_cast<std::size_t>(axis) - 1];
    reshape(tensor, extents);
    return tensor.data();
  };
  if (sample.size() == 3) return as(x.template as<4>());
  if (sample.size() == 2) return as(x.template as<3>());
  return as(x.template as<2>());
}

[[gnu::cold]] LAMINA_FUNC std::string place_text(std::span<const std::size_t> places) {
  std::string text;
  for (const std::size_t i : places) text += "layer " + std::to_string(i) + ": ";
  return text;
}

template <typename T>
[[gnu::cold]] Program<T>::Program(std::vector<Layer> layers, std::vector<Entry> entries)
    : parts_(std::make_shared<const Parts>(Parts{std::move(layers), std::move(entries)})) {}

template <typename T>
[[gnu::cold]] ModelParameters<T> Program<T>::initialize(Draw draw) const {
  typename ModelParameters<T>::Layers parameters;
  std::vector<std::string> paths;
  for (const Layer& layer : layers()) {
    Rng own = draw.rng ? *draw.rng : Rng{};
    for (const std::size_t place : layer.places) own = own.split(place);
    try {
      parameters.push_back(layer.node->initialize(layer.in, draw.rng ? &own : nullptr));
    } catch (const ShapeError& error) {
      throw ShapeError(place_text(layer.places) + error.what());
    } catch (const OptionError& error) {
      throw OptionError(place_text(layer.places) + error.what());
    }
    paths.push_back(layer.path);
  }
  return ModelParameters<T>(std::move(parameters), paths);
}

template <typename T>
void Program<T>::check(const ModelParameters<T>& p) const {
  for (std::size_t i = 0; i < layers().size(); ++i) {
    const Layer& layer = layers()[i];
    if (i >= p.layers().size() || p.layers()[i]->type() != layer.node->parameter_type())
      throw ShapeError(str_cat(place_text(layer.places), layer.node->name(),
                               ": expects its own parameters but got those of another network"));
  }
}

template <typename T>
[[gnu::cold]] bool is_same_layer(const typename Program<T>::Layer& a, const typename Program<T>::Layer& b) {
  const auto same_option = [](const OptionValue& own, const OptionValue& other) {
    return own.name == other.name && own.text == other.text;
  };
  return a.path == b.path && a.in == b.in && a.out == b.out && a.node->name() == b.node->name() &&
         a.node->parameter_type() == b.node->parameter_type() &&
         std::ranges::equal(a.node->options(), b.node->options(), same_option);
}

template <typename T>
bool Program<T>::is_same(const Program& other) const {
  return parts_ == other.parts_ ||
         (steps().size() == other.steps().size() && std::ranges::equal(layers(), other.layers(), is_same_layer<T>));
}

template <typename T>
[[gnu::cold]] typename Program<T>::Frozen Program<T>::freeze(std::span<const Role> roles) const {
  Frozen frozen;
  bool any_trained = false;
  for (const Entry& entry : steps()) {
    const Role role = roles[entry.layer];
    frozen.steps.push_back(role == Role::frozen);
    any_trained = any_trained || role == Role::trained;
    if (!any_trained) ++frozen.lowest;
  }
  return frozen;
}

template <typename T>
Context Program<T>::context_of(std::size_t s, const Memory& memory, bool training) const {
  Context context = memory.context;
  context.training = context.training && training && !(memory.frozen && memory.frozen->steps[s]);
  for (const std::uint64_t stream : entries()[s].draw) context = context.child(stream);
  return context;
}

template <typename T>
template <typename Run>
void Program<T>::run(TensorRef<T> x, Memory& memory, TensorSlot<T> y, bool training, const Run& run_step) const {
  make_ready(memory);
  const std::vector<Entry>& entries = this->entries();
  const std::size_t last = entries.size() - 1;
  Context plain = memory.context;  // for a step that neither draws nor is frozen
  plain.training = plain.training && training;
  const Fold* const fold = training ? nullptr : memory.fold_.get();
  std::size_t s = 0;
  try {
    for (; s < entries.size(); ++s) {
      if (fold && fold->left_out[s]) continue;
      const Entry& entry = entries[s];
      auto& mine = memory.steps_[s];
      const std::size_t to = fold ? last_done(*fold, s) : s;
      const TensorSlot<T> out = to == last ? y : memory.steps_[to].out;
      const TensorRef<T> in = value(entry.in.value, x, memory);
      if (!entry.step)
        merge_forward(entry.merge, values_of(entry, x, memory), out, memory.context.thread_pool);
      else if (entry.draw.empty() && !memory.frozen)
        run_step(s, *entry.step, in, *mine.own, out, plain);
      else
        run_step(s, *entry.step, in, *mine.own, out, context_of(s, memory, training));
    }
  } catch (const ShapeError& error) {
    throw ShapeError(entries[s].place + error.what());
  }
}

template <typename T>
void Program<T>::forward(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const {
  run(x, memory, y, true,
      [&](std::size_t s, const Step<T>& step, TensorRef<T> in, StepMemory& own, TensorSlot<T> out, const Context& context) {
        const bool is_below = memory.frozen && s < memory.frozen->lowest;
        if (is_below && (!context.training || !step.draws()))
          step.forward_inference(p[entries()[s].layer], in, own, out, context);
        else
          step.forward(p[entries()[s].layer], in, own, out, context);
      });
}

template <typename T>
void Program<T>::forward_inference(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const {
  run(x, memory, y, false,
      [&](std::size_t s, const Step<T>& step, TensorRef<T> in, StepMemory& own, TensorSlot<T> out, const Context& context) {
        step.forward_inference(parameters_of(entries()[s].layer, p, memory), in, own, out, context);
      });
}

template <typename T>
void Program<T>::backward(std::span<void* const> p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, Memory& memory,
                          TensorSlot<T> dx, std::span<void* const> dp) const {
  const std::size_t lowest = memory.frozen ? memory.frozen->lowest : 0;
  const auto gradient = [&](std::size_t v) {
    if (lowest > 0 && v <= lowest) return TensorSlot<T>();
    return v == 0 ? dx : memory.steps_[v - 1].dy.slot(memory.steps_[v - 1].in.rank());
  };
  for (std::size_t s = entries().size(); s-- > lowest;) {
    auto& mine = memory.steps_[s];
    const Entry& entry = entries()[s];
    const bool last = s + 1 == entries().size();
    const TensorRef<T> in = value(entry.in.value, x, memory), down = last ? dy : mine.dy.read();
    const TensorSlot<T> din = gradient(entry.in.value);
    if (!entry.step) {
      const auto values = values_of(entry, x, memory);
      merge_backward(entry.merge, values, entry.others.size(), down, din, entry.in.shares, memory.context.thread_pool);
      for (std::size_t i = 0; i < entry.others.size(); ++i)
        merge_backward(entry.merge, values, i, down, gradient(entry.others[i].value), entry.others[i].shares, memory.context.thread_pool);
      continue;
    }
    const bool adds = entry.in.shares && din;
    entry.step->backward(p[entry.layer], in, last ? y : mine.in, down, *mine.own, adds ? mine.part.slot(in.rank()) : din,
                         dp[entry.layer], context_of(s, memory, true));
    if (adds) pass_on(mine.part.read(), din, true, memory.context.thread_pool);
  }
}

template <typename T>
std::span<const TensorRef<T>> Program<T>::values_of(const Entry& merge, TensorRef<T> x, Memory& memory) {
  memory.merged_.clear();
  for (const Input& one : merge.others) memory.merged_.push_back(value(one.value, x, memory));
  memory.merged_.push_back(value(merge.in.value, x, memory));
  return memory.merged_;
}

template <typename T>
void Program<T>::make_ready(Memory& memory) const {
  if (memory.program_ != parts_) make(memory);
}

template <typename T>
[[gnu::cold]] void Program<T>::make(Memory& memory) const {
  memory.steps_.clear();
  memory.steps_.resize(entries().size());
  std::size_t most = 0;
  for (const Entry& entry : entries()) most = (std::max)(most, entry.others.size() + 1);
  memory.merged_.reserve(most);
  for (std::size_t s = 0; s < entries().size(); ++s) {
    const Entry& entry = entries()[s];
    auto& mine = memory.steps_[s];
    if (entry.step) mine.own = entry.step->memory();
    mine.out = mine.y.slot(rank_behind(entry));
    mine.in = mine.y.read();
  }
  memory.program_ = parts_;
  memory.fold_.reset();
}

/// Returns the c of min(max(0, y), c) if a layer computes that.
template <typename T>
[[gnu::cold]] std::optional<double> ceiling_of(const LayerNode<T>& layer) {
  if (layer.template get_if<ReLU>()) return std::numeric_limits<double>::infinity();
  if (layer.template get_if<ReLU6>()) return 6;
  return {};
}

template <typename T>
[[gnu::cold]] void Program<T>::fold(const ModelParameters<T>& p, Memory& memory) const {
  make_ready(memory);
  if (!memory.fold_) memory.fold_ = std::make_shared<Fold>();
  Fold& fold = *memory.fold_;
  fold.left_out.resize(entries().size());
  fold.parameters.resize(layers().size());
  const auto left_out_before = std::ranges::count(fold.left_out, 1);
  for (std::size_t s = 1; s < entries().size(); ++s) {
    const Entry &entry = entries()[s], &before = entries()[s - 1];
    if (!is_alone_behind(s)) continue;
    const LayerNode<T>& own = *layers()[entry.layer].node;
    if (const std::optional<double> ceiling = ceiling_of(own)) {
      const std::size_t owner = fold.left_out[s - 1] ? s - 2 : s - 1;
      const Entry& by = entries()[owner];
      if (!ceiling_of(*layers()[before.layer].node) && by.step->rectify(p.of_layers()[by.layer], *memory.steps_[owner].own, *ceiling))
        fold.left_out[s] = 1;
      continue;
    }
    const std::size_t owner = before.layer;
    const LayerNode<T>& node = *layers()[owner].node;
    if (owner + 1 != entry.layer || !node.rescale(nullptr, nullptr, nullptr, nullptr) ||
        !own.as_scale(p.of_layers()[entry.layer], fold.scale, fold.offset))
      continue;
    fold.left_out[s] = 1;
    if (!fold.parameters[owner]) fold.parameters[owner] = p.layers()[owner]->copy();
    node.rescale(p.of_layers()[owner], fold.scale.data(), fold.offset.data(), fold.parameters[owner]->get());
  }
  if (fold.places.empty() || std::ranges::count(fold.left_out, 1) != left_out_before) choose_places(fold);
  use_places(memory);
}

template <typename T>
[[gnu::cold]] void Program<T>::choose_places(Fold& fold) const {
  const std::size_t steps = entries().size();
  std::vector<std::size_t> last_taken(steps + 1, 0);  // for each value: the last step that takes it
  const auto each_value = [&](const Entry& entry, auto visit) {
    visit(entry.in.value);
    for (const Input& one : entry.others) visit(one.value);
  };
  for (std::size_t s = 0; s < steps; ++s)
    if (!fold.left_out[s]) each_value(entries()[s], [&](std::size_t v) { last_taken[v] = s; });
  fold.places.resize(steps);
  for (std::size_t s = 0; s < steps; ++s) fold.places[s] = s;
  std::vector<std::size_t> free;  // the place that was read last, which the caches hold, is at the end
  for (std::size_t s = 0; s < steps; ++s) {
    if (fold.left_out[s]) continue;
    std::size_t& mine = fold.places[last_done(fold, s)];
    if (!free.empty()) {
      mine = free.back();
      free.pop_back();
    }
    each_value(entries()[s], [&](std::size_t v) {
      if (v == 0 || last_taken[v] != s) return;
      last_taken[v] = steps;  // another place of a merge may take it, too
      free.push_back(fold.places[v - 1]);
    });
  }
}

template <typename T>
void Program<T>::use_places(Memory& memory) const {
  for (std::size_t s = 0; s < entries().size(); ++s) {
    AnyTensorValue<T>& y = memory.steps_[memory.fold_->places[s]].y;
    memory.steps_[s].out = y.slot(rank_behind(entries()[s]));
    memory.steps_[s].in = y.read();
  }
}

template <typename T>
[[gnu::cold]] bool Program<T>::is_alone_behind(std::size_t s) const {
  const auto takes = [&](const Entry& other) {
    return other.in.value == s || std::ranges::any_of(other.others, [&](const Input& one) { return one.value == s; });
  };
  const Entry& entry = entries()[s];
  return entry.step && entries()[s - 1].step && entry.count == 1 && entry.in.value == s &&
         std::ranges::count_if(entries(), takes) == 1;
}

template <typename T>
void Program<T>::pack_weights(std::span<void* const> p, Memory& memory, RoundRobin& turns) const {
  for (std::size_t s = 0; s < entries().size(); ++s)
    if (entries()[s].step)
      entries()[s].step->pack_weights(parameters_of(entries()[s].layer, p, memory), *memory.steps_[s].own, turns, memory.context);
}

template <typename T>
bool Program<T>::share_packed(const Memory& from, Memory& to) const {
  make_ready(to);
  to.fold_ = from.fold_;
  if (to.fold_) use_places(to);
  bool any = false;
  for (std::size_t s = 0; s < entries().size(); ++s)
    any = (entries()[s].step && entries()[s].step->share_packed(*from.steps_[s].own, *to.steps_[s].own)) || any;
  return any;
}

template <typename T>
[[gnu::cold]] void Program<T>::trace(std::span<void* const> p, TensorRef<T> x,
                                     FunctionRef<void(std::size_t, TensorRef<T>)> visit) const {
  std::vector<AnyTensorValue<T>> values(layers().size());
  const auto value = [&](std::size_t v) { return v == 0 ? x : values[v - 1].read(); };
  const auto& entries = this->entries();
  for (std::size_t i = 0, s = 0; i < layers().size(); ++i) {
    const Layer& layer = layers()[i];
    const LayerNode<T>& node = *layer.node;
    if (node.merge() == Merge::from) {
      visit(i, value(layer.inputs[0]));
      continue;
    }
    while (entries[s].first + entries[s].count <= i) ++s;  // the step that runs the layer
    const TensorSlot<T> out = values[i].slot(static_cast<int>(layer.out.size()));
    if (!entries[s].step) {
      std::vector<TensorRef<T>> merged;
      for (const std::size_t v : layer.inputs) merged.push_back(value(v));
      merge_forward(entries[s].merge, std::span<const TensorRef<T>>(merged), out);
    } else {
      node.forward_inference(p[i], value(layer.inputs[0]), out);
    }
    visit(i, values[i].read());
  }
}

}  // namespace lamina::detail
