#include <cstdlib>
#include <filesystem>
#include <lamina/core/write_file.hpp>
#include <lamina/data/cifar.hpp>
#include <string>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

using Bytes = std::vector<std::byte>;

/// A record with these labels; value i of plane c is (i + 80·c + label) modulo 256, row by row.
void add_record(Bytes& bytes, std::initializer_list<int> labels) {
  for (const int label : labels) bytes.push_back(static_cast<std::byte>(label));
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 1024; ++i) bytes.push_back(static_cast<std::byte>(i + 80 * c + *labels.begin()));
}

Bytes records(std::initializer_list<int> labels) {
  Bytes bytes;
  for (const int label : labels) add_record(bytes, {label});
  return bytes;
}

void write_cifar10(const std::filesystem::path& directory) {
  for (int i = 1; i <= 5; ++i)
    write_file(directory / ("data_batch_" + std::to_string(i) + ".bin"), i == 3 ? records({7, 3, 9}) : records({i}));
  write_file(directory / "test_batch.bin", records({0, 9}));
}

void write_names(const std::filesystem::path& path, int count, const std::string& end = "\n") {
  std::string names;
  for (int i = 0; i < count; ++i) names += "name " + std::to_string(i) + end;
  write_file(path, std::as_bytes(std::span(names)));
}

void check_picture(const Dataset<3>& data, Index sample, int label) {
  const auto picture = data.at(sample);
  for (Index h = 0; h < 32; ++h)
    for (Index w = 0; w < 32; ++w)
      for (Index c = 0; c < 3; ++c)
        CHECK(picture(h, w, c) == Approx(static_cast<double>((h * 32 + w + 80 * c + label) % 256) / 255));
}

}  // namespace

TEST_CASE("CIFAR-10 is read from its six files, in their order, channels last") {
  const Scratch scratch("cifar10");
  write_cifar10(scratch.path);
  const auto [train, test] = cifar10(scratch.path);
  CHECK(train.labels() == std::vector<std::int32_t>{1, 2, 7, 3, 9, 4, 5});
  CHECK(test.labels() == std::vector<std::int32_t>{0, 9});
  CHECK(train.sample_shape() == Shape{32, 32, 3});
  CHECK(train.classes() == 10);
  CHECK(test.class_name(9) == "truck");
  check_picture(train, 2, 7);
  check_picture(test, 1, 9);
}

TEST_CASE("CIFAR-100 has fine and coarse labels, and the names of its own files") {
  const Scratch scratch("cifar100");
  Bytes train_bytes, test_bytes;
  add_record(train_bytes, {4, 99});
  add_record(train_bytes, {19, 0});
  add_record(test_bytes, {11, 50});
  write_file(scratch.path / "train.bin", train_bytes);
  write_file(scratch.path / "test.bin", test_bytes);
  write_names(scratch.path / "fine_label_names.txt", 100);
  write_names(scratch.path / "coarse_label_names.txt", 20, "\r\n");
  const auto fine = cifar100(scratch.path), coarse = cifar100(scratch.path, CifarLabels::coarse);
  CHECK(fine.train.labels() == std::vector<std::int32_t>{99, 0});
  CHECK(fine.test.class_name(50) == "name 50");
  CHECK(coarse.train.labels() == std::vector<std::int32_t>{4, 19});
  CHECK(coarse.test.classes() == 20);
  CHECK(coarse.test.class_name(11) == "name 11");
  check_picture(fine.train, 0, 4);
  write_names(scratch.path / "fine_label_names.txt", 99);
  CHECK(refusal<DataError>([&] { cifar100(scratch.path); }) ==
        (scratch.path / "fine_label_names.txt").string() +
            ": expects the names of 100 classes, one a line, but got 99");
}

TEST_CASE("absent, damaged and mistaken files of CIFAR are refused, naming the file") {
  const Scratch scratch("cifar-refused");
  const auto why = [&] { return refusal<DataError>([&] { cifar10(scratch.path); }); };
  CHECK(why() ==
        "cifar10: " + scratch.path.string() +
            " has no data_batch_1.bin; expects data_batch_1.bin … data_batch_5.bin and test_batch.bin there, which "
            "the archive of the binary version holds");
  CHECK(refusal<DataError>([&] { cifar100(scratch.path); }).find("cifar100: ") == 0);
  write_cifar10(scratch.path);
  const auto file = scratch.path / "data_batch_4.bin";
  for (const std::size_t size : {std::size_t{0}, std::size_t{3072}, std::size_t{3074}, std::size_t{6145}}) {
    write_file(file, Bytes(size));
    CHECK(why() == file.string() + ": expects records of 3073 bytes but its " + std::to_string(size) +
                       " bytes are no multiple of that; it is damaged, or not of the binary version: fetch it again");
  }
  write_file(file, records({3, 10}));
  CHECK(why().starts_with(file.string() + ": label 10 of sample 1 is outside the 10 classes 0 … 9; labels count from 0"));
}
