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

/// Shows the steps of an epoch as Keras does, at most every 0.05 s:
///
///   Epoch 1/5
///   123/938 ━━────────────────── 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981
///
/// The time is what remains, and at the end what it took. A narrow terminal shortens the bar and leaves out values
/// while it runs, and the end puts them on lines of their own. Where nobody watches there is one line an epoch and no
/// bar:
///
///   Epoch 1/5 - 938/938 - 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981
///
/// and, where report_every says so, lines like it before the epoch is over, each with the time since it began.
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

  /// The stream must outlive the bar.
  ProgressBar(std::ostream& out, const Terminal& terminal) : out_(out), terminal_(terminal) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// A run that ends in the middle of an epoch, by an exception say, leaves the cursor at the start of a line.
  ~ProgressBar();

  /// The longest time without a line where output is no terminal: a step that ends later than that has a line of its own.
  void report_every(Clock::duration interval) { interval_ = interval; }

  /// Begins epoch `epoch` (the first is 1) of `epochs`, of `steps` steps. Throws OptionError for fewer than one step.
  void start(Index epoch, Index epochs, Index steps, Clock::time_point now = Clock::now());

  /// `step` steps are done, with these values so far.
  void update(Index step, Values values, Clock::time_point now = Clock::now());
  void update(Index step, List values, Clock::time_point now = Clock::now()) { update(step, Values(values), now); }

  /// The epoch is over, after the last step that was told, with these values at its end. What came after that step,
  /// a validation say, counts as time of the epoch but of no step.
  void finish(Values values, Clock::time_point now = Clock::now());
  void finish(List values, Clock::time_point now = Clock::now()) { finish(Values(values), now); }

 private:
  static constexpr Index longest_bar = 20, shortest_bar = 5;

  static double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }
  static std::string times(double whole, double step) { return format_duration(whole) + " " + format_step_time(step); }
  static std::string text(const Value& value) { return std::string(value.name) + ": " + format_value(value.value); }

  void write_line(Values values, Clock::time_point now);

  /// The first step, in which memory is claimed, is left out as soon as there is another.
  double seconds_per_step() const;

  std::string count() const;

  /// A column less than there are: a full line would move some cursors to the next.
  Index room() const { return (std::max)(terminal_.width - 1, 1); }

  /// The bar with a space before it, of at most `columns` columns, or nothing if that is too few.
  std::string bar(Index columns) const;

  struct Line {
    std::string text;
    Index width;  ///< without colours
  };

  /// Count, bar, time and values; a bar that is shown shrinks before anything else.
  Line joined(std::string_view time, std::string_view tail) const;

  /// Returns as many of the values as one line takes, the first ones first.
  Line fitted(std::string_view time, Values values) const;

  /// The last line of an epoch: no value is left out, those that it does not take go on further lines below it.
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
  Index shown_ = 0;  ///< columns of the line that is being drawn again; 0 when there is none
  Clock::time_point started_{}, first_step_{}, last_step_{}, drawn_{};
  std::optional<Clock::duration> interval_{};    ///< between lines, where nobody watches
  std::optional<Clock::time_point> written_{};   ///< when the last line was, or the first epoch began
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/progress_bar.ipp"
#endif
