#pragma once

#include "../gradient_buckets.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename T>
void GradientBuckets<T>::begin(const GradientTerms<T>& gradient, const ProcessGroup& group, bool by_shard, Index bucket) {
  by_shard_ = by_shard;
  rank_ = group.rank();
  ranks_ = group.size();
  places_.clear();
  total_ = 0;
  for (const bool measured : {false, true})
    for (Tensor& tensor : measured ? gradient.measured : gradient.trained) {
      places_.push_back({&tensor, total_, measured});
      total_ += (tensor.size + line - 1) / line * line;
    }
  const Index unit = ranks_ * line;
  bucket_ = ((std::min)((std::max)(bucket, Index{1}), (std::max)(total_, Index{1})) + unit - 1) / unit * unit;

  const auto samples = [&](Index first, Index last) {  // of these shards, as a share of the batch
    const Index N = gradient.batch_size, S = gradient.shards;
    return static_cast<double>(N * last / S - N * first / S) / static_cast<double>(N);
  };
  terms_.clear();
  shares_.clear();
  own_shares_.clear();
  for (Index r = 0; r < ranks_; ++r) {
    const PartRange shards{gradient.shards * r / ranks_, gradient.shards * (r + 1) / ranks_};
    const Index terms = by_shard ? shards.size() : (std::min)(shards.size(), Index{1});
    terms_.push_back(terms);
    if (r == rank_) first_term_ = all_terms();
    for (Index t = 0; t < terms; ++t)
      shares_.push_back(by_shard ? samples(shards.first + t, shards.first + t + 1) : samples(shards.first, shards.last));
    for (Index s = shards.first; s < shards.last && r == rank_; ++s)
      own_shares_.push_back(samples(s, s + 1) / samples(shards.first, shards.last));
  }
  const auto make_room = [](lamina::Tensor<T, 1>& numbers, Index size) {
    if (numbers.size() >= size) return;
    reshape(numbers, Shape<1>{{size}});
    numbers.setZero();  // between tensors, too, where nothing is written
  };
  make_room(sent_, buckets() * bucket_ * terms(rank_));
  make_room(received_, buckets() * (bucket_ / ranks_) * all_terms());
  make_room(sums_, buckets() * bucket_);
}

template <typename T>
void GradientBuckets<T>::pack(Index b, ThreadPool& thread_pool) {
  const Index numbers = slice(b), own = terms(rank_);
  if (own == 0) return;
  thread_pool.parallel_for(ranks_, [&](Index, Index d) {
    T* const to = sent(b) + d * own * numbers;
    each_piece(b, d * numbers, numbers, [&](const Place& place, Index in_tensor, Index at, Index length) {
      const auto term = [&](std::size_t t) { return place.tensor->terms[t] + in_tensor; };
      if (!by_shard_) return add_terms(place.measured, own_shares_, term, length, to + at);
      for (Index t = 0; t < own; ++t) std::copy_n(term(static_cast<std::size_t>(t)), length, to + t * numbers + at);
    });
  });
}

template <typename T>
void GradientBuckets<T>::add(Index b, ThreadPool& thread_pool) {
  const Index numbers = slice(b), workers = thread_pool.size();
  thread_pool.parallel_for(workers, [&](Index, Index part) {
    const Index first = numbers * part / workers, last = numbers * (part + 1) / workers;
    each_piece(b, rank_ * numbers + first, last - first, [&](const Place& place, Index, Index at, Index length) {
      // The terms of lower ranks, of this one, of higher ones.
      const auto lower = static_cast<std::size_t>(first_term_), own = static_cast<std::size_t>(terms(rank_));
      const auto term = [&](std::size_t t) {
        const bool is_own = t >= lower && t < lower + own;
        return (is_own ? sent(b) + (rank_ * terms(rank_) + static_cast<Index>(t - lower)) * numbers
                       : received(b) + static_cast<Index>(t < lower ? t : t - own) * numbers) + first + at;
      };
      add_terms(place.measured, shares_, term, length, sum(b) + rank_ * numbers + first + at);
    });
  });
}

template <typename T>
void GradientBuckets<T>::tell_sums() {
  for (const Place& place : places_) place.tensor->sum = sums_.data() + place.first;
}

}  // namespace lamina::detail
