#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "../core/tensor.hpp"
#include "../training/process_group.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The numbers of a gradient, cut into buckets, on their way through the sum over all ranks. A bucket is cut into slices,
/// one per rank. Every rank sends its terms of slice d to rank d, which adds up the terms of all ranks in their order and
/// sends the sum to all. With n ranks of one term each, a rank sends (n − 1)/n of the gradient twice: the least there is.
///
///   sum[i] = ((term₀[i] + term₁[i]) + term₂[i]) + …          for gradients
///   mean[i] = Σ_t share_t·term_t[i]                          for buffers, in double
///
/// A term is the sum over a rank's shards or, if the bits are to be those of one process, each of its shards.
template <typename T>
class GradientBuckets {
 public:
  /// Begins a sum with buckets of so many numbers. Allocates only for more numbers than ever before.
  void begin(const GradientTerms<T>& gradient, const ProcessGroup& group, bool by_shard, Index bucket);

  Index buckets() const { return (total_ + bucket_ - 1) / bucket_; }

  /// Returns how many numbers a slice of bucket b has. The last slices end in numbers without a meaning.
  Index slice(Index b) const { return (std::min)(bucket_, (total_ - b * bucket_ + ranks_ - 1) / ranks_ * ranks_) / ranks_; }

  /// Returns how many terms a rank has.
  Index terms(Index rank) const { return terms_[static_cast<std::size_t>(rank)]; }

  /// Writes this rank's terms of bucket b to `sent`: for each rank the terms of its slice, one after another.
  void pack(Index b, ThreadPool& thread_pool);

  /// Adds up the terms of this rank's slice in `received`, those of one rank after those of another, and its own in `sent`,
  /// and writes the sum to its place in `sum`.
  void add(Index b, ThreadPool& thread_pool);

  /// Tells every tensor where its sum is.
  void tell_sums();

  T* sent(Index b) { return sent_.data() + b * bucket_ * terms(rank_); }
  /// Returns the place for the terms of the other ranks.
  T* received(Index b) { return received_.data() + b * (bucket_ / ranks_) * all_terms(); }
  T* sum(Index b) { return sums_.data() + b * bucket_; }

 private:
  using Tensor = typename GradientTerms<T>::Tensor;

  static constexpr Index line = 64 / sizeof(T);  // numbers; tensors begin at cache lines

  /// A tensor and the position of its first number among all.
  struct Place {
    Tensor* tensor;
    Index first;
    bool measured;
  };

  Index all_terms() const { return std::ssize(shares_); }

  /// Calls visit(place, offset in the tensor, offset in the range, length) for each piece of a tensor in a range of
  /// positions in bucket b.
  template <typename Visit>
  void each_piece(Index b, Index first, Index count, const Visit& visit) const {
    first += b * bucket_;
    const Index last = (std::min)({first + count, total_, (b + 1) * bucket_});
    auto place = std::upper_bound(places_.begin(), places_.end(), first, [](Index at, const Place& p) { return at < p.first; });
    for (Index at = first; at < last; ++place) {
      const Place& here = place[-1];
      const Index length = (std::min)(here.first + here.tensor->size, last) - at;
      if (length > 0) visit(here, at - here.first, at - first, length);
      at = place == places_.end() ? last : (std::max)(place->first, at);
    }
  }

  /// Adds up as many terms as there are shares; term(t) is the place of a term.
  template <typename Term>
  static void add_terms(bool measured, std::span<const double> shares, const Term& term, Index count, T* to) {
    if (measured) {
      for (Index i = 0; i < count; ++i) {
        double mean = 0;
        for (std::size_t t = 0; t < shares.size(); ++t) mean += shares[t] * static_cast<double>(term(t)[i]);
        to[i] = static_cast<T>(mean);
      }
      return;
    }
    std::copy_n(term(0), count, to);
    for (std::size_t t = 1; t < shares.size(); ++t) {
      const T* const more = term(t);
      for (Index i = 0; i < count; ++i) to[i] += more[i];
    }
  }

  bool by_shard_ = false;
  Index rank_ = 0, ranks_ = 1, bucket_ = 1, total_ = 0;
  Index first_term_ = 0;  // of this rank, among all
  std::vector<Place> places_;
  std::vector<Index> terms_;         // per rank
  std::vector<double> shares_, own_shares_;  // of the samples: of every term; of each own shard among this rank's
  lamina::Tensor<T, 1> sent_, received_, sums_;  // aligned
};

}  // namespace lamina::detail

#include "impl/gradient_buckets.ipp"
