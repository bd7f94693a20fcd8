#pragma once

#include "../mnist.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "../../core/files.hpp"
#include "../idx.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::filesystem::path find_mnist(const std::filesystem::path& directory, const std::string& name) {
  std::string dotted = name;
  dotted[dotted.find("-idx")] = '.';
  std::error_code trouble;
  for (const char* suffix : {"", ".gz"})
    for (const std::string& spelling : {name, dotted})
      if (std::filesystem::exists(directory / (spelling + suffix), trouble)) return directory / (spelling + suffix);
  throw DataError(message("mnist: ", directory.string(), " has no ", name, "; expects the four files ",
                          mnist_train.images, ", ", mnist_train.labels, ", ", mnist_test.images, " and ",
                          mnist_test.labels,
                          " there: `sh examples/mnist.sh` fetches them, torchvision keeps them in MNIST/raw, and"
                          " draw_digits of lamina/data/drawn_digits.hpp needs no files"));
}

LAMINA_FUNC Dataset<3> read_mnist(const std::filesystem::path& directory, const MnistNames& names, ReadFile read) {
  const std::filesystem::path image_path = find_mnist(directory, names.images),
                              label_path = find_mnist(directory, names.labels);
  const Tensor<std::uint8_t, 1> labels = read_idx<std::uint8_t, 1, ReadFile&>(label_path, read);
  const std::vector<std::byte> bytes = read(image_path);
  const Idx images = parse_idx(bytes, image_path.string());
  const Index N = images.extents[0];
  if (images.type != IdxType::u8 || images.extents != std::vector<Index>{N, 28, 28})
    throw DataError(message(images.name, ": expects images of 28 × 28 bytes"));
  if (labels.size() != N)
    throw DataError(message(label_path.string(), ": expects a label for each of the ", N, " images of ", images.name,
                            " but got ", labels.size()));
  const std::vector<std::int32_t> numbers(labels.data(), labels.data() + labels.size());
  check_labels(label_path.string(), numbers, 10);
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(images.values.data());
  return Dataset(std::span(pixels, images.values.size()), Shape{28, 28, 1}, numbers,
                 {.class_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}});
}

LAMINA_FUNC void write_mnist(const std::filesystem::path& directory, const MnistNames& names, const Dataset<3>& digits) {
  const Index N = digits.size();
  if (digits.sample_shape() != Shape{28, 28, 1} || !digits.floats().empty() || !digits.has_labels() ||
      digits.classes() > 10)
    throw DataError("write_mnist: expects images (28, 28, 1) of bytes with labels 0 … 9");
  Tensor<std::uint8_t, 3> images(N, 28, 28);
  Tensor<std::uint8_t, 1> labels(N);
  std::copy(digits.bytes().begin(), digits.bytes().end(), images.data());
  std::transform(digits.labels().begin(), digits.labels().end(), labels.data(),
                 [](std::int32_t label) { return static_cast<std::uint8_t>(label); });
  write_idx(directory / names.images, images);
  write_idx(directory / names.labels, labels);
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Mnist mnist(const std::filesystem::path& directory) {
  const auto read = [](const std::filesystem::path& path) { return read_file(path); };
  return {detail::read_mnist(directory, detail::mnist_train, read),
          detail::read_mnist(directory, detail::mnist_test, read)};
}

LAMINA_FUNC void write_mnist(const std::filesystem::path& directory, const Dataset<3>& train, const Dataset<3>& test) {
  std::error_code trouble;
  std::filesystem::create_directories(directory, trouble);  // where that fails, the first file says so
  detail::write_mnist(directory, detail::mnist_train, train);
  detail::write_mnist(directory, detail::mnist_test, test);
}

}  // namespace lamina
