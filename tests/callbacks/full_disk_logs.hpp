#pragma once

#include <string>
#include <vector>

#include "../catch.hpp"
#include "../full_disk.hpp"
#include "../refusal.hpp"
#include "logs.hpp"

/// Checks that a log on a disk that is full has whole lines only, and that the run goes on where that is asked for.
template <typename Log>
void check_whole_lines(const std::string& name) {
  using namespace lamina;
  const Scratch scratch(name + "-full");
  const auto path = scratch.path / "run";
  std::vector<std::string> troubles;
  Log log{path, {.on_trouble = [&](const DataError& error) { troubles.push_back(error.what()); }}}, strict{scratch.path / "strict"};
  log(EpochEnd{.record = plain_epoch});
  strict(EpochEnd{.record = plain_epoch});
  const std::string before = text_of(path);
  for (const rlim_t more : {0U, 1U, 7U, 20U}) {
    const FullDisk full(static_cast<rlim_t>(before.size()) + more);
    log(EpochEnd{.record = judged_epoch});
    CHECK(refusal<DataError>([&] { strict(EpochEnd{.record = judged_epoch}); }) ==
          (scratch.path / "strict").string() + ": cannot be written: File too large");
  }
  CHECK(text_of(path) == before);
  CHECK(text_of(scratch.path / "strict") == before);
  CHECK(troubles == std::vector<std::string>{path.string() + ": cannot be written: File too large"});
  log(EpochEnd{.record = plain_epoch});
  CHECK(text_of(path) == before + before.substr(before.rfind('\n', before.size() - 2) + 1));
}

/// Checks that the epochs of a run that goes on are in a log together or not at all, with the first that has room.
template <typename Log>
void check_epochs_together(const std::string& name) {
  using namespace lamina;
  const Scratch scratch(name + "-continued");
  const auto path = scratch.path / "run", right = scratch.path / "right";
  Log log{path, {.on_trouble = [](const DataError&) {}}}, other{right};
  const std::vector<EpochRecord> continued{plain_epoch, judged_epoch};
  const std::string begin = text_of(path);
  {
    const FullDisk full(static_cast<rlim_t>(begin.size()) + 100);
    log(EpochEnd{.record = judged_epoch, .continued = continued});
  }
  CHECK(text_of(path) == begin);
  log(EpochEnd{.record = plain_epoch, .continued = continued});
  other(EpochEnd{.record = plain_epoch, .continued = continued});
  CHECK(text_of(path) == text_of(right));
  CHECK(text_of(path) != begin);
}
