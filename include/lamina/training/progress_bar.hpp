#pragma once

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "../core/terminal.hpp"
#include "../core/text.hpp"

namespace LAMINA_NAMESPACE {

/// A progress bar that shows the steps of an epoch as Keras does, at most every 0.05 s:
///
///   Epoch 1/5
///   123/938 ━━────────────────── 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981
///
/// The time is the remaining one and, at the end, the elapsed one. In a narrow terminal the bar is shorter and values are
/// left out during the epoch; at the end they stand on further lines. If the output is not a terminal, it writes one line
/// per epoch without a bar:
///
///   Epoch 1/5 - 938/938 - 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981
///
/// With report_every it also writes such lines during the epoch, each with the elapsed time.
///
///   ProgressBar bar{std::cout, Terminal::detect(stdout)};
///   bar.start(1, 5, 938);
///   bar.update(123, {{"accuracy", 0.9123}, {"loss", 0.2981}});
///   bar.finish({{"accuracy", 0.9789}, {"loss", 0.0712}, {"val_accuracy", 0.9841}});
class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;
  struct Value {
    std::string_view name;
    double value;
  };
  using Values = std::span<const Value>;
  using List = std::initializer_list<Value>;

  /// Makes a bar on a stream, which must outlive it.
  ProgressBar(std::ostream& out, const Terminal& terminal) : out_(out), terminal_(terminal) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Ends an unfinished line, so that a run that ends inside an epoch leaves the cursor at the start of a line.
  ~ProgressBar();

  /// Sets the longest time without a line if the output is not a terminal. A step that ends later gets its own line.
  void report_every(Clock::duration interval) { interval_ = interval; }

  /// Begins epoch `epoch` (the first is 1) of `epochs`, with `steps` steps. Throws OptionError for fewer than one step.
  void start(Index epoch, Index epochs, Index steps, Clock::time_point now = Clock::now());

  /// Shows that `step` steps are done, with these values so far.
  void update(Index step, Values values, Clock::time_point now = Clock::now());
  void update(Index step, List values, Clock::time_point now = Clock::now()) { update(step, Values(values), now); }

  /// Ends the epoch after the last step, with its final values. Time after that step, such as a validation, counts for
  /// the epoch but for no step.
  void finish(Values values, Clock::time_point now = Clock::now());
  void finish(List values, Clock::time_point now = Clock::now()) { finish(Values(values), now); }

 private:
  static constexpr Index longest_bar = 20, shortest_bar = 5;

  static double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }
  static std::string times(double whole, double step) { return detail::format_duration(whole) + " " + detail::format_step_time(step); }
  static std::string text(const Value& value) { return std::string(value.name) + ": " + format_value(value.value); }

  void write_line(Values values, Clock::time_point now);

  /// Returns the mean time of a step. It leaves out the first step, which allocates memory, as soon as there is another.
  double seconds_per_step() const;

  std::string count() const;

  /// Returns the usable columns: one less than there are, because a full line moves the cursor of some terminals.
  Index room() const { return (std::max)(terminal_.width - 1, 1); }

  /// Returns the bar with a space before it, at most `columns` wide, or an empty text if that is too narrow.
  std::string bar(Index columns) const;

  struct Line {
    std::string text;
    Index width;  ///< without colours
  };

  /// Joins count, bar, time and values to a line; the bar shrinks before anything else.
  Line joined(std::string_view time, std::string_view tail) const;

  /// Returns a line with as many of the values as fit, in their order.
  Line fitted(std::string_view time, Values values) const;

  /// Draws the last line of an epoch with all values; values that do not fit go on further lines below it.
  void draw_last(std::string_view time, Values values);

  void draw(const Line& line);

  void end_line() {
    if (shown_ > 0) out_ << '\n' << std::flush;
    shown_ = 0;
  }

  std::ostream& out_;
  Terminal terminal_;
  std::string title_;
  Index steps_ = 1, step_ = 0;
  Index shown_ = 0;  ///< columns of the line that is being redrawn; 0 if there is none
  Clock::time_point started_{}, first_step_{}, last_step_{}, drawn_{};
  std::optional<Clock::duration> interval_{};    ///< between lines if the output is not a terminal
  std::optional<Clock::time_point> written_{};   ///< time of the last line, or of the start of the first epoch
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/progress_bar.ipp"
#endif
