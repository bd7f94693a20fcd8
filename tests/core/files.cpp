#include <lamina/core/files.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"

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
    CHECK(read_file(scratch.path / "file") == bytes);
  }
}

TEST_CASE("writing replaces a file and leaves no other behind") {
  const Scratch scratch("files-replace");
  write_file(scratch.path / "file", text("a long first text"));
  write_file(scratch.path / "file", text("short"));
  CHECK(read_file(scratch.path / "file") == text("short"));
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a file that cannot be written says so, and leaves nothing behind") {
  const Scratch scratch("files-no-directory");
  const auto path = scratch.path / "absent" / "file";
  CHECK(refusal<DataError>([&] { write_file(path, text("x")); }) ==
        path.string() + ": cannot be written: No such file or directory");

  const auto directory = scratch.path / "directory";  // cannot be replaced by a file
  std::filesystem::create_directories(directory / "full");
  CHECK(refusal<DataError>([&] { write_file(directory, text("x")); }) ==
        directory.string() + ": expects a file but it is a directory; give it a file's name");
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a file that is not there, a directory and a device are told apart") {
  const Scratch scratch("files-kinds");
  const auto absent = scratch.path / "absent";
  CHECK(refusal<DataError>([&] { read_file(absent); }) == absent.string() + ": there is no such file");
  CHECK(refusal<DataError>([&] { read_file(scratch.path); }) ==
        scratch.path.string() + ": expects a file but it is a directory");
  if (std::filesystem::exists("/dev/zero"))
    CHECK(refusal<DataError>([] { read_file("/dev/zero"); }) ==
          "/dev/zero: expects a file but it is a device, a pipe or a socket");
}

TEST_CASE("a file that cannot be opened says so") {
  const Scratch scratch("files-locked");
  const auto path = scratch.path / "locked";
  write_file(path, text("x"));
  std::filesystem::permissions(path, std::filesystem::perms::none);
  if (std::ifstream(path)) return;  // the administrator may read it all the same
  CHECK(refusal<DataError>([&] { read_file(path); }) == path.string() + ": cannot be opened; may you read it?");
}

TEST_CASE("a file that cannot be read to its end, or has more than it says, is refused") {
  if (!std::filesystem::exists("/proc/self/status")) return;
  CHECK(refusal<DataError>([] { read_file("/proc/self/status"); }) ==  // says it has 0 bytes
        "/proc/self/status: cannot be read, or changes meanwhile");
}
