#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <string>

/// What f() returns, or the text of what it throws, in a process that is forked for it; "killed" where that does not come
/// to an end within ten seconds, or crashes.
template <typename F>
std::string forked(F f) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe to be had";
  const pid_t child = fork();
  if (child == 0) {
    alarm(10);
    std::string text;
    try {
      text = f();
    } catch (const std::exception& error) {
      text = error.what();
    }
    _exit(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string text(10'000, '\0');
  std::size_t size = 0;
  for (ssize_t got; (got = read(ends[0], text.data() + size, text.size() - size)) > 0;) size += static_cast<std::size_t>(got);
  close(ends[0]);
  int status = 1;
  waitpid(child, &status, 0);
  return status == 0 ? text.substr(0, size) : "killed";
}
