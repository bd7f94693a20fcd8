#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../../core/files.hpp"
#include "../../core/text.hpp"
#include "../cifar.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The records of a version of CIFAR.
struct CifarFormat {
  const char* reader;  // the function that reads it, for errors
  std::string files;   // the files that it expects, for errors
  std::size_t labels;  // bytes before the pixels of a record
  std::size_t label;   // which of them is read
  std::vector<std::string> class_names;
};

LAMINA_FUNC std::filesystem::path find_cifar(const std::filesystem::path& directory, const CifarFormat& format,
                                             const std::string& name) {
  std::error_code trouble;
  if (std::filesystem::exists(directory / name, trouble)) return directory / name;
  throw DataError(str_cat(format.reader, ": ", printable(directory.string()), " has no ", name, "; expects ",
                          format.files, " there, which the archive of the binary version holds"));
}

LAMINA_FUNC Dataset<3> read_cifar(const std::filesystem::path& directory, const CifarFormat& format,
                                  const std::vector<std::string>& files) {
  constexpr std::size_t area = 32 * 32, pixels = 3 * area;
  const std::size_t record = format.labels + pixels;
  std::vector<std::uint8_t> images;
  std::vector<std::int32_t> labels;
  for (const std::string& file : files) {
    const std::filesystem::path path = find_cifar(directory, format, file);
    const std::vector<std::byte> bytes = read_file(path);
    const std::string name = printable(path.string());
    if (bytes.empty() || bytes.size() % record != 0)
      throw DataError(
          str_cat(name, ": expects records of ", record, " bytes but its ", bytes.size(),
                  " bytes are no multiple of that; it is damaged, or not of the binary version: fetch it again"));
    const std::size_t before = labels.size();
    for (std::size_t begin = 0; begin < bytes.size(); begin += record) {
      labels.push_back(std::to_integer<std::int32_t>(bytes[begin + format.label]));
      const std::byte* const planes = bytes.data() + begin + format.labels;
      for (std::size_t i = 0; i < area; ++i)
        for (std::size_t c = 0; c < 3; ++c) images.push_back(std::to_integer<std::uint8_t>(planes[c * area + i]));
    }
    check_labels(name, std::span(labels).subspan(before), std::ssize(format.class_names));
  }
  return Dataset(images, Shape{32, 32, 3}, std::move(labels), {.class_names = format.class_names});
}

/// Reads the names of classes, one a line. Throws DataError unless there are so many.
LAMINA_FUNC std::vector<std::string> read_cifar_names(const std::filesystem::path& path, std::size_t count) {
  std::vector<std::string> names{""};
  for (const std::byte byte : read_file(path)) {
    const char character = static_cast<char>(byte);
    if (character == '\n')
      names.emplace_back();
    else if (character != '\r')
      names.back() += character;
  }
  while (!names.empty() && names.back().empty()) names.pop_back();
  if (names.size() != count)
    throw DataError(str_cat(printable(path.string()), ": expects the names of ", count,
                            " classes, one a line, but got ", names.size()));
  return names;
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Cifar cifar10(const std::filesystem::path& directory) {
  const detail::CifarFormat format{
      "cifar10",
      "data_batch_1.bin … data_batch_5.bin and test_batch.bin",
      1,
      0,
      {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}};
  std::vector<std::string> batches;
  for (int i = 1; i <= 5; ++i) batches.push_back(str_cat("data_batch_", i, ".bin"));
  return {detail::read_cifar(directory, format, batches), detail::read_cifar(directory, format, {"test_batch.bin"})};
}

LAMINA_FUNC Cifar cifar100(const std::filesystem::path& directory, CifarLabels labels) {
  const bool fine = labels == CifarLabels::fine;
  const std::string names = fine ? "fine_label_names.txt" : "coarse_label_names.txt";
  detail::CifarFormat format{
      "cifar100", "train.bin, test.bin and " + names, 2, fine ? std::size_t{1} : std::size_t{0}, {}};
  format.class_names = detail::read_cifar_names(detail::find_cifar(directory, format, names), fine ? 100 : 20);
  return {detail::read_cifar(directory, format, {"train.bin"}), detail::read_cifar(directory, format, {"test.bin"})};
}

}  // namespace LAMINA_NAMESPACE
