#include <lamina/callbacks/log_file.hpp>

#include "../catch.hpp"
#include "logs.hpp"

#if !defined(_WIN32)
#include <unistd.h>

#include <vector>

#include "../full_disk.hpp"
#endif

using namespace lamina;

TEST_CASE("what was written to a log is in the file before the log is closed") {
  const Scratch scratch("log-file");
  detail::LogFile log(scratch.path / "log", IfExists::replace);
  CHECK(log.was_empty());
  log.write_line("one");
  CHECK(text_of(log.path()) == "one\n");
  log.write_line("two");
  CHECK(text_of(log.path()) == "one\ntwo\n");
}

TEST_CASE("a log that is there is replaced or appended to, and an unfinished line is ended first") {
  const Scratch scratch("log-file");
  const auto path = scratch.path / "log";
  write_text(path, "first\nsec");
  {
    detail::LogFile log(path, IfExists::append);
    CHECK(!log.was_empty());
    CHECK(log.first_line() == "first");
    log.write_line("third");
    log.write_line("fourth");
  }
  CHECK(text_of(path) == "first\nsec\nthird\nfourth\n");
  {
    detail::LogFile log(path, IfExists::append);
    log.write_line("fifth");
  }
  CHECK(text_of(path) == "first\nsec\nthird\nfourth\nfifth\n");
  detail::LogFile log(path, IfExists::replace);
  CHECK(text_of(path).empty());
  CHECK(detail::LogFile(path, IfExists::append).was_empty());
  CHECK(detail::LogFile(scratch.path / "none", IfExists::append).was_empty());
}

TEST_CASE("a log that cannot be written says so at once, and why") {
  const Scratch scratch("log-file");
  const auto refused = [](const std::filesystem::path& path) {
    return refusal<DataError>([&] { detail::LogFile(path, IfExists::replace); });
  };
  const std::string folder = scratch.path.string();
  CHECK(refused(scratch.path) == folder + ": expects a file but it is a directory; give it a file's name");
  CHECK(refused(scratch.path / "no" / "log") ==
        folder + "/no/log: cannot be written: there is no folder " + folder + "/no; make it first");
  CHECK(refused("/proc/no-such-log").starts_with("/proc/no-such-log: cannot be written: "));
}

TEST_CASE("a full disk is told of") {
  if (!std::filesystem::exists("/dev/full")) return;
  detail::LogFile log("/dev/full", IfExists::replace);
  CHECK(refusal<DataError>([&] { log.write_line("text"); }) == "/dev/full: cannot be written: No space left on device");
}

TEST_CASE("a log is made where the name is free, and another's is left alone") {
  const Scratch scratch("log-file");
  const auto path = scratch.path / "log";
  auto log = detail::LogFile::create(path);
  REQUIRE(log);
  CHECK(log->write("one"));
  CHECK(!detail::LogFile::create(path));
  CHECK(text_of(path) == "one");
  CHECK(refusal<DataError>([&] { detail::LogFile::create(scratch.path / "no" / "log"); }) ==
        scratch.path.string() + "/no/log: cannot be written: No such file or directory");
}

TEST_CASE("a first line of any length takes little memory, and a log can be begun anew") {
  const Scratch scratch("log-file");
  const auto path = scratch.path / "log";
  std::string long_line(1'000'000, 'x');
  write_text(path, long_line += "\nsecond");
  detail::LogFile log(path, IfExists::append);
  CHECK(log.first_line() == std::string(65'536, 'x'));
  log.clear();
  log.write_line("third");
  CHECK(text_of(path) == "third\n");
}

#if !defined(_WIN32)

TEST_CASE("of a line that the disk has no room for nothing stays, and the next one begins on a line of its own") {
  const Scratch scratch("log-file");
  const auto path = scratch.path / "log";
  write_text(path, "0.5\n");
  detail::LogFile log(path, IfExists::append);
  for (int round = 0; round < 2; ++round) {
    std::string refused;
    {
      const FullDisk full(static_cast<rlim_t>(std::filesystem::file_size(path)) + 5);
      refused = refusal<DataError>([&] { log.write_line("0.123456789"); });
    }
    CHECK(refused == path.string() + ": cannot be written: File too large");
    CHECK(text_of(path) == (round == 0 ? "0.5\n" : "0.5\n0.25\n"));
    CHECK(log.write_line("0.25"));
  }
  CHECK(text_of(path) == "0.5\n0.25\n0.25\n");
}

TEST_CASE("of a log that two write to only the half line is taken back") {
  const Scratch scratch("log-file");
  const auto path = scratch.path / "log";
  detail::LogFile log(path, IfExists::append), other(path, IfExists::append);
  log.write_line("one");
  other.write_line("two");
  {
    const FullDisk full(10);
    CHECK_THROWS_AS(log.write_line("three"), DataError);
  }
  CHECK(text_of(path) == "one\ntwo\n");
  other.write_line("four");
  log.write_line("five");
  CHECK(text_of(path) == "one\ntwo\nfour\nfive\n");
}

TEST_CASE("trouble is told once until something can be written again, and nobody's run ends") {
  const Scratch scratch("log-file");
  const auto path = scratch.path / "log";
  detail::LogFile log(path, IfExists::replace);
  std::vector<std::string> troubles;
  log.on_trouble([&](const DataError& error) { troubles.push_back(error.what()); });
  for (int round = 1; round <= 2; ++round) {
    {
      const FullDisk full(static_cast<rlim_t>(std::filesystem::file_size(path)) + 2);
      for (int line = 0; line < 3; ++line) CHECK(!log.write_line("lost"));
    }
    CHECK(log.write_line("kept"));
    CHECK(troubles == std::vector<std::string>(static_cast<std::size_t>(round), path.string() + ": cannot be written: File too large"));
  }
  CHECK(text_of(path) == "kept\nkept\n");
}

#endif
