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
    for (const Tensor& tensor : measured ? gradient.measured : gradient.trained) {
      places_.push_back({&tensor, total_, measured});
      total_ += tensor.size;
    }
  bucket_ = (std::max)((std::min)(bucket, total_), Index{1});
  padded_ = (bucket_ + ranks_ - 1) / ranks_ * ranks_;

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
    for (Index t = 0; t < terms; ++t)
      shares_.push_back(by_shard ? samples(shards.first + t, shards.first + t + 1) : samples(shards.first, shards.last));
    for (Index s = shards.first; s < shards.last && r == rank_; ++s)
      own_shares_.push_back(samples(s, s + 1) / samples(shards.first, shards.last));
  }
  const auto make_room = [](std::vector<T>& numbers, Index size) {
    if (std::ssize(numbers) < size) numbers.resize(static_cast<std::size_t>(size));
  };
  make_room(sent_, buckets() * padded_ * terms(rank_));
  make_room(received_, buckets() * (padded_ / ranks_) * all_terms());
  make_room(sums_, buckets() * padded_);
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
      const auto term = [&](std::size_t t) { return received(b) + static_cast<Index>(t) * numbers + first + at; };
      add_terms(place.measured, shares_, term, length, own_sum(b) + first + at);
    });
  });
}

template <typename T>
void GradientBuckets<T>::unpack(Index b, ThreadPool& thread_pool) const {
  const Index numbers = slice(b);
  thread_pool.parallel_for(ranks_, [&](Index, Index d) {
    const T* const from = sums_.data() + b * padded_ + d * numbers;
    each_piece(b, d * numbers, numbers, [&](const Place& place, Index in_tensor, Index at, Index length) {
      std::copy_n(from + at, length, place.tensor->sum + in_tensor);
    });
  });
}

}  // namespace lamina::detail
