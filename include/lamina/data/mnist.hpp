#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include "../core/function_ref.hpp"
#include "dataset.hpp"

namespace LAMINA_NAMESPACE {

/// Two sets of handwritten digits 0 … 9: images (28, 28, 1) of bytes. LeCun, Cortes, Burges, "The MNIST database of
/// handwritten digits".
struct Mnist {
  Dataset<3> train;
  Dataset<3> test;
};

namespace detail {

struct MnistNames {
  const char* images;
  const char* labels;
};
inline constexpr MnistNames mnist_train{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
inline constexpr MnistNames mnist_test{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/// Returns the file of this name, or spelled with a dot (train-images.idx3-ubyte), or either with .gz. Throws DataError.
std::filesystem::path find_mnist(const std::filesystem::path& directory, const std::string& name);

using ReadFile = FunctionRef<std::vector<std::byte>(const std::filesystem::path&)>;

Dataset<3> read_mnist(const std::filesystem::path& directory, const MnistNames& names, ReadFile read);

void write_mnist(const std::filesystem::path& directory, const MnistNames& names, const Dataset<3>& digits);

}  // namespace detail

/// Reads MNIST, or another set in its format, from a directory with its four IDX files. Names may be spelled with a dot
/// (train-images.idx3-ubyte). Throws DataError, which says how to get the files if one is missing, or names a damaged
/// one. `read` turns a path into bytes: with Gunzip{} of lamina/data/gzip.hpp the files may be compressed (.gz).
///
///   const auto [train, test] = mnist("data/mnist");
Mnist mnist(const std::filesystem::path& directory);
template <typename Read>
Mnist mnist(const std::filesystem::path& directory, Read read) {
  return {detail::read_mnist(directory, detail::mnist_train, read),
          detail::read_mnist(directory, detail::mnist_test, read)};
}

/// Writes two sets of digits as MNIST's four files; creates the directory if it does not exist. Throws DataError unless
/// both hold images (28, 28, 1) of bytes with labels 0 … 9, and if a file cannot be written.
void write_mnist(const std::filesystem::path& directory, const Dataset<3>& train, const Dataset<3>& test);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/mnist.ipp"
#endif
