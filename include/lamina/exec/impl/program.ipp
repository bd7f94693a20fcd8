#pragma once

#include "../program.hpp"

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

template <typename T>
template <typename Run>
void Program<T>::run(TensorRef<T> x, Memory& memory, TensorSlot<T> y, const Run& run_step) const {
  make_ready(memory);
  const std::vector<Entry>& entries = *entries_;
  const Context context{memory.winograd, memory.crew, memory.draws, memory.first};
  const std::size_t last = entries.size() - 1;
  std::size_t s = 0;
  try {
    for (; s < entries.size(); ++s) {
      const Entry& entry = entries[s];
      auto& mine = memory.steps_[s];
      const TensorSlot<T> out = s == last ? y : mine.out;
      if (entry.draw.empty()) {
        run_step(s, *entry.step, x, *mine.own, out, context);
      } else {
        Context own = context;
        for (const std::uint64_t stream : entry.draw) own.draws = own.draws.split(stream);
        run_step(s, *entry.step, x, *mine.own, out, own);
      }
      x = mine.in;
    }
  } catch (const ShapeError& error) {
    throw ShapeError(entries[s].place + error.what());
  }
}

template <typename T>
void Program<T>::forward(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const {
  run(x, memory, y,
      [&](std::size_t s, const Step<T>& step, TensorRef<T> in, StepMemory& own, TensorSlot<T> out, const Context& context) {
        step.forward(p[s], in, own, out, context);
      });
}

template <typename T>
void Program<T>::infer(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const {
  run(x, memory, y,
      [&](std::size_t s, const Step<T>& step, TensorRef<T> in, StepMemory& own, TensorSlot<T> out, const Context& context) {
        step.infer(p[s], in, own, out, context);
      });
}

template <typename T>
void Program<T>::backward(std::span<void* const> p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, Memory& memory,
                          TensorSlot<T> dx, std::span<void* const> dp) const {
  for (std::size_t s = entries_->size(); s-- > 0;) {
    auto& mine = memory.steps_[s];
    const bool last = s + 1 == entries_->size();
    const TensorRef<T> in = s == 0 ? x : memory.steps_[s - 1].in;
    const TensorSlot<T> din = s == 0 ? dx : memory.steps_[s - 1].dy.slot(in.rank());
    (*entries_)[s].step->backward(p[s], in, last ? y : mine.in, last ? dy : mine.dy.read(), *mine.own, din, dp[s]);
  }
}

template <typename T>
void Program<T>::make_ready(Memory& memory) const {
  if (memory.entries_ != entries_) make(memory);
}

template <typename T>
[[gnu::cold]] void Program<T>::make(Memory& memory) const {
  memory.steps_.clear();
  memory.steps_.resize(entries_->size());
  for (std::size_t s = 0; s < entries_->size(); ++s) {
    const Step<T>& step = *(*entries_)[s].step;
    auto& mine = memory.steps_[s];
    mine.own = step.memory();
    step.make_ready(*mine.own);
    mine.out = mine.y.slot(step.output_rank());
    mine.in = mine.y.read();
  }
  memory.entries_ = entries_;
}

template <typename T>
void Program<T>::prepare(std::span<void* const> p, Memory& memory, Turns& turns) const {
  for (std::size_t s = 0; s < entries_->size(); ++s)
    (*entries_)[s].step->prepare(p[s], *memory.steps_[s].own, turns, {.winograd = memory.winograd});
}

template <typename T>
bool Program<T>::share_prepared(const Memory& from, Memory& to) const {
  make_ready(to);
  bool any = false;
  for (std::size_t s = 0; s < entries_->size(); ++s)
    any = (*entries_)[s].step->share_prepared(*from.steps_[s].own, *to.steps_[s].own) || any;
  return any;
}

template <typename T>
[[gnu::cold]] void Lowering<T>::enter(std::size_t i, std::uint64_t draw) {
  places_.push_back(i);
  draw_.push_back(draw);
}

template <typename T>
[[gnu::cold]] void Lowering<T>::leave() {
  places_.pop_back();
  draw_.pop_back();
}

template <typename T>
[[gnu::cold]] void Lowering<T>::push(std::unique_ptr<const Step<T>> step) {
  std::string place;
  for (const std::size_t i : places_) place += "layer " + std::to_string(i) + ": ";
  auto draw = step->draws() ? draw_ : std::vector<std::uint64_t>{};
  entries_.push_back({std::move(step), std::move(place), std::move(draw)});
}

}  // namespace lamina::detail
