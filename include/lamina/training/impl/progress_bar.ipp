#pragma once

#include "../progress_bar.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ProgressBar::~ProgressBar() {
  try {
    end_line();
  } catch (...) {  // the stream threw: nothing can be shown any more
  }
}

LAMINA_FUNC void ProgressBar::start(Index epoch, Index epochs, Index steps, Clock::time_point now) {
  if (steps < 1) throw OptionError(str_cat("ProgressBar: expects at least one step but got ", steps));
  end_line();
  title_ = str_cat("Epoch ", epoch, "/", epochs);
  steps_ = steps;
  step_ = 0;
  started_ = first_step_ = last_step_ = now;
  if (!written_) written_ = now;
  if (terminal_.interactive) out_ << title_ << '\n' << std::flush;
}

LAMINA_FUNC void ProgressBar::update(Index step, Values values, Clock::time_point now) {
  if (step_ == 0 && step == 1) first_step_ = now;
  step_ = step;
  last_step_ = now;
  if (!terminal_.interactive && interval_ && step < steps_ && now - *written_ >= *interval_) write_line(values, now);
  const bool due = shown_ == 0 || step == steps_ || now - drawn_ >= std::chrono::milliseconds(50);
  if (!terminal_.interactive || !due) return;
  drawn_ = now;
  const double per_step = seconds_per_step();
  const double remaining = per_step * static_cast<double>((std::max<Index>)(steps_ - step, 0));
  draw(fitted(str_cat(" ", times(remaining, per_step)), values));
}

LAMINA_FUNC void ProgressBar::finish(Values values, Clock::time_point now) {
  if (!terminal_.interactive) return write_line(values, now);
  draw_last(str_cat(" ", times(seconds(now - started_), seconds_per_step())), values);
  out_.flush();
}

LAMINA_FUNC void ProgressBar::write_line(Values values, Clock::time_point now) {
  written_ = now;
  out_ << title_ << " - " << step_ << "/" << steps_ << " - " << times(seconds(now - started_), seconds_per_step());
  for (const Value& value : values) out_ << " - " << text(value);
  out_ << '\n' << std::flush;
}

LAMINA_FUNC double ProgressBar::seconds_per_step() const {
  if (step_ < 1) return 0;
  if (step_ > 1 && first_step_ != started_) return seconds(last_step_ - first_step_) / static_cast<double>(step_ - 1);
  return seconds(last_step_ - started_) / static_cast<double>(step_);
}

LAMINA_FUNC std::string ProgressBar::count() const {
  const std::string steps = std::to_string(steps_);
  return align_right(std::to_string(step_), display_width(steps)) + "/" + steps;
}

LAMINA_FUNC std::string ProgressBar::bar(Index columns) const {
  const Index cells = (std::min)(columns - 1, longest_bar);
  if (cells < shortest_bar) return "";
  const Index done = std::clamp<Index>(cells * step_ / steps_, 0, cells);
  const auto cells_of = [&](Index many, const char* color, const char* unicode, const char* ascii) {
    std::string drawn;
    for (Index cell = 0; cell < many; ++cell) drawn += terminal_.unicode ? unicode : ascii;
    return terminal_.color && many > 0 ? color + drawn + "\x1b[0m" : drawn;
  };
  return str_cat(" ", cells_of(done, "\x1b[32m", "━", "="), cells_of(cells - done, "\x1b[90m", "─", "."));
}

LAMINA_FUNC ProgressBar::Line ProgressBar::joined(std::string_view time, std::string_view tail) const {
  const Index rest = display_width(count()) + display_width(time) + display_width(tail);
  std::string drawn = bar(room() - rest);
  const Index cells = drawn.empty() ? 0 : (std::min)(room() - rest, longest_bar + 1);
  return {count() + drawn + std::string(time) + std::string(tail), rest + cells};
}

LAMINA_FUNC ProgressBar::Line ProgressBar::fitted(std::string_view time, Values values) const {
  for (std::size_t many = values.size(); many > 0; --many) {
    std::string tail;
    for (const Value& value : values.first(many)) tail += str_cat(" - ", text(value));
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

LAMINA_FUNC void ProgressBar::draw_last(std::string_view time, Values values) {
  const Index indent = (std::min)(display_width(count()) + 1, room() / 4);
  Line line = fitted(time, {});
  Index used = line.width;
  std::string further;
  for (const Value& value : values) {
    const std::string one = text(value);
    const bool fits = used + 3 + display_width(one) <= room();
    (further.empty() && fits ? line.text : further) +=
        fits ? " - " + one : str_cat("\n", align_right("", indent), one);
    used = (fits ? used + 3 : indent) + display_width(one);
    if (further.empty()) line.width = used;
  }
  draw(line);
  out_ << further;
  end_line();
}

LAMINA_FUNC void ProgressBar::draw(const Line& line) {
  out_ << '\r' << line.text;
  if (line.width < shown_) out_ << align_right("", shown_ - line.width);
  shown_ = line.width;
  out_.flush();
}

}  // namespace lamina
