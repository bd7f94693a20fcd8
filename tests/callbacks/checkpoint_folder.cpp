#include <algorithm>
#include <fstream>
#include <functional>
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/pixel_transforms.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/optimizers/adam.hpp>

#include "../catch.hpp"
#include "../training/kept.hpp"
#include "logs.hpp"

#if !defined(_WIN32)
#include <unistd.h>

#include "../forked.hpp"
#include "../full_disk.hpp"
#endif

using namespace small;

namespace {

const auto data = bars(53);
const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};

FitOptions<3> run_of(Index epochs) { return {.epochs = epochs, .batch_size = 8, .threads = 2, .schedule = Cosine{}}; }

std::uint64_t uninterrupted(Index epochs) {
  auto model = convolutional_model();
  trainer.fit(model, data, run_of(epochs));
  return digest(model);
}

/// Trains a new model in a folder, to the end or until so many batches are done.
std::uint64_t train_in(CheckpointFolder& folder, Index epochs, Index batches = -1) {
  auto model = convolutional_model();
  FitOptions<3> options = run_of(epochs);
  options.checkpoint = folder;
  options.on_batch = [&](BatchEnd& end) { end.stop_training = --batches == 0; };
  trainer.fit(model, data, options);
  return digest(model);
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a run goes on in its folder, after any stop, and comes to the same bits") {
  const Scratch scratch("run-folder");
  const auto expected = uninterrupted(3);
  int legs = 0;
  for (std::optional<RunPosition> at; !at || !at->finished; ++legs) {
    CheckpointFolder folder{scratch.path / "runs" / "lenet"};
    REQUIRE(folder.position().has_value() == (legs > 0));
    const auto reached = train_in(folder, 3, 4);
    at = folder.position();
    REQUIRE(at);
    CHECK((reached == expected) == at->finished);
    CHECK(at->steps == std::min<std::uint64_t>(4 * (static_cast<std::uint64_t>(legs) + 1), 21));
    CHECK(at->epochs == 3);
    CHECK(at->batches == 7);
  }
  CHECK(legs == 6);
  CHECK(names_in(scratch.path / "runs" / "lenet") == std::vector<std::string>{"run.lock", "run.safetensors"});
  CheckpointFolder folder{scratch.path / "runs" / "lenet"};
  CHECK(train_in(folder, 3) == expected);
}

TEST_CASE("two runs in one folder: the second is refused and the first goes on") {
  const Scratch scratch("run-folder");
  CheckpointFolder folder{scratch.path};
  train_in(folder, 2, 5);
  CHECK(::refusal<DataError>([&] { CheckpointFolder second{scratch.path}; }).find(": another run is at work in this folder") !=
        std::string::npos);
  CHECK(train_in(folder, 2) == uninterrupted(2));
}

TEST_CASE("an existing run is replaced or refused where that is asked for") {
  const Scratch scratch("run-folder");
  {
    CheckpointFolder folder{scratch.path};
    train_in(folder, 3);
  }
  {
    CheckpointFolder folder{scratch.path, {.existing = ExistingRun::refuse}};
    CHECK(::refusal<DataError>([&] { train_in(folder, 2); }) ==
          folder.file().string() + ": there is a run already; give another folder, or .existing = ExistingRun::resume");
    CHECK(folder.position()->epoch == 3);
  }
  {
    CheckpointFolder folder{scratch.path};
    CHECK(::refusal<DataError>([&] {
            train_in(folder, 2);
          }).starts_with(folder.file().string() + ": is of another run: "));
    CHECK(folder.position()->epoch == 3);
  }
  CheckpointFolder folder{scratch.path, {.existing = ExistingRun::replace}};
  CHECK(train_in(folder, 2) == uninterrupted(2));
  CHECK(folder.position()->epochs == 2);
}

TEST_CASE("a damaged file is refused by its name, and neither it nor the model is touched") {
  const Scratch scratch("run-folder");
  CheckpointFolder folder{scratch.path};
  train_in(folder, 2, 5);
  auto bytes = text_of(folder.file());
  bytes[bytes.size() - 100] = static_cast<char>(bytes[bytes.size() - 100] ^ 4);
  write_text(folder.file(), bytes);
  auto model = convolutional_model();
  FitOptions<3> options = run_of(2);
  options.checkpoint = folder;
  CHECK(::refusal<DataError>([&] { trainer.fit(model, data, options); }) ==
        folder.file().string() + ": is damaged: its numbers are not those that were written; remove it to begin anew");
  CHECK(digest(model) == digest(convolutional_model()));
  CHECK(text_of(folder.file()) == bytes);
  CHECK(::refusal<DataError>([&] { folder.position(); }).starts_with(folder.file().string() + ": is damaged"));
  write_text(folder.file(), "");
  CHECK(::refusal<DataError>([&] { folder.position(); }).starts_with(folder.file().string() + ": expects a header"));
  std::filesystem::remove(folder.file());
  std::filesystem::create_directory(folder.file());
  CHECK(::refusal<DataError>([&] { folder.position(); }) ==
        folder.file().string() + ": expects a file but it is a directory");
}

