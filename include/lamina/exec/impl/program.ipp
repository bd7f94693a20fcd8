#pragma once

#include "../program.hpp"

#include <algorithm>
#include <utility>

#include "../../core/text.hpp"

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

/// Returns "layer 1: layer 0: " for the places {1, 0}.
[[gnu::cold]] inline std::string place_text(std::span<const std::size_t> places) {
  std::string text;
  for (const std::size_t i : places) text += "layer " + std::to_string(i) + ": ";
  return text;
}

template <typename T>
[[gnu::cold]] Program<T>::Program(std::vector<Layer> layers, std::vector<Entry> entries)
    : parts_(std::make_shared<const Parts>(Parts{std::move(layers), std::move(entries)})) {}

template <typename T>
[[gnu::cold]] ModelParameters<T> Program<T>::initialize(const Rng& rng) const {
  typename ModelParameters<T>::Layers parameters;
  std::vector<std::string> paths;
  for (const Layer& layer : layers()) {
    Rng own = rng;
    for (const std::size_t place : layer.places) own = own.split(place);
    try {
      parameters.push_back(layer.node->initialize(layer.in, own));
    } catch (const ShapeError& error) {
      throw ShapeError(place_text(layer.places) + error.what());
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
  const auto leaves_out = [&](std::size_t step) {
    return memory.fold_ && !training && step <= last && memory.fold_->left_out[step];
  };
  std::size_t s = 0;
  try {
    for (; s < entries.size(); ++s) {
      if (leaves_out(s)) continue;
      const Entry& entry = entries[s];
      auto& mine = memory.steps_[s];
      const std::size_t to = leaves_out(s + 1) ? s + 1 : s;
      const TensorSlot<T> out = to == last ? y : memory.steps_[to].out;
      const TensorRef<T> in = value(entry.in.value, x, memory);
      if (!entry.step)
        merge_forward(entry.merge, values_of(entry, x, memory), out);
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
      merge_backward(entry.merge, values, entry.others.size(), down, din, entry.in.shares);
      for (std::size_t i = 0; i < entry.others.size(); ++i)
        merge_backward(entry.merge, values, i, down, gradient(entry.others[i].value), entry.others[i].shares);
      continue;
    }
    const bool adds = entry.in.shares && din;
    entry.step->backward(p[entry.layer], in, last ? y : mine.in, down, *mine.own, adds ? mine.part.slot(in.rank()) : din,
                         dp[entry.layer], context_of(s, memory, true));
    if (adds) pass_on(mine.part.read(), din, true);
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
    mine.out = mine.y.slot(static_cast<int>(parts_->layers[entry.first + entry.count - 1].out.size()));
    mine.in = mine.y.read();
  }
  memory.program_ = parts_;
  memory.fold_.reset();
}

template <typename T>
[[gnu::cold]] void Program<T>::fold(const ModelParameters<T>& p, Memory& memory) const {
  make_ready(memory);
  Fold fresh;
  Fold& fold = memory.fold_ ? *memory.fold_ : fresh;
  for (std::size_t s = 1; s < entries().size(); ++s) {
    const Entry &entry = entries()[s], &before = entries()[s - 1];
    const auto takes = [&](const Entry& other) {
      return other.in.value == s || std::ranges::any_of(other.others, [&](const Input& one) { return one.value == s; });
    };
    if (!entry.step || !before.step || entry.count > 1 || entry.in.value != s || std::ranges::count_if(entries(), takes) != 1) continue;
    const std::size_t owner = before.layer;
    const LayerNode<T>& node = *layers()[owner].node;
    if (owner + 1 != entry.layer || !node.rescale(nullptr, nullptr, nullptr, nullptr) ||
        !layers()[entry.layer].node->as_scale(p.of_layers()[entry.layer], fold.scale, fold.offset))
      continue;
    fold.left_out.resize(entries().size());
    fold.parameters.resize(layers().size());
    fold.left_out[s] = true;
    if (!fold.parameters[owner]) fold.parameters[owner] = p.layers()[owner]->copy();
    node.rescale(p.of_layers()[owner], fold.scale.data(), fold.offset.data(), fold.parameters[owner]->get());
  }
  if (!fresh.left_out.empty()) memory.fold_ = std::make_shared<Fold>(std::move(fresh));
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
  bool any = false;
  for (std::size_t s = 0; s < entries().size(); ++s)
    any = (entries()[s].step && entries()[s].step->share_packed(*from.steps_[s].own, *to.steps_[s].own)) || any;
  return any;
}

template <typename T>
[[gnu::cold]] void Lowering<T>::enter(std::size_t i, std::uint64_t draw, std::string_view name) {
  places_.push_back(i);
  names_.push_back(name.empty() ? std::to_string(i) : std::string(name));
  draw_.push_back(draw);
}

template <typename T>
[[gnu::cold]] void Lowering<T>::leave() {
  places_.pop_back();
  names_.pop_back();
  draw_.pop_back();
}

template <typename T>
[[gnu::cold]] std::vector<Index> Lowering<T>::made_by(const LayerNode<T>& node) const {
  try {
    return node.output_extents(at_);
  } catch (const ShapeError& error) {
    throw ShapeError(place_text(places_) + error.what());
  }
}

template <typename T>
[[gnu::cold]] void Lowering<T>::push(std::unique_ptr<const LayerNode<T>> node, std::vector<Index> out,
                                     std::vector<std::size_t> inputs, Value value) {
  std::string path;
  for (const std::string& name : names_) path.append(path.empty() ? "" : ".").append(name);
  layers_.push_back({std::move(node), places_, std::move(path), at_, out, std::move(inputs)});
  values_.push_back(value);
  at_ = std::move(out);
}

template <typename T>
[[gnu::cold]] bool Lowering<T>::run(std::unique_ptr<const Step<T>> step, std::size_t count, std::size_t owner) {
  const bool draws = step->draws();
  const std::size_t first = layers_.size() - count;
  entries_.push_back({std::move(step), Merge::none, {values_[first].of_program}, {}, first, count, first + owner, place_text(places_),
                      draws ? draw_ : std::vector<std::uint64_t>{}});
  values_.back().of_program = entries_.size();
  return draws;
}

template <typename T>
template <typename L>
[[gnu::cold]] void Lowering<T>::merge(const L& listed) {
  const std::size_t place = layers_.size();
  std::vector<Value> values;
  std::vector<Index> out;
  try {
    check_backs(L::name, listed.backs(), place);
    std::vector<std::span<const Index>> extents;
    for (const Index back : listed.backs()) {
      const std::size_t from = place - static_cast<std::size_t>(back);
      values.push_back(values_[from]);
      extents.push_back(extents_of(from));
      if (values.back().of_program == inside)
        throw ShapeError(str_cat(L::name, ": expects to take the input of a layer that begins a step"));
    }
    if (L::merge != Merge::from) {
      values.push_back(values_.back());
      extents.push_back(at_);
    }
    out = merged_extents(L::merge, extents);
  } catch (const ShapeError& error) {
    throw ShapeError(place_text(places_) + error.what());
  }
  std::vector<std::size_t> inputs;
  for (const Value& value : values) inputs.push_back(value.layer);
  auto node = std::make_unique<MergeNode<T, L>>(listed, static_cast<int>(at_.size()));
  if (L::merge == Merge::from) return push(std::move(node), std::move(out), std::move(inputs), values[0]);
  push(std::move(node), std::move(out), std::move(inputs), {place + 1, entries_.size() + 1});
  entries_.push_back({nullptr, L::merge, {values.back().of_program}, {}, place, 1, place, place_text(places_), {}});
  values.pop_back();
  for (const Value& value : values) entries_.back().others.push_back({value.of_program});
}

template <typename T>
[[gnu::cold]] Program<T> Lowering<T>::program() {
  if (entries_.empty()) throw ShapeError("expects a network that computes something, but it has no layer that does");
  std::vector<unsigned char> taken(entries_.size() + 1, 0);
  const auto take = [&](typename Program<T>::Input& input) {
    input.shares = taken[input.value] != 0;
    taken[input.value] = 1;
  };
  for (std::size_t s = entries_.size(); s-- > 0;) {  // as gradients are given
    const bool is_output = values_.back().of_program == s + 1;
    const auto& entry = entries_[s];
    if (is_output != (s + 1 == entries_.size()) || (!is_output && taken[s + 1] == 0))
      throw ShapeError(str_cat(entry.place, layers_[entry.first + entry.count - 1].node->name(),
                               is_output ? ": expects to be the last one, as its output is the network's; put layers that others do not need before it"
                                         : ": expects a layer that takes its output, but there is none; take it out, or merge its branch"));
    take(entries_[s].in);
    for (auto& input : entries_[s].others) take(input);
  }
  return Program<T>(std::move(layers_), std::move(entries_));
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
