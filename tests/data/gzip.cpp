#include <lamina/core/random.hpp>
#include <lamina/data/gzip.hpp>
#include <lamina/data/mnist.hpp>

#include "../catch.hpp"
#include "gzip_file.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

Bytes random(std::size_t size) {
  Rng rng{size};
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(rng.below(7));
  return bytes;
}

std::string why_not(const Bytes& bytes, const Gunzip& gunzip = {}) {
  return refusal<DataError>([&] { gunzip.unpack(bytes, "x.gz"); });
}

}  // namespace

TEST_CASE("what gzip packed comes back, of any size, of none too") {
  for (const std::size_t size : {0u, 1u, 100u, 65535u, 65536u, 65537u, 300000u})
    CHECK(Gunzip{}.unpack(packed(random(size)), "x.gz") == random(size));
}

TEST_CASE("all members of a gzip file are unpacked, one after another") {
  Bytes file = packed(random(70000));
  for (const std::size_t size : {0u, 5u}) {
    const Bytes next = packed(random(size));
    file.insert(file.end(), next.begin(), next.end());
  }
  Bytes expected = random(70000);
  const Bytes last = random(5);
  expected.insert(expected.end(), last.begin(), last.end());
  CHECK(Gunzip{}.unpack(file, "x.gz") == expected);
}

TEST_CASE("a gzip file that ends anywhere too early is refused as truncated") {
  const Bytes whole = packed(random(500));
  for (std::size_t size = 2; size < whole.size(); ++size)
    CHECK(why_not(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) ==
          "x.gz: is truncated; fetch it again");
}

TEST_CASE("a wrong checksum, a wrong length and a wrong method are refused as damage") {
  const Bytes whole = packed(random(500));
  const auto damaged = [&](std::size_t place) {
    Bytes file = whole;
    file[place] ^= std::byte{1};
    return why_not(file);
  };
  CHECK(damaged(whole.size() - 8) == "x.gz: is damaged (incorrect data check); fetch it again");
  CHECK(damaged(whole.size() - 4) == "x.gz: is damaged (incorrect length check); fetch it again");
  CHECK(damaged(2) == "x.gz: is damaged (unknown compression method); fetch it again");
}

TEST_CASE("bytes after the end are refused") {
  Bytes file = packed(random(500));
  file.push_back(std::byte{0});
  file.push_back(std::byte{1});
  CHECK(why_not(file) == "x.gz: 2 bytes of something else follow the end; fetch it again");
}

TEST_CASE("what is not compressed cannot be unpacked") {
  CHECK(why_not({}) == "x.gz: is not compressed by gzip");
  CHECK(why_not({std::byte{0x1F}}) == "x.gz: is not compressed by gzip");
  CHECK(why_not({std::byte{0x1F}, std::byte{0x8C}}) == "x.gz: is not compressed by gzip");
}

TEST_CASE("more than is allowed is not unpacked, in one member or in several") {
  const Bytes bomb = packed(Bytes(10'000'000));
  CHECK(bomb.size() < 20'000);
  CHECK(why_not(bomb, {.max_bytes = 9'999'999}) ==
        "x.gz: unpacks to more than the 9999999 bytes allowed; raise .max_bytes of Gunzip to allow it");
  CHECK(Gunzip{.max_bytes = 10'000'000}.unpack(bomb, "x.gz").size() == 10'000'000);

  const Bytes one = packed(random(60));
  Bytes twice = one;
  twice.insert(twice.end(), one.begin(), one.end());
  CHECK(why_not(twice, {.max_bytes = 119}) ==
        "x.gz: unpacks to more than the 119 bytes allowed; raise .max_bytes of Gunzip to allow it");
  CHECK(Gunzip{.max_bytes = 120}.unpack(twice, "x.gz").size() == 120);
}

TEST_CASE("MNIST and IDX files are read, compressed or not") {
  const Scratch scratch("gzip-mnist");
  const Dataset digits{std::vector<std::uint8_t>(2 * 784, 9), Shape{28, 28, 1}, {3, 1}, {.classes = 10}};
  write_mnist(scratch.path, digits, digits);
  for (const char* name : {"train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    write_file(scratch.path / (std::string(name) + ".gz"), packed(detail::read_file(scratch.path / name)));
    std::filesystem::remove(scratch.path / name);
  }
  const auto [train, test] = mnist(scratch.path, Gunzip{});
  CHECK(train.bytes()[783] == 9);
  CHECK(test.labels() == std::vector<std::int32_t>{3, 1});
  CHECK(read_idx<std::uint8_t, 1>(scratch.path / "t10k-labels-idx1-ubyte.gz", Gunzip{})(0) == 3);

  const auto path = scratch.path / "train-images-idx3-ubyte.gz";
  CHECK(refusal<DataError>([&] { mnist(scratch.path, Gunzip{.max_bytes = 100}); }) ==
        path.string() + ": unpacks to more than the 100 bytes allowed; raise .max_bytes of Gunzip to allow it");
}