TEST_CASE("what a killed process was about to write is removed, and nothing else") {
  const Scratch scratch("run-folder");
  write_text(scratch.path / "run.safetensors.0.unfinished", "half");
  write_text(scratch.path / "run.safetensors.17.unfinished", "half");
  write_text(scratch.path / "other.safetensors.0.unfinished", "mine");
  write_text(scratch.path / "run.safetensors.mine", "mine");
  CheckpointFolder folder{scratch.path};
  CHECK(names_in(scratch.path) ==
        std::vector<std::string>{"other.safetensors.0.unfinished", "run.lock", "run.safetensors.mine"});
}

TEST_CASE("a run is due by epochs, by batches and by seconds, each where asked for") {
  const Scratch scratch("run-folder");
  const auto due = [&](const CheckpointFolderOptions& options) {
    std::filesystem::remove_all(scratch.path / "run");
    CheckpointFolder folder{scratch.path / "run", options};
    std::string moments;
    for (Index epoch = 0; epoch < 4; ++epoch)
      for (Index batch = 1; batch <= 5; ++batch) {
        const auto steps = static_cast<std::uint64_t>(epoch * 5 + batch);
        moments += folder.due({.epoch = epoch, .epochs = 9, .batch = batch, .batches = 5, .steps = steps}) ? "b" : ".";
        if (batch == 5)
          moments +=
              folder.due({.epoch = epoch + 1, .epochs = 9, .batch = 0, .batches = 5, .steps = steps}) ? "E" : "-";
      }
    return moments;
  };
  CHECK(due({}) == ".....E.....E.....E.....E");
  CHECK(due({.every_epochs = 3}) == ".....-.....-.....E.....-");
  CHECK(due({.every_epochs = 0, .every_batches = 4}) == "...b.-..b..-.b...-b...b-");
  CHECK(due({.every_seconds = 0, .every_epochs = 0}) == ".....-.....-.....-.....-");
  CHECK(due({.every_seconds = 1e-9, .every_epochs = 0}) == "bbbbbEbbbbbEbbbbbEbbbbbE");
}

TEST_CASE("options of a run's folder that cannot be are refused, and so is what is no folder") {
  const Scratch scratch("run-folder");
  const auto refused = [&](const CheckpointFolderOptions& options) {
    return ::refusal<OptionError>([&] { CheckpointFolder{scratch.path / "run", options}; });
  };
  CHECK(refused({.every_seconds = -1}) == "CheckpointFolder: expects finite .every_seconds of at least 0 but got -1");
  CHECK(refused({.every_seconds = std::nan("")}) ==
        "CheckpointFolder: expects finite .every_seconds of at least 0 but got nan");
  CHECK(refused({.every_epochs = -1}) == "CheckpointFolder: expects .every_epochs of at least 0 but got -1");
  CHECK(refused({.every_batches = -2}) == "CheckpointFolder: expects .every_batches of at least 0 but got -2");
  CHECK(!std::filesystem::exists(scratch.path / "run"));
  write_text(scratch.path / "file", "mine");
  const auto below = scratch.path / "file" / "run";
  CHECK(::refusal<DataError>([&] { CheckpointFolder{below}; }).starts_with(below.string() + ": cannot be made a folder: "));
  CHECK(::refusal<DataError>([&] {
          CheckpointFolder{scratch.path / "file"};
        }).starts_with((scratch.path / "file").string() + ": cannot be made a folder: "));
  {
    CheckpointFolder folder{scratch.path};
    train_in(folder, 2, 5);
  }
  CheckpointFolder folder{scratch.path, {.limits = {.max_bytes = 1000}}};
  CHECK(::refusal<DataError>([&] {
          folder.position();
        }).find("bytes, more than the 1000 allowed; raise .limits.max_bytes to allow it") != std::string::npos);
}

#if !defined(_WIN32)

TEST_CASE("a folder that cannot be written to is refused before anything is trained") {
  CHECK(::refusal<DataError>([] { CheckpointFolder{"/proc/self"}; }).starts_with("/proc/self: cannot be written to: "));
}

TEST_CASE("a disk that is full is told of before the first step, and the model is as it was") {
  const Scratch scratch("run-folder");
  CheckpointFolder folder{scratch.path, {.on_trouble = [](const DataError&) { FAIL("this is no trouble for later"); }}};
  auto model = convolutional_model();
  FitOptions<3> options = run_of(2);
  options.checkpoint = folder;
  std::string text;
  {
    const FullDisk full(1000);
    text = ::refusal<DataError>([&] { trainer.fit(model, data, options); });
  }
  CHECK(text == folder.file().string() + ": cannot be written: File too large");
  CHECK(digest(model) == digest(convolutional_model()));
  CHECK(names_in(scratch.path) == std::vector<std::string>{"run.lock"});
  CHECK(train_in(folder, 2) == uninterrupted(2));
}

