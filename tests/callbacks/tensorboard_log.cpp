#include <cstdlib>
#include <functional>
#include <iostream>
#include <lamina/callbacks/tensorboard_log.hpp>
#include <lamina/data/png.hpp>

#include "../catch.hpp"
#include "../training/small.hpp"
#include "logs.hpp"

#if !defined(_WIN32)
#include "../full_disk.hpp"
#endif

using namespace lamina;

namespace {

/// What an independent reader finds in an event file; nothing when there is no Python.
std::optional<std::string> read_events(const TensorBoardLog& log, const Scratch& scratch) {
  const std::string python = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const std::string found = (scratch.path / "found").string();
  const std::string script = std::string(LAMINA_TESTS_DIR) + "/callbacks/read_events.py";
  const int status =
      std::system((python + " '" + script + "' '" + log.path().string() + "' > '" + found + "' 2>&1").c_str());
  if (status == 127 << 8) {
    std::cout << "skipped: callbacks/tensorboard_log: there is no python3" << std::endl;
    return {};
  }
  return text_of(found);
}

}  // namespace

TEST_CASE("an independent reader finds in an event file what was logged") {
  const Scratch scratch("tensorboard-log");
  TensorBoardLog log{scratch.path / "run", {.every_batches = 5}};
  log(EpochEnd{.record = plain_epoch});
  log(a_batch);
  BatchEnd skipped = a_batch;
  skipped.batch = 5;
  log(skipped);
  log(EpochEnd{.record = judged_epoch});
  log.scalar("mine/grösse", 1'000'000'000'000, -0.5);
  Tensor<std::uint8_t, 3> color(2, 3, 3);
  for (Index i = 0; i < color.size(); ++i) color.data()[i] = static_cast<std::uint8_t>(i * 13);
  Tensor<std::uint8_t, 2> grey(1, 2);
  grey.setValues({{7, 255}});
  log.image("picture", 0, color);
  log.image("grey", 3, grey);
  const auto found = read_events(log, scratch);
  if (!found) return;
  CHECK(*found ==
        "1 loss/train 0.5\n1 accuracy/train 0.75\n1 learning_rate 0.10000000149011612\n1 images_per_second 1000000.0\n"
        "14 batch/loss 0.75\n14 batch/accuracy 0.25\n14 batch/learning_rate 0.10000000149011612\n"
        "2 loss/train 0.25\n2 accuracy/train 1.0\n2 loss/validation 0.125\n2 accuracy/validation 0.875\n"
        "2 learning_rate 2.499999993688107e-07\n2 images_per_second 12.5\n"
        "1000000000000 mine/grösse -0.5\n"
        "0 picture 2 3 3 000d1a2734414e5b6875828f9ca9b6c3d0dd\n"
        "3 grey 1 2 1 07ff\n");
}

TEST_CASE("of numbers an event file has RMSE, MAE and R² in place of accuracy") {
  const Scratch scratch("tensorboard-log");
  TensorBoardLog log{scratch.path / "run", {.every_batches = 5}};
  log(batch_of_numbers);
  log(EpochEnd{.record = judged_epoch_of_numbers});
  const auto found = read_events(log, scratch);
  if (!found) return;
  CHECK(*found ==
        "14 batch/loss 0.75\n14 batch/rmse 0.5\n14 batch/mae 0.25\n14 batch/r2 -1.0\n"
        "14 batch/learning_rate 0.10000000149011612\n"
        "1 loss/train 0.5\n1 rmse/train 2.0\n1 mae/train 1.5\n1 r2/train 0.75\n1 loss/validation 0.125\n"
        "1 rmse/validation 4.0\n1 mae/validation 3.0\n1 r2/validation 0.5\n"
        "1 learning_rate 0.10000000149011612\n1 images_per_second 1000000.0\n");
}

