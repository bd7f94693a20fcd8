#include <lamina/core/folder_lock.hpp>
#include <fstream>
#include <optional>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "../forked.hpp"

#if !defined(_WIN32)
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace lamina;

TEST_CASE("a folder has one owner at a time, and who asks meanwhile is told of it") {
  const Scratch scratch("lock");
  std::optional<detail::FolderLock> first(scratch.path);
  const std::string number = std::to_string(getpid());
  CHECK(refusal<DataError>([&] { detail::FolderLock second(scratch.path); }) ==
        scratch.path.string() + ": another run is at work in this folder (process " + number +
            "); wait until it has ended, or give another folder");
  detail::FolderLock moved = *std::move(first);
  first.reset();
  CHECK(refusal<DataError>([&] { detail::FolderLock second(scratch.path); }).find("another run is at work") !=
        std::string::npos);
}

TEST_CASE("the lock of an owner that is gone holds nobody up") {
  const Scratch scratch("lock-gone");
  { detail::FolderLock lock(scratch.path); }
  { detail::FolderLock lock(scratch.path); }
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    detail::FolderLock lock(scratch.path);
    [[maybe_unused]] const auto told = write(ready[1], "x", 1);
    for (;;) pause();
  }
  char letter = 0;
  REQUIRE(read(ready[0], &letter, 1) == 1);
  CHECK(refusal<DataError>([&] { detail::FolderLock lock(scratch.path); }).find("(process " + std::to_string(child) + ")") !=
        std::string::npos);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  detail::FolderLock lock(scratch.path);
  CHECK(std::filesystem::exists(scratch.path / "run.lock"));
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("a lock that is no file is refused, and what a link leads to is left alone") {
  const Scratch scratch("lock-link");
  const auto lock = scratch.path / "run.lock", other = scratch.path / "other";
  const auto refused = [&] { return refusal<DataError>([&] { detail::FolderLock owner(scratch.path); }); };
  const std::string expected = lock.string() + ": expects a file but it is a link, a folder or a device; remove it";
  std::ofstream(other) << "mine";
  std::filesystem::create_symlink(other, lock);
  CHECK(refused() == expected);
  std::string text;
  std::getline(std::ifstream(other), text);
  CHECK(text == "mine");
  std::filesystem::remove(lock);
  std::filesystem::create_directory(lock);
  CHECK(refused() == expected);
  std::filesystem::remove(lock);
  REQUIRE(mkfifo(lock.c_str(), 0600) == 0);
  CHECK(refused() == expected);
  std::filesystem::remove(lock);
  CHECK(detail::FolderLock(scratch.path).locked());
}

TEST_CASE("a folder that is not there, or cannot be written to, is refused by its name") {
  const Scratch scratch("lock-none");
  const auto folder = scratch.path / "none";
  CHECK(refusal<DataError>([&] { detail::FolderLock lock(folder); }) ==
        folder.string() + ": cannot be written to: No such file or directory");
  CHECK(refusal<DataError>([&] { detail::FolderLock lock("/proc/self"); }).starts_with("/proc/self: cannot be written to: "));
}

namespace {

/// A process that is forked and waits, until this object ends.
class WaitingCopy {
 public:
  WaitingCopy() : process_(fork()) {
    if (process_ == 0)
      for (;;) pause();
  }
  WaitingCopy(const WaitingCopy&) = delete;
  WaitingCopy& operator=(const WaitingCopy&) = delete;
  ~WaitingCopy() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

 private:
  pid_t process_;
};

}  // namespace

TEST_CASE("a lock that ended is free, though the process forked a copy of itself meanwhile") {
  const Scratch scratch("lock-copies");
  std::optional<detail::FolderLock> lock(scratch.path);
  const WaitingCopy copy;
  lock.reset();
  CHECK(detail::FolderLock(scratch.path).locked());
  CHECK(forked([&]() -> std::string { return detail::FolderLock(scratch.path).locked() ? "locked" : "not locked"; }) == "locked");
}

TEST_CASE("a copy of the process does not unlock the folder, and is told that the lock is not its own") {
  const Scratch scratch("lock-copy");
  std::optional<detail::FolderLock> lock(scratch.path);
  lock->check_process("CheckpointFolder");
  const std::string told = forked([&]() -> std::string {
    std::string text = refusal<OptionError>([&] { lock->check_process("CheckpointFolder"); });
    lock.reset();
    return text;
  });
  CHECK(told.starts_with("CheckpointFolder: its folder is locked by process " + std::to_string(getpid()) + " but this is process "));
  CHECK(told.ends_with(", forked from it; make the CheckpointFolder after the fork"));
  CHECK(refusal<DataError>([&] { detail::FolderLock second(scratch.path); }).find("another run is at work") != std::string::npos);
}

#endif
