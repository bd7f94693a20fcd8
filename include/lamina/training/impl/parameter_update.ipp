#pragma once

#include "../parameter_update.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "../../kernels/instruction_sets.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns whether all numbers are finite; faster than all_finite. An exponent of all ones carries into the sign bit.
template <typename T>
bool quickly_finite(const T* x, Index size) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits sign = ~(~Bits{0} >> 1), rest = sign - std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
  Bits carried = 0;
  for (Index i = 0; i < size; ++i) carried |= (std::bit_cast<Bits>(x[i]) & ~sign) + rest;
  return (carried & sign) == 0;
}

template <typename T>
[[gnu::cold]] ParameterUpdate<T>::ParameterUpdate(const TensorViews<T>& p, const detail::OptimizerView<T>& optimizer, const std::optional<EMA>& average,
                std::span<const ParameterGroup> groups, const std::vector<Index>& group)
    : optimizer_(optimizer.copy()), count_(optimizer_->state_tensors()), average_(average), sizes_(p.sizes), changing_(p.sizes),
      trained_(p.sizes), rates_(p.sizes.size(), 1), groups_(p.sizes.size(), -1) {
  for (std::size_t tensor = 0; tensor < sizes_.size(); ++tensor)
    if (p.measured[tensor]) trained_[tensor] = 0;
  for (std::size_t tensor = 0; tensor < group.size(); ++tensor) {
    if (group[tensor] < 0) continue;
    const ParameterGroup& own = groups[static_cast<std::size_t>(group[tensor])];
    if (own.frozen) trained_[tensor] = changing_[tensor] = 0;
    rates_[tensor] = own.rate;
    if (own.weight_decay) groups_[tensor] = group[tensor];
  }
  for (const ParameterGroup& own : groups)
    decayed_.push_back(own.weight_decay ? optimizer.with_weight_decay(*own.weight_decay) : nullptr);
  Index room = 0;
  for (const Index size : sizes_) room += lines_of(size) * line;
  kernels::best<T>();  // throws for an unknown instruction set before the noexcept `update` needs it
  reshape(memories_, Shape<2>{{static_cast<Index>(rows()), room}});
  std::fill_n(memories_.data(), memories_.size(), T(0));
  const auto averages = this->average();
  for (std::size_t tensor = 0; tensor < averages.size(); ++tensor)
    std::copy_n(p.begins[tensor], sizes_[tensor], averages[tensor].begin());
}

template <typename T>
[[gnu::cold]] ParameterUpdate<T>::ParameterUpdate(const ParameterUpdate& other)
    : optimizer_(other.optimizer_->copy()), count_(other.count_), average_(other.average_), memories_(other.memories_),
      updates_(other.updates_), sizes_(other.sizes_), changing_(other.changing_), trained_(other.trained_),
      rates_(other.rates_), groups_(other.groups_) {
  for (const auto& optimizer : other.decayed_) decayed_.push_back(optimizer ? optimizer->copy() : nullptr);
}

template <typename T>
std::vector<std::span<T>> ParameterUpdate<T>::memory(std::size_t m) {
  std::vector<std::span<T>> tensors;
  T* begin = memory_of(m);
  for (const Index size : sizes_) {
    tensors.emplace_back(begin, static_cast<std::size_t>(size));
    begin += lines_of(size) * line;
  }
  return tensors;
}

template <typename T>
void ParameterUpdate<T>::swap_average(const TensorViews<T>& p) {
  if (!average_) return;
  T* average = memory_of(count_);
  for (std::size_t tensor = 0; tensor < sizes_.size(); ++tensor) {
    std::swap_ranges(p.begins[tensor], p.begins[tensor] + changing_[tensor], average);
    average += lines_of(sizes_[tensor]) * line;
  }
}

template <typename T>
void ParameterUpdate<T>::note_parameters(const TensorViews<T>& p) {
  theta_ = p.begins;
  sizes_ = p.sizes;
  ranks_ = p.ranks;
  memory_.resize(theta_.size() * rows());
  for (std::size_t m = 0; m < rows(); ++m) {
    T* begin = memory_of(m);
    for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor) {
      memory_[tensor * rows() + m] = begin;
      begin += lines_of(sizes_[tensor]) * line;
    }
  }
}

template <typename T>
void ParameterUpdate<T>::note_gradients(Index shards, FunctionRef<const TensorViews<T>&(Index shard)> gradient) {
  added_ = shards_ = static_cast<std::size_t>(shards);
  factor_ = 1;
  gradients_.resize(theta_.size() * shards_);
  for (std::size_t s = 0; s < shards_; ++s) {
    const TensorViews<T>& dp = gradient(static_cast<Index>(s));
    for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor)
      gradients_[tensor * shards_ + s] = dp.begins[tensor];
  }
}

