#pragma once

// Where the study's digits come from, what there is of each, and how they are split.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <lamina/digits.hpp>
#include <lamina/images.hpp>
#include <lamina/lamina.hpp>
#include <lamina/report.hpp>
#include <lamina/tune.hpp>

namespace study {

using namespace lamina;

inline constexpr Index images_drawn = 3078;  // as many as the study had

/// A folder for each digit with PNG files of drawn ones, in `work`, made unless an earlier run has left it.
inline std::filesystem::path draw_folders(const std::filesystem::path& work, std::uint64_t seed) {
  const std::filesystem::path folder = work / str_cat("drawn-digits-", seed),
                              unfinished = folder.string() + ".unfinished";
  const bool there = std::filesystem::exists(folder);
  std::cout << "No --data: " << (there ? "reading the " : "writing ") << format_count(images_drawn)
            << " digits that lamina draws " << (there ? "from " : "to ") << folder.string() << '\n';
  if (there) return folder;
  std::filesystem::remove_all(unfinished);
  for (int digit = 0; digit < 10; ++digit) std::filesystem::create_directories(unfinished / std::to_string(digit));
  const auto [images, labels] = draw_digits(images_drawn, Rng{seed}.split(0));
  for (Index i = 0; i < images_drawn; ++i) {
    Tensor<std::uint8_t, 3> pixels(Index{28}, Index{28}, Index{1});
    std::copy_n(images.data() + i * pixels.size(), pixels.size(), pixels.data());
    const auto file = unfinished / std::to_string(labels[static_cast<std::size_t>(i)]) / str_cat(i, ".png");
    const auto bytes = encode_png(pixels);  // write_png would wait for the disk, 3,078 times
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    if (!out.flush()) throw DataError(str_cat(file.string(), ": cannot be written"));
  }
  std::filesystem::rename(unfinished, folder);
  return folder;
}

/// The images of a folder, grey, 28 × 28, with a word on what was found.
inline Dataset<3> read_folders(const std::filesystem::path& folder, Index threads) {
  ImageFolder found = image_folder(
      folder, {.colors = Colors::grey, .size = {{28, 28}}, .undecodable = DecodeErrorPolicy::skip, .threads = threads});
  std::cout << printable(folder.string()) << ": " << found << '\n';
  return std::move(found.data);
}

/// How many there are of each class, as a table and as bars.
inline void show_labels(const Dataset<3>& data) {
  const auto counts = data.class_counts();
  Index most = 1, width = 5;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    most = std::max(most, counts[k]);
    width = std::max(width, display_width(printable(data.class_name(static_cast<Index>(k)))));
  }
  std::cout << align_left("class", width) << "  images  share\n";
  for (std::size_t k = 0; k < counts.size(); ++k)
    std::cout << align_left(printable(data.class_name(static_cast<Index>(k))), width) << align_right(format_count(counts[k]), 8)
              << align_right(format_fixed(static_cast<double>(counts[k]) / static_cast<double>(data.size()), 3), 7)
              << "  " << std::string(static_cast<std::size_t>(40 * counts[k] / most), '#') << '\n';
  std::cout << '\n';
}

/// The study's three parts: 2,616, 231 and 231 of 3,078 images, shuffled plainly, with no regard to the classes.
struct Parts {
  Dataset<3> train;
  Dataset<3> test;        // looked at after each epoch
  Dataset<3> validation;  // looked at once, at the end
};

inline Parts split_as_studied(const Dataset<3>& data, Rng rng) {
  auto [train, test, validation] = split(data, Fractions{0.85, 0.075, 0.075}, rng);
  return {std::move(train), std::move(test), std::move(validation)};
}

/// The first `limit` samples, or all.
inline Dataset<3> first_samples(const Dataset<3>& data, Index limit) {
  std::vector<Index> first(static_cast<std::size_t>(std::min(limit, data.size())));
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<Index>(i);
  return data.subset(first);
}

}  // namespace study
