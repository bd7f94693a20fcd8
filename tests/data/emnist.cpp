#include <filesystem>
#include <iostream>
#include <lamina/data/emnist.hpp>
#include <lamina/data/idx.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

#if __has_include(<zlib.h>)
#include <lamina/data/gzip.hpp>
#endif

using namespace lamina;

namespace {

/// Writes N images whose pixel (h, w) is 5·h + w, with these labels, as two files with this beginning of a name.
void write_set(const std::filesystem::path& directory, const std::string& name,
               const std::vector<std::uint8_t>& labels) {
  const Index N = std::ssize(labels);
  Tensor<std::uint8_t, 3> images(N, 28, 28);
  Tensor<std::uint8_t, 1> numbers(N);
  for (Index n = 0; n < N; ++n) {
    numbers(n) = labels[static_cast<std::size_t>(n)];
    for (Index h = 0; h < 28; ++h)
      for (Index w = 0; w < 28; ++w) images(n, h, w) = static_cast<std::uint8_t>(5 * h + w);
  }
  write_idx(directory / (name + "-images-idx3-ubyte"), images);
  write_idx(directory / (name + "-labels-idx1-ubyte"), numbers);
}

}  // namespace

TEST_CASE("EMNIST's images become upright, and its letters' classes begin with 0") {
  const Scratch scratch("emnist-letters");
  write_set(scratch.path, "emnist-letters-train", {1, 26, 3});
  write_set(scratch.path, "emnist-letters-test", {2});
  const auto [train, test] = emnist(scratch.path, EmnistSplit::letters);
  CHECK(train.labels() == std::vector<std::int32_t>{0, 25, 2});
  CHECK(train.class_name(25) == "Z");
  CHECK(test.classes() == 26);
  for (Index h = 0; h < 28; ++h)
    for (Index w = 0; w < 28; ++w) CHECK(train.at(2)(h, w, 0) == Approx(static_cast<double>(5 * w + h) / 255));
}

TEST_CASE("each part of EMNIST has its classes") {
  const Scratch scratch("emnist-parts");
  const auto classes = [&](EmnistSplit split, const std::string& name, std::uint8_t last) {
    write_set(scratch.path, "emnist-" + name + "-train", {0, last});
    write_set(scratch.path, "emnist-" + name + "-test", {0});
    const auto [train, test] = emnist(scratch.path, split);
    CHECK(train.labels().back() + 1 == train.classes());
    return std::pair(test.classes(), train.class_name(last));
  };
  CHECK(classes(EmnistSplit::by_class, "byclass", 61) == std::pair(Index{62}, std::string("z")));
  CHECK(classes(EmnistSplit::by_merge, "bymerge", 46) == std::pair(Index{47}, std::string("t")));
  CHECK(classes(EmnistSplit::balanced, "balanced", 46) == std::pair(Index{47}, std::string("t")));
  CHECK(classes(EmnistSplit::digits, "digits", 9) == std::pair(Index{10}, std::string("9")));
  CHECK(classes(EmnistSplit::mnist, "mnist", 9) == std::pair(Index{10}, std::string("9")));
}

TEST_CASE("a letter's label of 0, one above 26 and an absent file are refused, naming the file") {
  const Scratch scratch("emnist-refused");
  const auto why = [&] { return refusal<DataError>([&] { emnist(scratch.path, EmnistSplit::letters); }); };
  CHECK(why() ==
        "emnist: " + scratch.path.string() +
            " has no emnist-letters-train-images-idx3-ubyte; expects the four files "
            "emnist-letters-train-images-idx3-ubyte, emnist-letters-train-labels-idx1-ubyte, "
            "emnist-letters-test-images-idx3-ubyte and emnist-letters-test-labels-idx1-ubyte there: they are in the "
            "archive gzip.zip of EMNIST, and torchvision keeps them in EMNIST/raw");
  for (const std::uint8_t label : {std::uint8_t{0}, std::uint8_t{27}}) {
    write_set(scratch.path, "emnist-letters-train", {1, label});
    CHECK(why().starts_with((scratch.path / "emnist-letters-train-labels-idx1-ubyte").string() + ": label "));
  }
}

TEST_CASE("Fashion-MNIST has the names of clothes") {
  const Scratch scratch("fashion");
  write_set(scratch.path, "train", {0, 9});
  write_set(scratch.path, "t10k", {5});
  const auto [train, test] = fashion_mnist(scratch.path);
  CHECK(train.class_name(train.labels()[1]) == "Ankle boot");
  CHECK(test.class_name(test.labels()[0]) == "Sandal");
  CHECK(train.at(0)(2, 1, 0) == Approx(11.0 / 255));
  std::filesystem::remove(scratch.path / "t10k-labels-idx1-ubyte");
  CHECK(refusal<DataError>([&] { fashion_mnist(scratch.path); }).find("fashion_mnist: ") == 0);
}

TEST_CASE("Fashion-MNIST of Debian's package is 60,000 and 10,000 pictures, as many of each class") {
  const std::filesystem::path directory = "/usr/share/datasets/fashion-mnist";
#if __has_include(<zlib.h>)
  if (std::filesystem::exists(directory)) {
    const auto [train, test] = fashion_mnist(directory, Gunzip{});
    CHECK(train.class_counts() == std::vector<Index>(10, 6000));
    CHECK(test.class_counts() == std::vector<Index>(10, 1000));
    return;
  }
#endif
  std::cout << "skipped: data/emnist: " << directory.string() << " is not there (dataset-fashion-mnist)\n";
}
