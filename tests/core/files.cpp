#include <lamina/core/files.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"

#if !defined(_WIN32)
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "../forked.hpp"
#include "../sanitizers.hpp"
#endif

using namespace lamina;

namespace {

std::vector<std::byte> text(const std::string& letters) {
  std::vector<std::byte> bytes;
  for (const char letter : letters) bytes.push_back(static_cast<std::byte>(letter));
  return bytes;
}

std::size_t entries(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

}  // namespace

TEST_CASE("a file that was written is read as it was, bytes of any value and none at all") {
  const Scratch scratch("files-round-trip");
  std::vector<std::byte> all;
  for (int value = 0; value < 256; ++value) all.push_back(static_cast<std::byte>(value));
  for (const auto& bytes : {all, text("\r\n\x1A"), text("")}) {
    write_file(scratch.path / "file", bytes);
    CHECK(detail::read_file(scratch.path / "file") == bytes);
  }
}

TEST_CASE("writing replaces a file and leaves no other behind") {
  const Scratch scratch("files-replace");
  write_file(scratch.path / "file", text("a long first text"));
  write_file(scratch.path / "file", text("short"));
  CHECK(detail::read_file(scratch.path / "file") == text("short"));
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a file that cannot be written says so, and leaves nothing behind") {
  const Scratch scratch("files-no-directory");
  const auto path = scratch.path / "absent" / "file";
  CHECK(refusal<DataError>([&] { write_file(path, text("x")); }) ==
        path.string() + ": cannot be written: there is no folder " + path.parent_path().string() + "; make it first");

  const auto directory = scratch.path / "directory";  // cannot be replaced by a file
  std::filesystem::create_directories(directory / "full");
  CHECK(refusal<DataError>([&] { write_file(directory, text("x")); }) ==
        directory.string() + ": expects a file but it is a directory; give it a file's name");
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a file that is not there, a directory and a device are told apart") {
  const Scratch scratch("files-kinds");
  const auto absent = scratch.path / "absent";
  CHECK(refusal<DataError>([&] { detail::read_file(absent); }) == absent.string() + ": there is no such file");
  CHECK(refusal<DataError>([&] { detail::read_file(scratch.path); }) ==
        scratch.path.string() + ": expects a file but it is a directory");
  if (std::filesystem::exists("/dev/zero"))
    CHECK(refusal<DataError>([] { detail::read_file("/dev/zero"); }) ==
          "/dev/zero: expects a file but it is a device, a pipe or a socket");
}

TEST_CASE("a file that cannot be opened says so") {
  const Scratch scratch("files-locked");
  const auto path = scratch.path / "locked";
  write_file(path, text("x"));
  std::filesystem::permissions(path, std::filesystem::perms::none);
  if (std::ifstream(path)) return;  // the administrator may read it all the same
  CHECK(refusal<DataError>([&] { detail::read_file(path); }) == path.string() + ": cannot be opened; check its permissions");
}

TEST_CASE("a file that cannot be read to its end, or has more than it says, is refused") {
  if (!std::filesystem::exists("/proc/self/status")) return;
  CHECK(refusal<DataError>([] { detail::read_file("/proc/self/status"); }) ==  // says it has 0 bytes
        "/proc/self/status: cannot be read, or another program is writing it");
}

TEST_CASE("the pointer that stands in the place of a file of Git LFS is refused, and told what to do") {
  const Scratch scratch("files-lfs");
  const auto path = scratch.path / "net.onnx";
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
  write_file(path, text(pointer));
  CHECK(refusal<DataError>([&] { detail::read_file(path); }) ==
        path.string() + ": is a pointer of Git LFS, not the file itself; run `git lfs pull` in its repository");
  write_file(path, text(pointer + std::string(1024, ' ')));
  CHECK(detail::read_file(path).size() == pointer.size() + 1024);
  write_file(path, text("version https"));
  CHECK(detail::read_file(path).size() == 13);
}

#if !defined(_WIN32)

TEST_CASE("a file that is replaced again and again by others of other sizes is read whole, as one of them") {
  const Scratch scratch("files-replaced");
  const auto path = scratch.path / "file", other = scratch.path / "other";
  const auto make = [](const std::filesystem::path& at, int size) {
    std::ofstream(at, std::ios::binary) << std::string(static_cast<std::size_t>(size), static_cast<char>('a' + size % 7));
  };
  make(path, 1);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; !done; ++i) {
      make(other, 1 + i * 7919 % 100'000);
      std::filesystem::rename(other, path);
    }
  });
  int wrong = 0;
  std::string failed;
  for (int i = 0; i < 20'000 && failed.empty(); ++i) {
    try {
      const auto bytes = detail::read_file(path);
      const auto expected = static_cast<std::byte>('a' + bytes.size() % 7);
      wrong += bytes.empty() || bytes.front() != expected || bytes.back() != expected;
    } catch (const DataError& error) {
      failed = error.what();
    }
  }
  done = true;
  writer.join();
  CHECK(failed.empty());
  CHECK(wrong == 0);
}

TEST_CASE("a file that is written to meanwhile is read again") {
  const Scratch scratch("files-written");
  const auto path = scratch.path / "file";
  write_file(path, std::vector<std::byte>(20'000'000));
  std::atomic<bool> done{false};
  std::thread writer([&] {  // fewer times than a file is read again
    std::ofstream file(path, std::ios::binary | std::ios::app);
    for (int i = 0; i < 4; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      file << 'x' << std::flush;
    }
    done = true;
  });
  while (!done) CHECK_NOTHROW(detail::read_file(path));
  writer.join();
  CHECK(detail::read_file(path).size() == 20'000'004);
}

TEST_CASE("a pipe that nobody writes to is refused at once, and so is a socket") {
  const Scratch scratch("files-pipe");
  const auto path = scratch.path / "pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  CHECK(forked([&]() -> std::string { return std::to_string(detail::read_file(path).size()); }) ==
        path.string() + ": expects a file but it is a device, a pipe or a socket");
}

TEST_CASE("a size that no memory has room for is refused, and one that is not true takes no memory") {
  const Scratch scratch("files-sparse");
  const auto path = scratch.path / "sparse";
  write_file(path, text("x"));
  // The sanitizers end the program where there is no memory.
  if (!address_sanitizer && !thread_sanitizer && truncate(path.c_str(), off_t{1} << 42) == 0)
    CHECK(refusal<DataError>([&] { detail::read_file(path); }) ==
          path.string() + ": has 4398046511104 bytes, for which there is no memory");
  REQUIRE(truncate(path.c_str(), off_t{1} << 42) == 0);
  CHECK(refusal<DataError>([&] { detail::read_limited_file(path, 1000); }) ==
        path.string() + ": has 4398046511104 bytes, more than the 1000 allowed; raise .limits.max_bytes to allow it");
  const std::filesystem::path page = "/sys/kernel/mm/transparent_hugepage/enabled";  // says it has 4096 bytes
  if (std::filesystem::exists(page) && std::filesystem::file_size(page) == 4096)
    CHECK(refusal<DataError>([&] { detail::read_file(page); }) == page.string() + ": cannot be read, or another program is writing it");
}

#endif
