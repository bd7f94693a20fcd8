#pragma once

#include <string_view>
#include <vector>

#include "../../core/files.hpp"
#include "../emnist.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC MnistFormat fashion_mnist_format() {
  return {.reader = "fashion_mnist",
          .source = "Debian's package dataset-fashion-mnist has them, and torchvision keeps them in FashionMNIST/raw",
          .class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                          "Ankle boot"}};
}

LAMINA_FUNC MnistFormat emnist_format(EmnistSplit split) {
  constexpr std::string_view digits = "0123456789", capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string name, characters;
  switch (split) {
    case EmnistSplit::by_class:
      name = "byclass";
      characters.append(digits).append(capitals).append("abcdefghijklmnopqrstuvwxyz");
      break;
    case EmnistSplit::by_merge:
    case EmnistSplit::balanced:
      name = split == EmnistSplit::by_merge ? "bymerge" : "balanced";
      characters.append(digits).append(capitals).append(
          "abdefghnqrt");  // the small letters that do not look like capitals
      break;
    case EmnistSplit::letters:
      name = "letters";
      characters = capitals;
      break;
    case EmnistSplit::digits:
    case EmnistSplit::mnist:
      name = split == EmnistSplit::digits ? "digits" : "mnist";
      characters = digits;
      break;
  }
  std::vector<std::string> classes;
  for (const char character : characters) classes.emplace_back(1, character);
  return {.reader = "emnist",
          .source = "they are in the archive gzip.zip of EMNIST, and torchvision keeps them in EMNIST/raw",
          .prefix = "emnist-" + name + "-",
          .test = "test",
          .class_names = std::move(classes),
          .first_label = split == EmnistSplit::letters ? std::uint8_t{1} : std::uint8_t{0},
          .transposed = true};
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Mnist fashion_mnist(const std::filesystem::path& directory) {
  return fashion_mnist(directory, [](const std::filesystem::path& path) { return detail::read_file(path); });
}

LAMINA_FUNC Mnist emnist(const std::filesystem::path& directory, EmnistSplit split) {
  return emnist(directory, split, [](const std::filesystem::path& path) { return detail::read_file(path); });
}

}  // namespace LAMINA_NAMESPACE