template <typename T>
bool ParameterUpdate<T>::begins_finite(Index numbers) const {
  const auto lowest = std::find_if(trained_.begin(), trained_.end(), [](Index size) { return size > 0; });
  if (lowest == trained_.end()) return true;
  const T* const* gradients = gradients_.data() + static_cast<std::size_t>(lowest - trained_.begin()) * shards_;
  return std::all_of(gradients, gradients + shards_, [count = (std::min)(*lowest, numbers)](const T* gradient) {
    return detail::quickly_finite(gradient, count);
  });
}

template <typename T>
bool ParameterUpdate<T>::sum(ThreadPool& thread_pool, double scale, const GradientClipping& clip) {
  sum_.begin(gradients_, trained_, shards_, added_);
  const Index parts = parts_for(thread_pool);
  thread_pool.parallel_for(parts, [&](Index, Index part) { sum_.add(part, parts, scale, clip.value); });
  added_ = 1;
  const double norm = sum_.norm();
  if (clip.norm) factor_ = (std::min)(1.0, *clip.norm / (norm + 1e-6));
  return std::isfinite(norm) || all_summed_finite();
}

template <typename T>
void ParameterUpdate<T>::average_measured(std::size_t tensor, std::span<const double> shares) {
  const std::span<T*> shards = std::span(gradients_).subspan(tensor * shards_, shards_);
  for (Index i = 0; i < sizes_[tensor]; ++i) {
    double mean = 0;
    for (std::size_t s = 0; s < shards_; ++s) mean += shares[s] * static_cast<double>(shards[s][i]);
    shards[0][i] = static_cast<T>(mean);
  }
}

template <typename T>
bool ParameterUpdate<T>::step(ThreadPool& thread_pool, double rate, std::span<const std::size_t> buffers) {
  const Index parts = parts_for(thread_pool);
  finite_.resize(static_cast<std::size_t>(parts));
  const bool may_throw = optimizer_->may_throw();
  if (may_throw) save();
  ++updates_;
  bool finite = true;
  for (const std::size_t buffer : buffers) finite = keep_measured(buffer) && finite;
  try {
    thread_pool.parallel_for(parts, [&](Index, Index part) {
      finite_[static_cast<std::size_t>(part)] = move(part, parts, factor_, rate);
    });
  } catch (...) {
    if (may_throw) put_back();
    throw;
  }
  return finite && std::all_of(finite_.begin(), finite_.end(), [](unsigned char part) { return part != 0; });
}

template <typename T>
bool ParameterUpdate<T>::keep_measured(std::size_t tensor) {
  const std::span<const T> measured = summed(tensor);
  std::copy(measured.begin(), measured.end(), theta_[tensor]);
  return detail::all_finite(measured.data(), sizes_[tensor]);
}

template <typename T>
[[gnu::cold]] void ParameterUpdate<T>::save() {
  saved_.assign(memories_.data(), memories_.data() + memories_.size());
  for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor)
    saved_.insert(saved_.end(), theta_[tensor], theta_[tensor] + sizes_[tensor]);
}

template <typename T>
[[gnu::cold]] void ParameterUpdate<T>::put_back() {
  const T* from = saved_.data();
  std::copy_n(from, memories_.size(), memories_.data());
  from += memories_.size();
  for (std::size_t tensor = 0; tensor < theta_.size(); from += sizes_[tensor], ++tensor)
    std::copy_n(from, sizes_[tensor], theta_[tensor]);
  --updates_;
}

template <typename T>
[[gnu::cold]] bool ParameterUpdate<T>::all_summed_finite() {
  for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor)
    if (!detail::all_finite(summed(tensor).data(), trained_[tensor])) return false;
  return true;
}

template <typename T>
bool ParameterUpdate<T>::move(Index part, Index parts, double factor, double rate) const {
  bool finite = true;
  for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor) {
    const Index size = changing_[tensor], lines = lines_of(size);
    const ParameterSlice<T> slice{.theta = theta_[tensor],
                         .state = memory_.data() + tensor * rows(),
                         .gradients = {gradients_.data() + tensor * shards_, added_},
                         .begin = lines * part / parts * line,
                         .end = (std::min)(lines * (part + 1) / parts * line, size),
                         .step = updates_,
                         .bias = ranks_[tensor] == 1};
    if (trained_[tensor] == 0) {
      if (average_) follow(slice);
      continue;
    }
    if (factor != 1) {
      T* gradient = gradients_[tensor * shards_];
      for (Index i = slice.begin; i < slice.end; ++i) gradient[i] *= static_cast<T>(factor);
    }
    if (slice.begin < slice.end) finite = optimizer_of(tensor).update(slice, rate * rates_[tensor]) && finite;
    if (average_) follow(slice);
  }
  return finite;
}

template <typename T>
void ParameterUpdate<T>::follow(const ParameterSlice<T>& slice) const {
  T* const average = slice.state[count_];
  const T share = static_cast<T>(1 - average_->decay);
  if (updates_ == 1)
    std::copy(slice.theta + slice.begin, slice.theta + slice.end, average + slice.begin);
  else
    for (Index i = slice.begin; i < slice.end; ++i) average[i] += share * (slice.theta[i] - average[i]);
}

}  // namespace lamina::detail
