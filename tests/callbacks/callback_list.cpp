#include <functional>
#include <lamina/callbacks/callback_list.hpp>
#include <string>

#include "../catch.hpp"
#include "../training/small.hpp"

using namespace small;

TEST_CASE("callbacks together are each told what they take, in their order") {
  std::string told;
  const auto of_batches = [&](BatchEnd&) { told += 'b'; };
  struct Both {
    std::string& told;
    void operator()(const BatchEnd&) { told += 'B'; }
    void operator()(const EpochEnd&) { told += 'E'; }
  } both{told};
  std::function<void(EpochEnd&)> of_epochs = [&](EpochEnd&) { told += 'e'; };
  auto all = CallbackList{both, of_batches, of_epochs, [&](EpochEnd&) { told += '.'; }};
  auto model = perceptron_model();
  const Trainer trainer{MeanSquaredError{}, SGD{}};
  trainer.fit(model, curve(6), {.epochs = 2, .batch_size = 3, .on_batch = std::ref(all), .on_epoch = std::ref(all)});
  CHECK(told == "BbBbEe.BbBbEe.");
  told.clear();
  trainer.fit(model, curve(6), {.batch_size = 6, .on_batch = all, .on_epoch = all});
  CHECK(told == "BbEe.");
}

TEST_CASE("a run ends when any of several callbacks asks for it, whatever a later one says") {
  Index told = 0;
  auto all = CallbackList{[](EpochEnd& end) { end.stop_training = end.record.epoch == 1; },
                      [&](EpochEnd& end) { ++told, end.stop_training = false; }};
  auto model = perceptron_model();
  const Trainer trainer{MeanSquaredError{}, SGD{}};
  const History history = trainer.fit(model, curve(6), {.epochs = 5, .on_epoch = std::ref(all)});
  CHECK(history.stopped);
  CHECK(history.epochs.size() == 2);
  CHECK(told == 2);
}

TEST_CASE("what one of several callbacks throws reaches the caller, and the model can be trained on") {
  Index later = 0;
  auto all = CallbackList{
      [](BatchEnd& end) {
        if (end.batch == 1) throw DataError("enough");
      },
      [&](BatchEnd&) { ++later; }};
  auto model = perceptron_model(), other = model;
  const Trainer trainer{MeanSquaredError{}, SGD{}};
  CHECK(refusal<DataError>([&] { trainer.fit(model, curve(9), {.batch_size = 3, .on_batch = std::ref(all)}); }) ==
        "enough");
  CHECK(later == 1);
  trainer.fit(other, curve(9),
              {.batch_size = 3, .on_batch = [](BatchEnd& end) { end.stop_training = end.batch == 1; }});
  CHECK(digest(model) == digest(other));
  trainer.fit(model, curve(9), {});
  trainer.fit(other, curve(9), {});
  CHECK(digest(model) == digest(other));
}

static_assert(Callback<std::function<void(BatchEnd&)>> && Callback<std::function<void(EpochEnd&)>>);
static_assert(!Callback<int> && !Callback<std::function<void(int)>>);
