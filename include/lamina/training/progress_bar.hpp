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

namespace lamina {

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
  ~ProgressBar() {
    try {
      end_line();
    } catch (...) {  // of a stream that throws: what it shows no longer matters
    }
  }

  /// Where nobody watches, a step that is done so long after the last line, or the beginning, has a line of its own.
  void report_every(Clock::duration interval) { interval_ = interval; }

  /// Begins epoch `epoch` (the first is 1) of `epochs`, of `steps` steps. Throws OptionError for fewer than one step.
  void start(Index epoch, Index epochs, Index steps, Clock::time_point now = Clock::now()) {
    if (steps < 1) throw OptionError(message("ProgressBar: expects at least one step but got ", steps));
    end_line();
    title_ = message("Epoch ", epoch, "/", epochs);
    steps_ = steps;
    step_ = 0;
    started_ = first_step_ = last_step_ = now;
    if (!written_) written_ = now;
    if (terminal_.interactive) out_ << title_ << '\n' << std::flush;
  }

  /// `step` steps are done, with these values so far.
  void update(Index step, Values values, Clock::time_point now = Clock::now()) {
    if (step_ == 0 && step == 1) first_step_ = now;
    step_ = step;
    last_step_ = now;
    if (!terminal_.interactive && interval_ && step < steps_ && now - *written_ >= *interval_) write_line(values, now);
    const bool due = shown_ == 0 || step == steps_ || now - drawn_ >= std::chrono::milliseconds(50);
    if (!terminal_.interactive || !due) return;
    drawn_ = now;
    const double per_step = seconds_per_step();
    const double remaining = per_step * static_cast<double>(std::max<Index>(steps_ - step, 0));
    draw(fitted(message(" ", times(remaining, per_step)), values));
  }
  void update(Index step, List values, Clock::time_point now = Clock::now()) { update(step, Values(values), now); }

  /// The epoch is over, after the last step that was told, with these values at its end. What came after that step,
  /// a validation say, counts as time of the epoch but of no step.
  void finish(Values values, Clock::time_point now = Clock::now()) {
    if (!terminal_.interactive) return write_line(values, now);
    draw_last(" " + times(seconds(now - started_), seconds_per_step()), values);
    out_.flush();
  }
  void finish(List values, Clock::time_point now = Clock::now()) { finish(Values(values), now); }

 private:
  static constexpr Index longest_bar = 20, shortest_bar = 5;

  static double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }
  static std::string times(double whole, double step) { return format_duration(whole) + " " + format_step_time(step); }
  static std::string text(const Value& value) { return std::string(value.name) + ": " + format_value(value.value); }

  void write_line(Values values, Clock::time_point now) {
    written_ = now;
    out_ << title_ << " - " << step_ << "/" << steps_ << " - " << times(seconds(now - started_), seconds_per_step());
    for (const Value& value : values) out_ << " - " << text(value);
    out_ << '\n' << std::flush;
  }

  /// The first step, in which memory is claimed, is left out as soon as there is another.
  double seconds_per_step() const {
    if (step_ < 1) return 0;
    if (step_ > 1 && first_step_ != started_) return seconds(last_step_ - first_step_) / static_cast<double>(step_ - 1);
    return seconds(last_step_ - started_) / static_cast<double>(step_);
  }

  std::string count() const {
    const std::string steps = std::to_string(steps_);
    return align_right(std::to_string(step_), display_width(steps)) + "/" + steps;
  }

  /// A column less than there are: a full line would move some cursors to the next.
  Index room() const { return std::max(terminal_.width - 1, 1); }

  /// The bar with a space before it, of at most `columns` columns, or nothing if that is too few.
  std::string bar(Index columns) const {
    const Index cells = std::min(columns - 1, longest_bar);
    if (cells < shortest_bar) return "";
    const Index done = std::clamp<Index>(cells * step_ / steps_, 0, cells);
    const auto cells_of = [&](Index many, const char* color, const char* unicode, const char* ascii) {
      std::string drawn;
      for (Index cell = 0; cell < many; ++cell) drawn += terminal_.unicode ? unicode : ascii;
      return terminal_.color && many > 0 ? color + drawn + "\x1b[0m" : drawn;
    };
    return message(" ", cells_of(done, "\x1b[32m", "━", "="), cells_of(cells - done, "\x1b[90m", "─", "."));
  }

  struct Line {
    std::string text;
    Index width;  ///< without colours
  };

  /// Count, bar, time and values; a bar that is shown shrinks before anything else.
  Line joined(std::string_view time, std::string_view tail) const {
    const Index rest = display_width(count()) + display_width(time) + display_width(tail);
    std::string drawn = bar(room() - rest);
    const Index cells = drawn.empty() ? 0 : std::min(room() - rest, longest_bar + 1);
    return {count() + drawn + std::string(time) + std::string(tail), rest + cells};
  }

  /// As many of the values as one line takes, the first ones first.
  Line fitted(std::string_view time, Values values) const {
    for (std::size_t many = values.size(); many > 0; --many) {
      std::string tail;
      for (const Value& value : values.first(many)) tail += message(" - ", text(value));
      Line line = joined(time, tail);
      if (line.width <= room()) return line;
    }
    Line line = joined(time, "");
    if (line.width > room()) {
      line.text = count().substr(0, static_cast<std::size_t>(room()));
      line.width = display_width(line.text);
    }
    return line;
  }

  /// The last line of an epoch: no value is left out, those that it does not take go on further lines below it.
  void draw_last(std::string_view time, Values values) {
    const Index indent = std::min(display_width(count()) + 1, room() / 4);
    Line line = fitted(time, {});
    Index used = line.width;
    std::string further;
    for (const Value& value : values) {
      const std::string one = text(value);
      const bool fits = used + 3 + display_width(one) <= room();
      (further.empty() && fits ? line.text : further) +=
          fits ? " - " + one : message("\n", align_right("", indent), one);
      used = (fits ? used + 3 : indent) + display_width(one);
      if (further.empty()) line.width = used;
    }
    draw(line);
    out_ << further;
    end_line();
  }

  void draw(const Line& line) {
    out_ << '\r' << line.text;
    if (line.width < shown_) out_ << align_right("", shown_ - line.width);
    shown_ = line.width;
    out_.flush();
  }

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
