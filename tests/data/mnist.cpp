#include <lamina/core/random.hpp>
#include <lamina/data/idx.hpp>
#include <lamina/data/mnist.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

using Bytes = std::vector<std::byte>;

/// N images of random bytes, labelled 0, 1, … 9, 0, …
Dataset<3> noise(Index N, std::uint64_t seed) {
  Rng rng{seed};
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(N * 28 * 28));
  for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
  std::vector<std::int32_t> labels;
  for (Index i = 0; i < N; ++i) labels.push_back(static_cast<std::int32_t>(i % 10));
  return {pixels, Shape{28, 28, 1}, labels, {.classes = 10}};
}

bool same(const Dataset<3>& a, const Dataset<3>& b) {
  return std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin(), b.bytes().end()) && a.labels() == b.labels();
}

std::string why_not(const std::filesystem::path& directory) {
  return refusal<DataError>([&] { mnist(directory); });
}

}  // namespace

TEST_CASE("what is written as MNIST is read as MNIST, and the directory is made") {
  const Scratch scratch("mnist-round-trip");
  const Dataset<3> drawn = noise(23, 1), others = noise(11, 2);
  write_mnist(scratch.path / "made" / "here", drawn, others);
  const auto [train, test] = mnist(scratch.path / "made" / "here");
  CHECK(same(train, drawn));
  CHECK(same(test, others));
  CHECK(train.sample_shape() == Shape{28, 28, 1});
  CHECK(test.classes() == 10);
  CHECK(test.class_names() == std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
}

TEST_CASE("MNIST's files may be spelled with a dot, each of its own") {
  const Scratch scratch("mnist-dots");
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  std::filesystem::rename(scratch.path / "train-images-idx3-ubyte", scratch.path / "train-images.idx3-ubyte");
  std::filesystem::rename(scratch.path / "t10k-labels-idx1-ubyte", scratch.path / "t10k-labels.idx1-ubyte");
  CHECK(mnist(scratch.path).train.size() == 3);
}

TEST_CASE("MNIST with no samples can be read") {
  const Scratch scratch("mnist-none");
  write_mnist(scratch.path, noise(0, 1), noise(0, 1));
  CHECK(mnist(scratch.path).train.size() == 0);
  CHECK(mnist(scratch.path).train.classes() == 10);
}

TEST_CASE("absent data names the folder, the four files and how to get them") {
  const Scratch scratch("mnist-absent");
  const std::string how =
      "; expects the four files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
      "t10k-labels-idx1-ubyte there: `sh examples/mnist.sh` fetches them, torchvision keeps them in MNIST/raw, and "
      "draw_digits of lamina/data/drawn_digits.hpp needs no files";
  const auto nowhere = scratch.path / "nowhere";
  CHECK(why_not(nowhere) == "mnist: " + nowhere.string() + " has no train-images-idx3-ubyte" + how);
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  std::filesystem::remove(scratch.path / "t10k-labels-idx1-ubyte");
  CHECK(why_not(scratch.path) == "mnist: " + scratch.path.string() + " has no t10k-labels-idx1-ubyte" + how);
}

TEST_CASE("compressed files are found, and the error says how to unpack them") {
  const Scratch scratch("mnist-compressed");
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  const auto plain = scratch.path / "train-images-idx3-ubyte", packed = scratch.path / "train-images-idx3-ubyte.gz";
  write_file(packed, Bytes{std::byte{0x1F}, std::byte{0x8B}, std::byte{8}});
  CHECK(mnist(scratch.path).train.size() == 3);  // a plain one is preferred
  std::filesystem::remove(plain);
  CHECK(why_not(scratch.path) == packed.string() + ": is compressed by gzip; unpack it (gunzip " + packed.string() +
                                     "), or read it with Gunzip{} of lamina/data/gzip.hpp");
}

TEST_CASE("MNIST goes through the reader it is given") {
  const Scratch scratch("mnist-reader");
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  std::vector<std::string> files;
  const auto noting = [&](const std::filesystem::path& path) {
    files.push_back(path.filename().string());
    return detail::read_file(path);
  };
  CHECK(mnist(scratch.path, noting).test.size() == 2);
  CHECK(files.size() == 4);
}

TEST_CASE("images of another size or type and labels in their place are refused, naming the file") {
  const Scratch scratch("mnist-images");
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  const auto images = scratch.path / "train-images-idx3-ubyte", labels = scratch.path / "train-labels-idx1-ubyte";
  const std::string why = images.string() + ": expects images of 28 × 28 bytes";
  write_idx(images, Tensor<std::uint8_t, 3>(3, 28, 27).setZero());
  CHECK(why_not(scratch.path) == why);
  write_idx(images, Tensor<std::uint8_t, 2>(3, 28).setZero());
  CHECK(why_not(scratch.path) == why);
  write_idx(images, Tensor<std::int8_t, 3>(3, 28, 28).setZero());
  CHECK(why_not(scratch.path) == why);
  write_idx(labels, Tensor<std::uint8_t, 3>(3, 28, 28).setZero());
  CHECK(why_not(scratch.path) == labels.string() + ": expects u8 values of 1 axes but got u8 values of 3 axes");
}

TEST_CASE("another number of labels than images, and labels above 9, are refused, naming the file") {
  const Scratch scratch("mnist-labels");
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  const auto images = scratch.path / "t10k-images-idx3-ubyte", labels = scratch.path / "t10k-labels-idx1-ubyte";
  write_idx(labels, Tensor<std::uint8_t, 1>(3).setZero());
  CHECK(why_not(scratch.path) ==
        labels.string() + ": expects a label for each of the 2 images of " + images.string() + " but got 3");
  Tensor<std::uint8_t, 1> wrong(2);
  wrong.setValues({9, 10});
  write_idx(labels, wrong);
  CHECK(why_not(scratch.path) == labels.string() +
                                     ": label 10 of sample 1 is outside the 10 classes 0 … 9; labels count from 0, or "
                                     "there are more classes");
}

TEST_CASE("truncated files of MNIST are refused, naming the file") {
  const Scratch scratch("mnist-truncated");
  write_mnist(scratch.path, noise(3, 1), noise(2, 2));
  const auto images = scratch.path / "t10k-images-idx3-ubyte";
  std::filesystem::resize_file(images, 16 + 2 * 784 - 1);
  CHECK(why_not(scratch.path) == images.string() +
                                     ": is truncated: its header promises 1568 bytes of values but it has 1567; fetch "
                                     "it again");
}

TEST_CASE("only digits are written as MNIST") {
  const Scratch scratch("mnist-write");
  const std::string why = "write_mnist: expects images (28, 28, 1) of bytes with labels 0 … 9";
  const Dataset<3> good = noise(1, 1);
  const std::vector<std::uint8_t> pixels(784);
  const auto refuses = [&](const Dataset<3>& digits) {
    return refusal<DataError>([&] { write_mnist(scratch.path, digits, good); }) == why &&
           refusal<DataError>([&] { write_mnist(scratch.path, good, digits); }) == why;
  };
  CHECK(refuses(Dataset{pixels, Shape{28, 14, 2}, {0}}));
  CHECK(refuses(Dataset{pixels, Shape{28, 28, 1}, {10}}));
  CHECK(refuses(Dataset{std::vector<float>(784), Shape{28, 28, 1}, {0}}));
  CHECK(refuses(Dataset{pixels, Shape{28, 28, 1}, Tensor<float, 2>(1, 10).setZero()}));
}
