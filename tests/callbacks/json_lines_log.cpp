#include <lamina/callbacks/json_lines_log.hpp>
#include <limits>
#include <vector>

#include "../catch.hpp"
#include "logs.hpp"

#if !defined(_WIN32)
#include "full_disk_logs.hpp"
#endif

using namespace lamina;

TEST_CASE("a JSON lines log has an object for each epoch and batch, without what there is not") {
  const Scratch scratch("json-lines-log");
  JsonLinesLog log{scratch.path / "run.jsonl", {.lines = LogLines::both}};
  log(a_batch);
  log(EpochEnd{.record = plain_epoch});
  log(EpochEnd{.record = judged_epoch});
  CHECK(text_of(scratch.path / "run.jsonl") ==
        "{\"event\":\"batch\",\"epoch\":2,\"batch\":5,\"batch_loss\":0.75,\"loss\":0.5,\"accuracy\":0.25,\"learning_"
        "rate\":0.1}\n"
        "{\"event\":\"epoch\",\"epoch\":1,\"loss\":0.5,\"accuracy\":0.75,\"learning_rate\":0.1,\"seconds\":2,\"images_"
        "per_second\":1e+06}\n"
        "{\"event\":\"epoch\",\"epoch\":2,\"loss\":0.25,\"accuracy\":1,\"learning_rate\":2.5e-07,\"validation_loss\":0."
        "125,"
        "\"validation_accuracy\":0.875,\"seconds\":1.5,\"images_per_second\":12.5}\n");
}

TEST_CASE("a JSON lines log of numbers has RMSE, MAE and R² and no accuracy") {
  const Scratch scratch("json-lines-log");
  JsonLinesLog log{scratch.path / "run.jsonl", {.lines = LogLines::both}};
  log(batch_of_numbers);
  log(EpochEnd{.record = epoch_of_numbers});
  log(EpochEnd{.record = judged_epoch_of_numbers});
  CHECK(text_of(scratch.path / "run.jsonl") ==
        "{\"event\":\"batch\",\"epoch\":2,\"batch\":5,\"batch_loss\":0.75,\"loss\":0.5,\"rmse\":0.5,\"mae\":0.25,"
        "\"r2\":-1,\"learning_rate\":0.1}\n"
        "{\"event\":\"epoch\",\"epoch\":1,\"loss\":0.5,\"rmse\":2,\"mae\":1.5,\"r2\":0.75,\"learning_rate\":0.1,"
        "\"seconds\":2,\"images_per_second\":1e+06}\n"
        "{\"event\":\"epoch\",\"epoch\":1,\"loss\":0.5,\"rmse\":2,\"mae\":1.5,\"r2\":0.75,\"learning_rate\":0.1,"
        "\"validation_loss\":0.125,\"validation_rmse\":4,\"validation_mae\":3,\"validation_r2\":0.5,\"seconds\":2,"
        "\"images_per_second\":1e+06}\n");
}

TEST_CASE("what is no number is null in a JSON lines log") {
  const Scratch scratch("json-lines-log");
  JsonLinesLog log{scratch.path / "run.jsonl", {.lines = LogLines::batches}};
  BatchEnd batch = a_batch;
  batch.loss = std::numeric_limits<double>::infinity();
  batch.batch_loss = std::nan("");
  log(batch);
  log(EpochEnd{.record = plain_epoch});
  CHECK(text_of(scratch.path / "run.jsonl") ==
        "{\"event\":\"batch\",\"epoch\":2,\"batch\":5,\"batch_loss\":null,\"loss\":null,\"accuracy\":0.25,\"learning_"
        "rate\":0.1}\n");
}

TEST_CASE("a JSON lines log is replaced, or appended to where it holds objects") {
  const Scratch scratch("json-lines-log");
  const auto path = scratch.path / "run.jsonl";
  const auto run = [&](IfExists existing) {
    JsonLinesLog log{path, {.existing = existing}};
    log(EpochEnd{.record = plain_epoch});
  };
  run(IfExists::append);
  const std::string once = text_of(path);
  run(IfExists::append);
  CHECK(text_of(path) == once + once);
  run(IfExists::replace);
  CHECK(text_of(path) == once);
  write_text(path, "epoch,loss\n");
  CHECK(refusal<DataError>([&] { run(IfExists::append); }) ==
        path.string() +
            ": cannot be appended to: expects a file whose lines are JSON objects; give another name, or "
            ".existing = IfExists::replace");
  CHECK(text_of(path) == "epoch,loss\n");
}

TEST_CASE("a JSON lines log that cannot be written is refused before the training") {
  CHECK(refusal<DataError>([] { JsonLinesLog{"/nowhere/run.jsonl"}; }) ==
        "/nowhere/run.jsonl: cannot be written: there is no folder /nowhere; make it first");
}

TEST_CASE("a log of JSON lines that is made anew when a run goes on has the epochs before, too, and once") {
  const Scratch scratch("json-lines-log");
  const std::vector<EpochRecord> continued{{plain_epoch}};
  const auto text_of_epochs = [&](const std::vector<EpochEnd>& epochs) {
    JsonLinesLog log{scratch.path / "run.jsonl"};
    for (const EpochEnd& end : epochs) log(end);
    return text_of(scratch.path / "run.jsonl");
  };
  const EpochEnd next{.record = judged_epoch, .continued = continued};
  CHECK(text_of_epochs({next, next}) ==
        text_of_epochs({{.record = plain_epoch}, {.record = judged_epoch}, {.record = judged_epoch}}));
}

#if !defined(_WIN32)

TEST_CASE("on a disk that is full JsonLinesLog has whole lines only, and the run goes on where that is asked for") {
  check_whole_lines<JsonLinesLog>("json-lines-log");
}

TEST_CASE("epochs of a run that goes on are in JsonLinesLog together or not at all, with the first that has room") {
  check_epochs_together<JsonLinesLog>("json-lines-log");
}

#endif
