#include <lamina/training/progress_bar.hpp>
#include <sstream>

#include "../catch.hpp"

using namespace lamina;
using namespace std::chrono_literals;

namespace {

constexpr Terminal unicode{.interactive = true, .color = false, .unicode = true, .width = 80};
constexpr ProgressBar::Clock::time_point begin{1h};

/// What was written since the last call.
std::string taken(std::ostringstream& out) {
  std::string text = out.str();
  out.str("");
  return text;
}

/// Two epochs' worth of calls: step 1 after 50 ms, step 123 after 660 ms.
void run_to_123(ProgressBar& bar) {
  bar.start(1, 5, 938, begin);
  bar.update(1, {{"accuracy", 0.1}, {"loss", 2.5}}, begin + 50ms);
  bar.update(123, {{"accuracy", 0.9123}, {"loss", 0.29814}}, begin + 660ms);
}

std::string last_line(const std::string& text) { return text.substr(text.rfind('\r') + 1); }

}  // namespace

TEST_CASE("a running bar shows steps, what remains, the time of a step and the values") {
  std::ostringstream out;
  ProgressBar bar{out, unicode};
  bar.start(1, 5, 938, begin);
  CHECK(taken(out) == "Epoch 1/5\n");
  bar.update(1, {{"accuracy", 0.1}, {"loss", 2.5}}, begin + 50ms);
  CHECK(taken(out) == "\r  1/938 ──────────────────── 47s 50ms/step - accuracy: 0.1000 - loss: 2.5000");
  bar.update(123, {{"accuracy", 0.9123}, {"loss", 0.29814}}, begin + 660ms);  // 610 ms for 122 steps, 815 to come
  CHECK(taken(out) == "\r123/938 ━━────────────────── 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981  ");
}

TEST_CASE("the end shows the whole time, all values and a new line") {
  std::ostringstream out;
  ProgressBar bar{out, unicode};
  run_to_123(bar);
  bar.update(938, {{"accuracy", 0.98}, {"loss", 0.07}}, begin + 4735ms);
  taken(out);
  bar.finish({{"accuracy", 0.9789}, {"loss", 0.0712}}, begin + 5600ms);  // 865 ms of validation are no step's
  CHECK(taken(out) == "\r938/938 ━━━━━━━━━━━━━━━━━━━━ 6s 5ms/step - accuracy: 0.9789 - loss: 0.0712\n");
}

TEST_CASE("values that do not fit the last line stand below it") {
  std::ostringstream out;
  ProgressBar bar{out, unicode};
  run_to_123(bar);
  bar.update(938, {{"accuracy", 0.98}, {"loss", 0.07}}, begin + 4735ms);
  taken(out);
  bar.finish({{"accuracy", 0.9789}, {"loss", 0.0712}, {"val_accuracy", 0.9841}, {"val_loss", 0.05}}, begin + 5600ms);
  CHECK(taken(out) ==
        "\r938/938 ━━━━━━━━━━━━━━━━━━━━ 6s 5ms/step - accuracy: 0.9789 - loss: 0.0712\n"
        "        val_accuracy: 0.9841 - val_loss: 0.0500\n");
}

TEST_CASE("the line is drawn again after 50 ms at the earliest, but for the last step") {
  std::ostringstream out;
  ProgressBar bar{out, unicode};
  bar.start(1, 1, 100, begin);
  bar.update(1, {}, begin + 1ms);
  CHECK_FALSE(taken(out).empty());
  bar.update(2, {}, begin + 50ms);
  CHECK(taken(out).empty());
  bar.update(3, {}, begin + 51ms);
  CHECK_FALSE(taken(out).empty());
  bar.update(100, {}, begin + 52ms);
  CHECK(taken(out) == "\r100/100 ━━━━━━━━━━━━━━━━━━━━ 0s 515us/step");
}

TEST_CASE("a shorter line covers the longer one before it") {
  std::ostringstream out;
  ProgressBar bar{out, unicode};
  bar.start(1, 1, 10, begin);
  bar.update(1, {{"loss", 0.5}}, begin + 1ms);
  taken(out);
  bar.update(2, {}, begin + 101ms);
  CHECK(taken(out) == "\r 2/10 ━━━━──────────────── 1s 100ms/step" + std::string(13, ' '));
}

TEST_CASE("without Unicode the bar is made of ASCII") {
  std::ostringstream out;
  ProgressBar bar{out, {.interactive = true}};
  run_to_123(bar);
  CHECK(last_line(taken(out)) == "123/938 ==.................. 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981  ");
}

