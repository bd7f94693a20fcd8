#include <algorithm>
#include <lamina/core/files.hpp>
#include <lamina/core/write_file.hpp>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "../forked.hpp"
#include "../full_disk.hpp"
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
  std::string refused;
  {
    const FullDisk full(1000);  // as a disk with 1000 bytes left: some are written, then no more
    refused = refusal<DataError>([&] { write_file(path, std::vector<std::byte>(5000)); });
  }
  CHECK(refused == path.string() + ": cannot be written: File too large");
  CHECK(detail::read_file(path) == text("old"));
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
  CHECK(detail::read_file(path) == text("old"));
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
  CHECK(detail::read_file(scratch.path / "file") == text("new"));
  CHECK(entries(scratch.path) == 2);
}

TEST_CASE("a file that is replaced keeps its rights, and its owner where that is permitted") {
  const Scratch scratch("write-keeps-rights");
  const auto path = scratch.path / "file";
  write_file(path, text("old"));
  const auto before = umask(022);
  for (const unsigned rights : {0600U, 0640U, 0666U, 0755U}) {
    CHECK(chmod(path.c_str(), rights) == 0);
    write_file(path, text("new"));
    CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(rights));
  }
  umask(before);
  if (chown(path.c_str(), 65534, 65533) != 0) return;  // only the administrator may
  write_file(path, text("newer"));
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK(status.st_uid == 65534);
  CHECK(status.st_gid == 65533);
}

TEST_CASE("another's file that may be written to is replaced, and its rights make nobody its owner's deputy") {
  if (geteuid() != 0) return;
  const Scratch scratch("write-others");
  const auto path = scratch.path / "file";
  write_file(path, text("old"));
  REQUIRE(chmod(path.c_str(), 04666) == 0);
  REQUIRE(chmod(scratch.path.c_str(), 0777) == 0);
  const std::string seen = forked([&]() -> std::string {
    if (setgid(65534) != 0 || setuid(65534) != 0) return "not permitted";
    write_file(path, text("new"));
    return "written";
  });
  CHECK(seen == "written");
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK(status.st_uid == 65534);
  CHECK((status.st_mode & 07777) == 0666);
  CHECK(detail::read_file(path) == text("new"));
}

TEST_CASE("links are followed one after another, to a file that is not there yet, too, and in a circle are refused") {
  const Scratch scratch("write-links");
  std::filesystem::create_directories(scratch.path / "models");
  std::filesystem::create_symlink("second", scratch.path / "first");
  std::filesystem::create_symlink(scratch.path / "models" / "third", scratch.path / "second");
  std::filesystem::create_symlink("../file", scratch.path / "models" / "third");
  for (const char* letters : {"one", "two"}) {  // the first makes the file
    write_file(scratch.path / "first", text(letters));
    for (const char* link : {"first", "second", "models/third"})
      CHECK(std::filesystem::is_symlink(scratch.path / link));
    CHECK(!std::filesystem::is_symlink(scratch.path / "file"));
    CHECK(detail::read_file(scratch.path / "file") == text(letters));
  }
  CHECK(entries(scratch.path) == 4);
  std::filesystem::create_symlink("around", scratch.path / "circle");
  std::filesystem::create_symlink("circle", scratch.path / "around");
  CHECK(refusal<DataError>([&] { write_file(scratch.path / "circle", text("x")); }) ==
        (scratch.path / "circle").string() + ": cannot be written: Too many levels of symbolic links");
  std::filesystem::create_symlink("none/file", scratch.path / "nowhere");
  CHECK(refusal<DataError>([&] { write_file(scratch.path / "nowhere", text("x")); }) ==
        (scratch.path / "nowhere").string() + ": cannot be written: No such file or directory");
  CHECK(entries(scratch.path) == 7);
}

TEST_CASE("a file may have any name that the file system takes") {
  const Scratch scratch("write-names");
  std::string umlauts;
  while (umlauts.size() < 254) umlauts += "ü";
  for (const std::string& name : {std::string(227, 'a'), std::string(243, 'a'), std::string(255, 'a'), umlauts, "x" + umlauts,
                                  std::string("new\nline"), std::string("\xff\xfe"), std::string(".hidden"), std::string("a b%s")}) {
    write_file(scratch.path / name, text("x"));
    CHECK(detail::read_file(scratch.path / name) == text("x"));
    CHECK(entries(scratch.path) == 1);
    std::filesystem::remove(scratch.path / name);
  }
  CHECK(refusal<DataError>([&] { write_file(scratch.path / std::string(256, 'a'), text("x")); }) ==
        (scratch.path / std::string(256, 'a')).string() + ": cannot be written: File name too long");
  CHECK(entries(scratch.path) == 0);
}

