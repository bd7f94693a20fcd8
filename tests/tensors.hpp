#pragma once

// What the tests of layers, losses and models share: tensors made of lists and of draws, and how far two of them differ.

#include <lamina/core/random.hpp>
#include <lamina/core/tensor.hpp>

#include <cstring>
#include <initializer_list>

/// The numbers of a list, in memory order. Throws when the list is not as long as the shape wants.
template <typename T = double, int Rank>
lamina::Tensor<T, Rank> tensor(const lamina::Shape<Rank>& shape, std::initializer_list<double> numbers) {
  if (shape.size() != std::ssize(numbers)) throw lamina::ShapeError("tensor: the list has another length");
  lamina::Tensor<T, Rank> x;
  lamina::reshape(x, shape);
  std::transform(numbers.begin(), numbers.end(), x.data(), [](double number) { return static_cast<T>(number); });
  return x;
}

/// Standard-normal numbers that float holds exactly, so that double and float start from the same.
template <typename T = double, int Rank>
lamina::Tensor<T, Rank> drawn(const lamina::Shape<Rank>& shape, lamina::Rng rng) {
  lamina::Tensor<T, Rank> x;
  lamina::reshape(x, shape);
  for (lamina::Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(static_cast<float>(rng.normal()));
  return x;
}

/// Whether two tensors have one shape and the same bits.
template <typename T, int Rank>
bool same_bits(const lamina::Tensor<T, Rank>& a, const lamina::Tensor<T, Rank>& b) {
  return lamina::shape(a) == lamina::shape(b) &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), sizeof(T) * static_cast<std::size_t>(a.size())) == 0);
}

/// The largest |a − b|; infinite where shapes differ or a number is not one.
template <typename T, typename U, int Rank>
double distance(const lamina::Tensor<T, Rank>& a, const lamina::Tensor<U, Rank>& b) {
  constexpr double far = std::numeric_limits<double>::infinity();
  if (lamina::shape(a) != lamina::shape(b)) return far;
  double most = 0;
  for (lamina::Index i = 0; i < a.size(); ++i) {
    const double apart = std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]));
    if (!(apart <= most)) most = std::isnan(apart) ? far : apart;
  }
  return most;
}

/// The largest |x|.
template <typename T, int Rank>
double largest(const lamina::Tensor<T, Rank>& x) {
  double most = 0;
  for (lamina::Index i = 0; i < x.size(); ++i) most = std::max(most, std::abs(static_cast<double>(x.data()[i])));
  return most;
}
