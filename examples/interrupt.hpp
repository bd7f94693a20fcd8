#pragma once

// Ctrl-C, and SIGTERM, as the examples understand them: the first asks to stop after this batch, a second one stops at
// once.

#include <atomic>
#include <csignal>

namespace examples {

/// Whether Ctrl-C was pressed, or SIGTERM sent, while an InterruptWatch was there. Any thread may ask.
inline std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal's handler writes it");

/// While it is there, Ctrl-C and SIGTERM are a question and no end.
class InterruptWatch {
 public:
  InterruptWatch() { handle(ask); }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch() { handle(SIG_DFL); }

 private:
  static void handle(void (*handler)(int)) {
    std::signal(SIGINT, handler);
    std::signal(SIGTERM, handler);
  }
  static void ask(int) {
    interrupted = true;
    handle(SIG_DFL);
  }
};

}  // namespace examples
