#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
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

/// Two sets in MNIST's format.
struct MnistFormat {
  const char* reader;                      // the function that reads them, for errors
  const char* source;                      // how to get the files
  std::string prefix = "", test = "t10k";  // of the names of files: <prefix>train-images-idx3-ubyte, <prefix><test>-…
  std::vector<std::string> class_names;
  std::uint8_t first_label = 0;  // of the first class, in the files
  bool transposed = false;       // images are stored column by column
};

using ReadFile = FunctionRef<std::vector<std::byte>(const std::filesystem::path&)>;

/// Reads both sets. Throws DataError, which names the missing or damaged file.
Mnist read_mnist(const std::filesystem::path& directory, const MnistFormat& format, ReadFile read);

/// Returns the format of MNIST itself.
MnistFormat mnist_format();

void write_mnist(const std::filesystem::path& directory, const std::string& set, const Dataset<3>& digits);

}  // namespace detail

/// Reads MNIST, or another set in its format, from a directory with its four IDX files. Names may be spelled with a dot
/// (train-images.idx3-ubyte). Throws DataError, which says how to get the files if one is missing, or names a damaged
/// one. `read` turns a path into bytes: with Gunzip{} of lamina/data/gzip.hpp the files may be compressed (.gz).
///
///   const auto [train, test] = mnist("data/mnist");
Mnist mnist(const std::filesystem::path& directory);
template <typename Read>
Mnist mnist(const std::filesystem::path& directory, Read read) {
  return detail::read_mnist(directory, detail::mnist_format(), read);
}

/// Writes two sets of digits as MNIST's four files; creates the directory if it does not exist. Throws DataError unless
/// both hold images (28, 28, 1) of bytes with labels 0 … 9, and if a file cannot be written.
void write_mnist(const std::filesystem::path& directory, const Dataset<3>& train, const Dataset<3>& test);

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/mnist.ipp"
#endif
