// Checkpoints with a correct check value but with numbers that no run can have written.

#include <cstring>
#include <limits>

#include <lamina/callbacks/checkpoint_file.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// A store that returns one checkpoint and copies those that it is given.
struct Keeper {
  std::optional<Checkpoint> given{};
  std::vector<std::vector<std::byte>> kept{};

  std::optional<Checkpoint> find() { return std::move(given); }
  bool due(const RunPosition&) const { return true; }
  void keep(const Checkpoint& run) { kept.push_back(detail::checkpoint_bytes(run)); }
};

void fit(Keeper& store) {
  const auto data = curve(8);
  auto model = perceptron_model();
  Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.01}}.fit(
      model, data, {.epochs = 6, .batch_size = 4, .threads = 1, .validation = &data,
                    .early_stopping = EarlyStopping{.patience = 3, .restore_best = true},
                    .on_plateau = ReduceOnPlateau{.cooldown = 1}, .checkpoint = store});
}

/// A checkpoint after the second epoch.
Checkpoint run_to_go_on_with() {
  Keeper store;
  fit(store);
  for (auto& bytes : store.kept)
    if (Checkpoint run = detail::read_checkpoint(std::move(bytes)); run.position.epoch == 2 && run.position.batch == 0) {
      run.origin = "run";
      return run;
    }
  throw DataError("no run was kept after its second epoch");
}

/// What is said of the run when one of its numbers is this one.
template <typename Number>
std::string refused(const std::string& part, Number number) {
  Keeper store;
  std::vector<std::byte> bytes(sizeof number);
  std::memcpy(bytes.data(), &number, sizeof number);
  store.given = run_to_go_on_with();
  bool found = false;
  for (auto& own : store.given->parts)
    if (own.name == part) {
      found = own.numbers.size() == bytes.size();
      own.numbers = bytes;
    }
  REQUIRE(found);
  return refusal<DataError>([&] { fit(store); });
}

constexpr Index most = std::numeric_limits<Index>::max();

}  // namespace

TEST_CASE("a run that was kept is gone on with, when its numbers are its own") {
  Keeper store;
  store.given = run_to_go_on_with();
  fit(store);
  CHECK(detail::read_checkpoint(store.kept.back()).position.finished);
}

TEST_CASE("a checkpoint whose early stopping has waited or seen a best epoch longer than the run took is refused") {
  const std::string expected = "run: is damaged: early stopping counts epochs that the run does not have";
  for (const Index epochs : {Index{-1}, Index{3}, most, std::numeric_limits<Index>::min()})
    CHECK(refused("early_stopping.waited", epochs) == expected);
  for (const Index epoch : {Index{2}, most}) CHECK(refused("early_stopping.best_epoch", epoch) == expected);
}

TEST_CASE("a checkpoint whose plateau's rate is none, or which waits or rests longer than it can, is refused") {
  const std::string expected = "run: is damaged: the state of its plateau rate is impossible";
  for (const double rate :
       {-1.0, 1.5, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    CHECK(refused("plateau.rate", rate) == expected);
  for (const Index epochs : {Index{-1}, Index{3}, most}) CHECK(refused("plateau.waited", epochs) == expected);
  for (const Index epochs : {Index{-1}, Index{2}, most}) CHECK(refused("plateau.resting", epochs) == expected);
}

TEST_CASE("a checkpoint of a model that took more steps than can be counted on is refused") {
  for (const Index steps : {Index{-1}, most, most / 2 + 1})
    CHECK(refused("model.steps", steps) == "run: is damaged: its number of steps is impossible");
}

TEST_CASE("a checkpoint with control characters in its settings is refused before they reach a terminal") {
  Checkpoint run = run_to_go_on_with();
  run.settings.at(0).value = "\x1b[2J";
  CHECK(refusal<DataError>([&] { detail::read_checkpoint(detail::checkpoint_bytes(run)); }) == "has a setting with control characters");
}