TEST_CASE("colours wrap the bar and take no columns") {
  std::ostringstream out;
  ProgressBar bar{out, {.interactive = true, .color = true, .unicode = true}};
  run_to_123(bar);
  CHECK(last_line(taken(out)) ==
        "123/938 \x1b[32m━━\x1b[0m\x1b[90m──────────────────\x1b[0m 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981  ");
  bar.finish({}, begin + 1s);
  CHECK(last_line(taken(out)).substr(0, 24) == "123/938 \x1b[32m━━\x1b[0m\x1b");
}

TEST_CASE("a narrow terminal shortens the bar, drops it, and then drops the last values") {
  const auto at = [](int width) {
    std::ostringstream out;
    ProgressBar bar{out, {.interactive = true, .unicode = true, .width = width}};
    bar.start(1, 5, 938, begin);
    bar.update(123, {{"accuracy", 0.9123}, {"loss", 0.29814}}, begin + 615ms);
    return last_line(taken(out));
  };
  CHECK(at(74) == "123/938 ━━───────────────── 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981");
  CHECK(at(60) == "123/938 ───── 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981");
  CHECK(at(55) == "123/938 4s 5ms/step - accuracy: 0.9123 - loss: 0.2981");
  CHECK(at(40) == "123/938 4s 5ms/step - accuracy: 0.9123");
  CHECK(at(36) == "123/938 ━────────────── 4s 5ms/step");
  CHECK(at(20) == "123/938 4s 5ms/step");
  CHECK(at(19) == "123/938");
  CHECK(at(5) == "123/");
  CHECK(at(0) == "1");
}

TEST_CASE("nothing wraps at 40 columns") {
  std::ostringstream out;
  ProgressBar bar{out, {.interactive = true, .unicode = true, .width = 40}};
  run_to_123(bar);
  bar.finish({{"accuracy", 0.9789}, {"loss", 0.0712}, {"val_accuracy", 0.9841}, {"val_loss", 0.05}}, begin + 4s);
  CHECK(taken(out) ==
        "Epoch 1/5\n"
        "\r  1/938 ───────────────── 47s 50ms/step"
        "\r123/938 4s 5ms/step - accuracy: 0.9123 "
        "\r123/938 ━━───────────────── 4s 5ms/step\n"
        "        accuracy: 0.9789 - loss: 0.0712\n"
        "        val_accuracy: 0.9841\n"
        "        val_loss: 0.0500\n");
}

TEST_CASE("where nobody watches there is one plain line an epoch") {
  std::ostringstream out;
  ProgressBar bar{out, {.interactive = false, .color = false, .unicode = true, .width = 40}};
  run_to_123(bar);
  CHECK(taken(out).empty());
  bar.update(938, {{"accuracy", 0.98}, {"loss", 0.07}}, begin + 4735ms);
  bar.finish({{"accuracy", 0.9789}, {"loss", 2e-4}, {"val_accuracy", 0.9841}}, begin + 65s);
  CHECK(taken(out) ==
        "Epoch 1/5 - 938/938 - 1m05s 5ms/step - accuracy: 0.9789 - loss: 2.0000e-04 - val_accuracy: 0.9841\n");
  bar.start(2, 5, 938, begin);
  bar.update(12, {}, begin + 1s);
  bar.finish({}, begin + 1s);
  CHECK(taken(out) == "Epoch 2/5 - 12/938 - 1s 83ms/step\n");
}

TEST_CASE("an epoch that is cut off leaves the cursor at the start of a line") {
  std::ostringstream out;
  {
    ProgressBar bar{out, unicode};
    run_to_123(bar);
    bar.start(2, 5, 938, begin + 1s);
    CHECK(out.str().substr(out.str().size() - 11) == "\nEpoch 2/5\n");
    bar.update(1, {}, begin + 2s);
    taken(out);
  }
  CHECK(taken(out) == "\n");
}

TEST_CASE("an epoch without steps is refused") {
  std::ostringstream out;
  ProgressBar bar{out, unicode};
  CHECK_THROWS_AS(bar.start(1, 5, 0), OptionError);
  CHECK_THROWS_WITH(bar.start(1, 5, 0), "ProgressBar: expects at least one step but got 0");
}

TEST_CASE("the real clock serves where none is given") {
  std::ostringstream out;
  ProgressBar bar{out, {}};
  bar.start(1, 1, 2);
  bar.update(2, {{"loss", 1.0}});
  bar.finish({{"loss", 1.0}});
  CHECK(taken(out).substr(0, 18) == "Epoch 1/1 - 2/2 - ");  // and however long it took
}
