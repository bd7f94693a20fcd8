#pragma once

// Ctrl-C as the examples understand it: the first asks to stop after this batch, a second one stops at once.

#include <atomic>
#include <csignal>

namespace examples {

/// Whether Ctrl-C was pressed while an InterruptWatch was there. Any thread may ask.
inline std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal's handler writes it");

/// While it is there, Ctrl-C is a question and no end.
class InterruptWatch {
 public:
  InterruptWatch() { std::signal(SIGINT, ask); }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch() { std::signal(SIGINT, SIG_DFL); }

 private:
  static void ask(int signal) {
    interrupted = true;
    std::signal(signal, SIG_DFL);
  }
};

}  // namespace examples
