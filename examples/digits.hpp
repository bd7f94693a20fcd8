#pragma once

// Where the examples' digits come from: MNIST where it is found, else digits that lamina draws. Nothing here opens the
// network; `sh examples/mnist.sh` fetches MNIST.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <lamina/data/drawn_digits.hpp>
#include <lamina/data/mnist.hpp>
#ifdef LAMINA_EXAMPLES_GZIP
#include <lamina/data/gzip.hpp>
#endif

namespace examples {

struct Digits {
  lamina::Dataset<3> train, test;
  bool drawn = false;
};

/// The folders in which MNIST is looked for: LAMINA_DATA_DIR, then the user's cache.
inline std::vector<std::string> data_folders() {
  std::vector<std::string> folders;
  const auto variable = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
  if (const std::string chosen = variable("LAMINA_DATA_DIR"); !chosen.empty()) folders.push_back(chosen);
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty())
    folders.push_back(cache + "/lamina");
  else if (const std::string home = variable("HOME"); !home.empty())
    folders.push_back(home + "/.cache/lamina");
  return folders;
}

/// MNIST from one folder. Throws lamina::DataError.
inline lamina::Mnist read_mnist(const std::filesystem::path& folder) {
#ifdef LAMINA_EXAMPLES_GZIP
  return lamina::mnist(folder, lamina::Gunzip{});
#else
  return lamina::mnist(folder);
#endif
}

/// Digits to train on and to be tested with, and a word about where they are from. A folder that was asked for has to
/// work: throws lamina::DataError. A folder that is looked into and holds a damaged MNIST does too.
inline Digits find_digits(const std::string& folder, lamina::Rng rng) {
  std::string looked;
  if (!folder.empty()) {
    auto [train, test] = read_mnist(folder);
    std::cout << "MNIST from " << folder << "\n\n";
    return {std::move(train), std::move(test)};
  }
  for (const std::string& place : data_folders()) {
    looked += (looked.empty() ? "" : " and ") + place;
    std::error_code ignored;
    bool any = false;
    for (const char* name : {"/train-images-idx3-ubyte", "/train-images.idx3-ubyte", "/train-images-idx3-ubyte.gz",
                             "/train-images.idx3-ubyte.gz"})
      any = any || std::filesystem::exists(place + name, ignored);
    if (!any) continue;
    auto [train, test] = read_mnist(place);
    std::cout << "MNIST from " << place << "\n\n";
    return {std::move(train), std::move(test)};
  }
  std::cout << "MNIST is not in " << (looked.empty() ? "any place known" : looked)
            << ":\ntraining on digits that lamina draws instead. `sh examples/mnist.sh` fetches MNIST; --data names "
               "its folder.\n\n";
  const auto draw = [&](lamina::Index count, std::uint64_t stream) {
    auto [images, labels] = lamina::draw_digits(count, rng.split(stream));
    return lamina::Dataset{std::move(images), std::move(labels),
                           {.class_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}}};
  };
  return {draw(20'000, 0), draw(4'000, 1), true};
}

/// The first `limit` samples, or all.
inline lamina::Dataset<3> first_samples(const lamina::Dataset<3>& data, lamina::Index limit) {
  if (limit >= data.size()) return data;
  std::vector<lamina::Index> first(static_cast<std::size_t>(limit));
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<lamina::Index>(i);
  return data.subset(first);
}

}  // namespace examples
