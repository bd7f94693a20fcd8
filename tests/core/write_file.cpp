#include <algorithm>
#include <lamina/core/files.hpp>
#include <lamina/core/write_file.hpp>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"

#if !defined(_WIN32)
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#endif

using namespace lamina;

namespace {

std::vector<std::byte> text(const std::string& letters) {
  std::vector<std::byte> bytes(letters.size());
  std::transform(letters.begin(), letters.end(), bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

auto entries(const std::filesystem::path& directory) {
  return std::distance(std::filesystem::directory_iterator(directory), std::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("a directory is not replaced by a file") {
  const Scratch scratch("write-directory");
  CHECK(refusal<DataError>([&] { write_file(scratch.path, text("x")); }) ==
        scratch.path.string() + ": expects a file but it is a directory; give it a file's name");
  CHECK(entries(scratch.path) == 0);
}

TEST_CASE("a name that an interrupted writer left does not stop the next one") {
  const Scratch scratch("write-left-over");
  write_file(scratch.path / "file.0.unfinished", text("left over"));
  write_file(scratch.path / "file", text("new"));
  CHECK(read_file(scratch.path / "file") == text("new"));
  CHECK(read_file(scratch.path / "file.0.unfinished") == text("left over"));
  CHECK(entries(scratch.path) == 2);
}

#if !defined(_WIN32)

TEST_CASE("a device is not replaced by a file") {
  CHECK(refusal<DataError>([] { write_file("/dev/full", text("x")); }) ==
        "/dev/full: expects a file but it is a device, a pipe or a socket");
  CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("a disk that is full keeps the old file, and the reason is said") {
  const Scratch scratch("write-full");
  const auto path = scratch.path / "file";
  write_file(path, text("old"));
  struct rlimit before {};
  getrlimit(RLIMIT_FSIZE, &before);
  struct rlimit small = before;
  small.rlim_cur = 1000;  // as a disk with 1000 bytes left: some are written, then no more
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string refused = refusal<DataError>([&] { write_file(path, std::vector<std::byte>(5000)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  CHECK(refused == path.string() + ": cannot be written: File too large");
  CHECK(read_file(path) == text("old"));
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("what is read-only stays as it is, and nothing is left beside it") {
  const Scratch scratch("write-read-only");
  const auto path = scratch.path / "file", locked = scratch.path / "locked";
  write_file(path, text("old"));
  std::filesystem::create_directory(locked);
  std::filesystem::permissions(path, std::filesystem::perms(0444));
  std::filesystem::permissions(locked, std::filesystem::perms(0555));
  std::filesystem::permissions(scratch.path, std::filesystem::perms(0777));
  const auto user = geteuid();
  if (user == 0 && seteuid(65534) != 0) return;  // the administrator may write anywhere
  const std::string file_refused = refusal<DataError>([&] { write_file(path, text("new")); });
  const std::string directory_refused = refusal<DataError>([&] { write_file(locked / "file", text("new")); });
  REQUIRE(seteuid(user) == 0);
  CHECK(file_refused == path.string() + ": cannot be written: Permission denied");
  CHECK(directory_refused == (locked / "file").string() + ": cannot be written: Permission denied");
  CHECK(read_file(path) == text("old"));
  CHECK(entries(scratch.path) == 2);
  CHECK(entries(locked) == 0);
}

TEST_CASE("a file gets the rights that the process gives to new files") {
  const Scratch scratch("write-rights");
  const auto before = umask(027);
  write_file(scratch.path / "file", text("x"));
  umask(before);
  CHECK(std::filesystem::status(scratch.path / "file").permissions() == std::filesystem::perms(0640));
}

TEST_CASE("a link stays a link, and what it leads to is replaced") {
  const Scratch scratch("write-link");
  write_file(scratch.path / "file", text("old"));
  std::filesystem::create_symlink("file", scratch.path / "link");
  write_file(scratch.path / "link", text("new"));
  CHECK(std::filesystem::is_symlink(scratch.path / "link"));
  CHECK(read_file(scratch.path / "file") == text("new"));
  CHECK(entries(scratch.path) == 2);
}

#endif
