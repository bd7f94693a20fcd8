#pragma once

#include <filesystem>
#include <string>

#include "mnist.hpp"

// Sets of other images in MNIST's format.
namespace LAMINA_NAMESPACE {

namespace detail {

MnistFormat fashion_mnist_format();

}  // namespace detail

/// Reads Fashion-MNIST from a directory with its four files, which have the names of MNIST's: pictures of clothes (28,
/// 28, 1) in ten classes. Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine
/// learning algorithms", 2017. Names may be spelled with a dot. Throws DataError. `read` is as in `mnist`.
///
///   const auto [train, test] = fashion_mnist("/usr/share/datasets/fashion-mnist", Gunzip{});
Mnist fashion_mnist(const std::filesystem::path& directory);
template <typename Read>
Mnist fashion_mnist(const std::filesystem::path& directory, Read read) {
  return detail::read_mnist(directory, detail::fashion_mnist_format(), read);
}

/// The parts of EMNIST: all 62 digits and letters; 47 in which small letters that look like their capitals count as
/// these, all samples (by_merge) or as many of each (balanced); the 26 letters, small and capital as one; the ten
/// digits, twice.
enum class EmnistSplit : unsigned char { by_class, by_merge, balanced, letters, digits, mnist };

namespace detail {

MnistFormat emnist_format(EmnistSplit split);

}  // namespace detail

/// Reads a part of EMNIST from a directory with its four files, such as emnist-letters-train-images-idx3-ubyte:
/// handwritten digits and letters (28, 28, 1). Cohen, Afshar, Tapson, van Schaik, "EMNIST: an extension of MNIST to
/// handwritten letters", 2017. The files hold images column by column, and the letters' classes from 1: here images are
/// upright and classes begin with 0. Names may be spelled with a dot. Throws DataError. `read` is as in `mnist`.
///
///   const auto [train, test] = emnist("gzip", EmnistSplit::letters, Gunzip{});
Mnist emnist(const std::filesystem::path& directory, EmnistSplit split);
template <typename Read>
Mnist emnist(const std::filesystem::path& directory, EmnistSplit split, Read read) {
  return detail::read_mnist(directory, detail::emnist_format(split), read);
}

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/emnist.ipp"
#endif
