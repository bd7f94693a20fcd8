#pragma once

#include "../merge.hpp"

#include <algorithm>
#include <utility>

namespace LAMINA_NAMESPACE::detail {

/// Gives y the extents of x, and returns y's memory.
template <typename T>
T* reshape_like(TensorRef<T> x, TensorSlot<T> y) {
  return x.visit([&]<int Rank>(const Tensor<T, Rank>& like) {
    Tensor<T, Rank>& own = *y.template as<Rank>();
    reshape(own, shape(like));
    return own.data();
  });
}

/// Calls visit(index of its first channel in the images, index of its first channel in the gate, C, whether it is the first of
/// its image) for every pixel.
template <typename T, typename Visitor>
void for_each_pixel(TensorRef<T> images, const Visitor& visit) {
  const auto extents = images.extents();
  const Index N = extents[0], M = extents[1] * extents[2], C = extents[3];
  for (Index n = 0; n < N; ++n)
    for (Index m = 0; m < M; ++m) visit((n * M + m) * C, n * C, C, m == 0);
}

template <typename T>
void merge_forward(Merge merge, std::span<const TensorRef<T>> values, TensorSlot<T> y, ThreadPool* thread_pool) {
  TensorRef<T> a = values[0];
  for (const TensorRef<T>& b : values.subspan(1)) {
    Index made[largest_rank] = {};
    merge_extents(merge, a.extents(), b.extents(), made);  // throws if they do not match
  }
  if (merge == Merge::concat) {
    Index C = a.extents().back(), at = 0;
    for (const TensorRef<T>& b : values.subspan(1)) C += b.extents().back();
    T* const out = a.visit([&]<int Rank>(const Tensor<T, Rank>& x) {
      Shape<Rank> extents = shape(x);
      extents[Rank - 1] = C;
      Tensor<T, Rank>& all = *y.template as<Rank>();
      reshape(all, extents);
      return all.data();
    });
    for (const TensorRef<T>& value : values) {
      const Index own = value.extents().back(), M = own > 0 ? value.size() / own : 0;
      const T* const from = value.data();
      for (Index m = 0; m < M; ++m) std::copy_n(from + m * own, own, out + m * C + at);
      at += own;
    }
    return;
  }
  TensorRef<T> b = values[1];
  const bool same = std::ranges::equal(a.extents(), b.extents());
  if (!same && is_gate(a.extents(), b.extents())) std::swap(a, b);
  T* const out = reshape_like(a, y);
  const T *const x = a.data(), *const other = b.data();
  if (!same)
    for_each_pixel(a, [&](Index place, Index gate, Index C, bool) {
      for (Index c = 0; c < C; ++c) out[place + c] = x[place + c] * other[gate + c];
    });
  else if (merge == Merge::mul)
    for (Index i = 0, n = a.size(); i < n; ++i) out[i] = x[i] * other[i];
  else
    share_range(thread_pool, a.size(), a.size(), [&](Index first, Index last) {
      for (Index i = first; i < last; ++i) out[i] = x[i] + other[i];
    });
}

template <typename T>
void merge_backward(Merge merge, std::span<const TensorRef<T>> values, std::size_t i, TensorRef<T> dy, TensorSlot<T> dx,
                    bool adds, ThreadPool* thread_pool) {
  if (!dx) return;
  if (merge == Merge::add) return pass_on(dy, dx, adds, thread_pool);
  const TensorRef<T> own = values[i];
  T* const to = adds ? own.visit([&]<int Rank>(const Tensor<T, Rank>&) { return dx.template as<Rank>()->data(); })
                     : reshape_like(own, dx);
  const auto give = [&](Index place, T part) { to[place] = adds ? to[place] + part : part; };
  const T* const from = dy.data();
  if (merge == Merge::concat) {
    Index C = dy.extents().back(), at = 0;
    for (std::size_t j = 0; j < i; ++j) at += values[j].extents().back();
    const Index mine = own.extents().back(), M = mine > 0 ? own.size() / mine : 0;
    for (Index m = 0; m < M; ++m)
      for (Index c = 0; c < mine; ++c) give(m * mine + c, from[m * C + at + c]);
    return;
  }
  const TensorRef<T> other = values[1 - i];
  const T* const factor = other.data();
  if (std::ranges::equal(own.extents(), other.extents())) {
    for (Index j = 0, n = own.size(); j < n; ++j) give(j, from[j] * factor[j]);
  } else if (is_gate(other.extents(), own.extents())) {
    for_each_pixel(own, [&](Index place, Index gate, Index C, bool) {
      for (Index c = 0; c < C; ++c) give(place + c, from[place + c] * factor[gate + c]);
    });
  } else {
    for_each_pixel(other, [&](Index place, Index gate, Index C, bool first) {
      for (Index c = 0; c < C; ++c) {
        const T part = from[place + c] * factor[place + c];
        to[gate + c] = first && !adds ? part : to[gate + c] + part;
      }
    });
  }
}

template <typename T>
void pass_on(TensorRef<T> dy, TensorSlot<T> dx, bool adds, ThreadPool* thread_pool) {
  if (!dx) return;
  dy.visit([&]<int Rank>(const Tensor<T, Rank>& from) {
    Tensor<T, Rank>& to = *dx.template as<Rank>();
    if (!adds) reshape(to, shape(from));
    const T* const term = from.data();
    T* const sum = to.data();
    share_range(thread_pool, from.size(), from.size(), [&](Index first, Index last) {
      for (Index i = first; i < last; ++i) sum[i] = adds ? sum[i] + term[i] : term[i];
    });
  });
}

}  // namespace lamina::detail