TEST_CASE("the independent reader refuses an event file with one bit changed, wherever it is") {
  const Scratch scratch("tensorboard-log");
  TensorBoardLog log{scratch.path / "run"};
  log.scalar("x", 1, 1);
  if (!read_events(log, scratch)) return;
  const std::string whole = text_of(log.path());
  REQUIRE(read_events(log, scratch) == "1 x 1.0\n");
  const auto damaged_at = [&](std::size_t at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    write_text(log.path(), damaged);
    return read_events(log, scratch).value();
  };
  for (const std::size_t at : {std::size_t{0}, std::size_t{9}})
    CHECK(damaged_at(at) == "read_events.py: the length of a record is damaged\n");
  for (const std::size_t at : {std::size_t{20}, whole.size() - 8, whole.size() - 2})
    CHECK(damaged_at(at) == "read_events.py: a record is damaged\n");
  write_text(log.path(), whole.substr(0, whole.size() - 6));
  CHECK(read_events(log, scratch) == "read_events.py: the file is cut off\n");
}

TEST_CASE("a TensorBoard log is a callback of fit, and batches are written as often as asked") {
  const Scratch scratch("tensorboard-log");
  TensorBoardLog every{scratch.path / "every", {.every_batches = 2}}, never{scratch.path / "never"};
  auto model = small::perceptron_model();
  const auto data = small::curve(20);
  for (TensorBoardLog* log : {&every, &never})
    Trainer{MeanSquaredError{}, SGD{}}.fit(
        model, data,
        {.epochs = 2, .batch_size = 4, .validation = &data, .on_batch = std::ref(*log), .on_epoch = std::ref(*log)});
  const auto found = read_events(every, scratch), plain = read_events(never, scratch);
  if (!found) return;
  const auto count = [](const std::string& text, const std::string& tag) {
    Index times = 0;
    for (auto at = text.find(tag); at != std::string::npos; at = text.find(tag, at + 1)) ++times;
    return times;
  };
  CHECK(count(*found, "batch/loss") == 4);
  CHECK(count(*found, "\n2 batch/loss") + count(*found, "\n9 batch/loss") == 1);
  CHECK(count(*plain, "batch/") == 0);
  for (const auto* text : {&*found, &*plain}) CHECK(count(*text, "loss/validation") == 2);
}

TEST_CASE("a TensorBoard log refuses what cannot be") {
  const Scratch scratch("tensorboard-log");
  CHECK(refusal<OptionError>([&] { TensorBoardLog(scratch.path, {.every_batches = -1}); }) ==
        "TensorBoardLog: expects .every_batches of at least 0 but got -1");
  write_text(scratch.path / "file", "");
  CHECK(refusal<DataError>([&] {
          TensorBoardLog{scratch.path / "file"};
        }).starts_with((scratch.path / "file").string() + ": cannot be made a folder"));
  TensorBoardLog log{scratch.path};
  CHECK(refusal<OptionError>([&] { log.scalar("x", -1, 0); }) ==
        "TensorBoardLog: expects a step of at least 0 but got -1");
  CHECK(refusal<ShapeError>([&] {
          log.image("x", 0, Tensor<std::uint8_t, 3>(2, 2, 5));
        }).starts_with("encode_png: expects pixels"));
}

#if !defined(_WIN32)

TEST_CASE("on a disk that is full an event file has whole records only, and the run goes on where that is asked for") {
  const Scratch scratch("tensorboard-full");
  std::vector<std::string> troubles;
  TensorBoardLog log{scratch.path, {.on_trouble = [&](const DataError& error) { troubles.push_back(error.what()); }}};
  log.scalar("before", 1, 0.5);
  const std::string before = text_of(log.path());
  for (const rlim_t more : {0U, 1U, 12U, 30U}) {
    const FullDisk full(static_cast<rlim_t>(before.size()) + more);
    log.scalar("during", 2, 0.5);
    CHECK(text_of(log.path()) == before);
  }
  CHECK(troubles == std::vector<std::string>{log.path().string() + ": cannot be written: File too large"});
  log.scalar("before", 1, 0.5);
  CHECK(text_of(log.path()).size() == before.size() + (before.size() - (12 + 9 + 2 + 13 + 4)));
  if (const auto found = read_events(log, scratch)) CHECK(found->find("during") == found->npos);
  TensorBoardLog strict{scratch.path / "strict"};
  const FullDisk full(60);
  CHECK(refusal<DataError>([&] { strict.scalar("a tag", 1, 0.5); }) == strict.path().string() + ": cannot be written: File too large");
}

#endif