TEST_CASE(
    "a disk that fills up ends the run, the model has what it reached, and what was kept before is gone on from") {
  const Scratch scratch("run-folder");
  CheckpointFolder folder{scratch.path, {.every_batches = 2}};
  auto model = convolutional_model();
  FitOptions<3> options = run_of(2);
  options.checkpoint = folder;
  std::optional<FullDisk> full;
  options.on_batch = [&](BatchEnd& end) {
    if (end.batch == 4) full.emplace(1000);
  };
  std::string text = ::refusal<DataError>([&] { trainer.fit(model, data, options); });
  full.reset();
  CHECK(text ==
        folder.file().string() + ": cannot be written: File too large; the file that was kept before is unchanged");
  CHECK(model.steps() == 6);
  CHECK(folder.position()->steps == 4);
  CHECK(train_in(folder, 2) == uninterrupted(2));
}

TEST_CASE("a run that is told of trouble goes on while the disk is full, and is kept when it no longer is") {
  const Scratch scratch("run-folder");
  std::vector<std::string> troubles;
  CheckpointFolder folder{scratch.path, {.every_batches = 2, .on_trouble = [&](const DataError& error) {
                                    troubles.push_back(error.what());
                                  }}};
  auto model = convolutional_model();
  FitOptions<3> options = run_of(2);
  options.checkpoint = folder;
  std::optional<FullDisk> full;
  options.on_batch = [&](BatchEnd& end) {
    if (end.epoch > 0) return;
    if (end.batch == 2) full.emplace(1000);
    if (end.batch == 6) {
      CHECK(folder.position()->steps == 2);
      full.reset();
    }
  };
  trainer.fit(model, data, options);
  CHECK(troubles == std::vector<std::string>(
                        2, folder.file().string() +
                               ": cannot be written: File too large; the file that was kept before is unchanged"));
  CHECK(folder.position()->finished);
  CHECK(digest(model) == uninterrupted(2));
}

TEST_CASE("a run's folder belongs to the process that made it, and a copy is told to make its own") {
  const Scratch scratch("run-folder");
  std::optional<CheckpointFolder> folder(scratch.path);
  const auto train_once = [](CheckpointFolder& in) {
    auto model = convolutional_model();
    FitOptions<3> options = run_of(1);
    options.threads = 1;
    options.checkpoint = in;
    trainer.fit(model, data, options);
  };
  const std::string told = forked([&]() -> std::string {
    const std::string text = ::refusal<OptionError>([&] { train_once(*folder); });
    folder.reset();  // the parent's it stays
    return text;
  });
  CHECK(told.starts_with("CheckpointFolder: its folder is locked by process " + std::to_string(getpid())));
  CHECK(told.ends_with("; make the CheckpointFolder after the fork"));
  const auto in_copy = [&] {
    return forked([&]() -> std::string {
      CheckpointFolder own{scratch.path};
      train_once(own);
      return "trained";
    });
  };
  CHECK(in_copy().find("another run is at work in this folder (process ") != std::string::npos);
  CHECK(names_in(scratch.path) == std::vector<std::string>{"run.lock"});
  folder.reset();
  CHECK(in_copy() == "trained");
}

#endif

namespace {

/// Checks that three calls of one epoch come to the same bits as one call of three.
template <typename Trains>
void check_epoch_by_epoch(const Trains& any, FitOptions<3> options) {
  const Sequential layers{Conv{.filters = 3, .kernel = 3}, ReLU{}, MaxPool{}, Flatten{}, Dropout{.rate = 0.3}, Dense{.units = classes}};
  const Model fresh{layers, image, Rng{4}};
  options.epochs = 3;
  options.batch_size = 8;
  options.augment = {Rotation{}, GaussianNoise{}};
  Model whole = fresh;
  const auto expected = bits_of(whole, any.fit(whole, data, options));
  for (const bool growing : {false, true})
    for (const bool anew : {false, true}) {
      if (growing && options.schedule.target<Constant>() == nullptr) continue;  // a schedule is one over all epochs
      CAPTURE(growing, anew);
      const Scratch scratch("epoch-by-epoch");
      CheckpointFolder folder{scratch.path / "run"};
      FitOptions<3> one = options;
      one.checkpoint = folder;
      Model model = fresh;
      History history;
      for (Index call = 1; call <= 3; ++call) {
        if (growing)
          one.epochs = call;
        else
          one.on_epoch = [](EpochEnd& end) { end.stop_training = true; };
        if (anew) model = fresh;
        history = any.fit(model, data, one);
        CHECK(std::ssize(history.epochs) == call);
      }
      CHECK(bits_of(model, history) == expected);
    }
}

}  // namespace

TEST_CASE("three calls of one epoch each in a folder come to the same bits as one call of three") {
  const auto validation = bars(30, 9);
  check_epoch_by_epoch(trainer, {});
  check_epoch_by_epoch(Trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}}, {.schedule = Cosine{}});
  check_epoch_by_epoch(Trainer{SoftmaxCrossEntropy{}, AdamW{.learning_rate = 0.05}},
                       {.validation = &validation, .early_stopping = EarlyStopping{}, .average = EMA{.decay = 0.9}});
}
