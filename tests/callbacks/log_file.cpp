#include <lamina/callbacks/log_file.hpp>

#include "../catch.hpp"
#include "logs.hpp"

using namespace lamina;

TEST_CASE("what was written to a log is in the file before the log is closed") {
  const Scratch scratch("log-file");
  LogFile log(scratch.path / "log", IfExists::replace);
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
    LogFile log(path, IfExists::append);
    CHECK(!log.was_empty());
    CHECK(log.first_line() == "first");
    log.write_line("third");
    log.write_line("fourth");
  }
  CHECK(text_of(path) == "first\nsec\nthird\nfourth\n");
  {
    LogFile log(path, IfExists::append);
    log.write_line("fifth");
  }
  CHECK(text_of(path) == "first\nsec\nthird\nfourth\nfifth\n");
  LogFile log(path, IfExists::replace);
  CHECK(text_of(path).empty());
  CHECK(LogFile(path, IfExists::append).was_empty());
  CHECK(LogFile(scratch.path / "none", IfExists::append).was_empty());
}

TEST_CASE("a log that cannot be written says so at once, and why") {
  const Scratch scratch("log-file");
  const auto refused = [](const std::filesystem::path& path) {
    return refusal<DataError>([&] { LogFile(path, IfExists::replace); });
  };
  const std::string folder = scratch.path.string();
  CHECK(refused(scratch.path) == folder + ": expects a file but it is a directory; give it a file's name");
  CHECK(refused(scratch.path / "no" / "log") ==
        folder + "/no/log: cannot be written: there is no folder " + folder + "/no; make it first");
  CHECK(refused("/proc/no-such-log").starts_with("/proc/no-such-log: cannot be written: "));
}

TEST_CASE("a full disk is told of") {
  if (!std::filesystem::exists("/dev/full")) return;
  LogFile log("/dev/full", IfExists::replace);
  CHECK(refusal<DataError>([&] { log.write_line("text"); }) == "/dev/full: cannot be written: No space left on device");
}