TEST_CASE("the name of an unfinished file has whole characters") {
  for (const std::string letter : {"ü", "€", "🂡"})
    for (std::size_t before = 0; before < 4; ++before) {
      std::string name(before, 'a');
      while (name.size() < 200) name += letter;
      const std::string unfinished = detail::unfinished_name(name, 7);
      const std::string stem = unfinished.substr(0, unfinished.find('.'));
      CHECK(unfinished.ends_with(".7.unfinished"));
      CHECK(stem.size() > 96);
      CHECK(stem.size() <= 100);
      CHECK((stem.size() - before) % letter.size() == 0);
      CHECK(detail::is_unfinished_name(name, unfinished));
    }
  CHECK(detail::unfinished_name("folder/file.bin", 0) == "file.bin.0.unfinished");
  for (const char* other : {"file.bin", "file.bin.unfinished", "file.bin..unfinished", "file.bin.x.unfinished",
                            "file.bin.1.unfinished.bak", "other.1.unfinished"})
    CHECK(!detail::is_unfinished_name("folder/file.bin", other));
}

TEST_CASE("a thousand files that killed writers left are removed, and those of others are not") {
  const Scratch scratch("write-left-over");
  for (int i = 0; i < 1000; ++i)
    std::ofstream(scratch.path / ("file." + std::to_string(i) + ".unfinished")) << "left over";
  std::ofstream(scratch.path / "file.1005.unfinished") << "left over behind a gap";
  std::ofstream(scratch.path / "other.0.unfinished") << "mine";
  std::ofstream(scratch.path / "file.x.unfinished") << "mine";
  std::filesystem::create_directory(scratch.path / "file.1001.unfinished");
  std::filesystem::create_symlink("other.0.unfinished", scratch.path / "file.1002.unfinished");
  write_file(scratch.path / "file", text("new"));
  CHECK(detail::read_file(scratch.path / "file") == text("new"));
  CHECK(entries(scratch.path) == 5);
  CHECK(std::filesystem::exists(scratch.path / "other.0.unfinished"));
  CHECK(std::filesystem::exists(scratch.path / "file.x.unfinished"));
}

TEST_CASE("the file of a writer that is at work survives, and is removed when that was killed") {
  const Scratch scratch("write-live");
  const auto path = scratch.path / "file", unfinished = scratch.path / "file.0.unfinished";
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    std::string name;
    const detail::OpenFile folder(scratch.path, O_RDONLY | O_DIRECTORY), file = detail::begin_unfinished(folder, path, 0666, name);
    [[maybe_unused]] const auto told = write(ready[1], name.data(), 1);
    for (;;) pause();
  }
  char letter = 0;
  REQUIRE(read(ready[0], &letter, 1) == 1);
  for (const char* letters : {"one", "two"}) {
    write_file(path, text(letters));
    CHECK(detail::read_file(path) == text(letters));
    CHECK(std::filesystem::exists(unfinished));
    CHECK(entries(scratch.path) == 2);
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  write_file(path, text("three"));
  CHECK(!std::filesystem::exists(unfinished));
  CHECK(entries(scratch.path) == 1);
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("writers of one file, in many processes, do not take each other's for left over") {
  const Scratch scratch("write-many");
  std::vector<pid_t> writers;
  for (int number = 0; number < 6; ++number) {
    const pid_t child = fork();
    if (child == 0) {
      try {
        for (int i = 0; i < 150; ++i) write_file(scratch.path / "file", std::vector<std::byte>(static_cast<std::size_t>(number * 999)));
      } catch (const std::exception& error) {
        fputs(error.what(), stderr);
        _exit(1);
      }
      _exit(0);
    }
    writers.push_back(child);
  }
  for (const pid_t writer : writers) {
    int status = 1;
    waitpid(writer, &status, 0);
    CHECK(status == 0);
  }
  CHECK(entries(scratch.path) == 1);
  CHECK(detail::read_file(scratch.path / "file").size() % 999 == 0);
}

TEST_CASE("a folder that may be written to but not be listed is written to") {
  const Scratch scratch("write-unlisted");
  REQUIRE(chmod(scratch.path.c_str(), 0777) == 0);
  const std::string seen = forked([&]() -> std::string {
    if (geteuid() == 0 && setuid(65534) != 0) return "not permitted";
    std::filesystem::create_directory(scratch.path / "unlisted");
    chmod((scratch.path / "unlisted").c_str(), 0300);
    write_file(scratch.path / "unlisted" / "file", text("x"));
    return "written";
  });
  CHECK(seen == "written");
  chmod((scratch.path / "unlisted").c_str(), 0700);
  CHECK(entries(scratch.path / "unlisted") == 1);
}

#endif
