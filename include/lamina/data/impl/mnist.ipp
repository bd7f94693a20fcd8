#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "../../core/files.hpp"
#include "../idx.hpp"
#include "../mnist.hpp"

namespace LAMINA_NAMESPACE::detail {

inline constexpr const char *mnist_images = "-images-idx3-ubyte", *mnist_labels = "-labels-idx1-ubyte";

/// Returns the file of this name, or spelled with a dot (train-images.idx3-ubyte), or either with .gz. Throws
/// DataError.
LAMINA_FUNC std::filesystem::path find_mnist(const std::filesystem::path& directory, const MnistFormat& format,
                                             const std::string& name) {
  std::string dotted = name;
  dotted[dotted.find("-idx")] = '.';
  std::error_code trouble;
  for (const char* suffix : {"", ".gz"})
    for (const std::string& spelling : {name, dotted})
      if (std::filesystem::exists(directory / (spelling + suffix), trouble)) return directory / (spelling + suffix);
  throw DataError(str_cat(format.reader, ": ", printable(directory.string()), " has no ", name,
                          "; expects the four files ", format.prefix, "train", mnist_images, ", ", format.prefix,
                          "train", mnist_labels, ", ", format.prefix, format.test, mnist_images, " and ", format.prefix,
                          format.test, mnist_labels, " there: ", format.source));
}

LAMINA_FUNC Dataset<3> read_mnist_set(const std::filesystem::path& directory, const MnistFormat& format,
                                      const std::string& set, ReadFile read) {
  const std::filesystem::path image_path = find_mnist(directory, format, format.prefix + set + mnist_images),
                              label_path = find_mnist(directory, format, format.prefix + set + mnist_labels);
  const std::vector<std::byte> label_bytes = read(label_path);
  const Idx labels = parse_idx(label_bytes, printable(label_path.string()));
  labels.check(IdxType::u8, 1);
  const std::vector<std::byte> bytes = read(image_path);
  const Idx images = parse_idx(bytes, printable(image_path.string()));
  const Index N = images.extents[0];
  if (images.type != IdxType::u8 || images.extents != std::vector<Index>{N, 28, 28})
    throw DataError(str_cat(images.name, ": expects images of 28 × 28 bytes"));
  if (labels.extents[0] != N)
    throw DataError(str_cat(printable(label_path.string()), ": expects a label for each of the ", N, " images of ",
                            images.name, " but got ", labels.extents[0]));
  std::vector<std::int32_t> numbers;
  for (const std::byte label : labels.values)
    numbers.push_back(std::to_integer<std::int32_t>(label) - format.first_label);
  check_labels(printable(label_path.string()), numbers, std::ssize(format.class_names));
  Tensor<std::uint8_t, 4> pixels(N, 28, 28, 1);
  if (N > 0) std::memcpy(pixels.data(), images.values.data(), images.values.size());
  for (Index n = 0; n < N && format.transposed; ++n)
    for (Index h = 0; h < 28; ++h)
      for (Index w = 0; w < h; ++w) std::swap(pixels(n, h, w, 0), pixels(n, w, h, 0));
  return Dataset(std::move(pixels), numbers, {.class_names = format.class_names});
}

LAMINA_FUNC Mnist read_mnist(const std::filesystem::path& directory, const MnistFormat& format, ReadFile read) {
  return {read_mnist_set(directory, format, "train", read), read_mnist_set(directory, format, format.test, read)};
}

LAMINA_FUNC MnistFormat mnist_format() {
  return {.reader = "mnist",
          .source =
              "`sh examples/mnist.sh` fetches them, torchvision keeps them in MNIST/raw, and"
              " draw_digits of lamina/data/drawn_digits.hpp needs no files",
          .class_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}};
}

LAMINA_FUNC void write_mnist(const std::filesystem::path& directory, const std::string& set, const Dataset<3>& digits) {
  const Index N = digits.size();
  if (digits.sample_shape() != Shape{28, 28, 1} || !digits.holds_bytes() || !digits.has_labels() ||
      digits.classes() > 10)
    throw DataError("write_mnist: expects images (28, 28, 1) of bytes with labels 0 … 9");
  std::vector<std::byte> images = idx_header(IdxType::u8, std::array<Index, 3>{N, 28, 28});
  const std::size_t header = images.size();
  const Index n = digits.sample_shape().size();
  images.resize(header + static_cast<std::size_t>(N * n));
  auto* const pixels = reinterpret_cast<std::uint8_t*>(images.data() + header);
  for (Index i = 0; i < N; ++i) digits.read_stored(i, pixels + i * n);
  std::vector<std::byte> labels = idx_header(IdxType::u8, std::array<Index, 1>{N});
  for (const std::int32_t label : digits.labels()) labels.push_back(static_cast<std::byte>(label));
  write_file(directory / (set + mnist_images), images);
  write_file(directory / (set + mnist_labels), labels);
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Mnist mnist(const std::filesystem::path& directory) {
  return detail::read_mnist(directory, detail::mnist_format(),
                            [](const std::filesystem::path& path) { return detail::read_file(path); });
}

LAMINA_FUNC void write_mnist(const std::filesystem::path& directory, const Dataset<3>& train, const Dataset<3>& test) {
  std::error_code trouble;
  std::filesystem::create_directories(directory, trouble);  // if that fails, writing the first file reports it
  detail::write_mnist(directory, "train", train);
  detail::write_mnist(directory, "t10k", test);
}

}  // namespace LAMINA_NAMESPACE
