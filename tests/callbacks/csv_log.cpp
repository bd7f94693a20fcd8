#include <functional>
#include <lamina/callbacks/csv_log.hpp>
#include <limits>
#include <vector>

#include "../catch.hpp"
#include "../training/small.hpp"
#include "logs.hpp"

#if !defined(_WIN32)
#include "full_disk_logs.hpp"
#endif

using namespace lamina;

namespace {

const std::string header =
    "epoch,loss,accuracy,learning_rate,validation_loss,validation_accuracy,seconds,images_per_second\n";
const std::string first = "1,0.5,0.75,0.1,,,2,1e+06\n", second = "2,0.25,1,2.5e-07,0.125,0.875,1.5,12.5\n";

const std::string header_of_numbers =
    "epoch,loss,rmse,mae,r2,learning_rate,validation_loss,validation_rmse,validation_mae,validation_r2,seconds,images_per_"
    "second\n";
const std::string line_of_numbers = "1,0.5,2,1.5,0.75,0.1,,,,,2,1e+06\n",
                  judged_line_of_numbers = "1,0.5,2,1.5,0.75,0.1,0.125,4,3,0.5,2,1e+06\n";

void tell(CsvLog& log) {
  log(EpochEnd{.record = plain_epoch});
  log(a_batch);
  log(EpochEnd{.record = judged_epoch});
}

}  // namespace

TEST_CASE("a CSV log has a line for each epoch, and leaves empty what an epoch does not have") {
  const Scratch scratch("csv-log");
  CsvLog log{scratch.path / "run.csv"};
  CHECK(text_of(scratch.path / "run.csv") == header);
  tell(log);
  CHECK(text_of(scratch.path / "run.csv") == header + first + second);
}

TEST_CASE("a CSV log of batches, or of both, has the columns of those") {
  const Scratch scratch("csv-log");
  CsvLog batches{scratch.path / "batches.csv", {.lines = LogLines::batches}},
      both{scratch.path / "both.csv", {.lines = LogLines::both}};
  tell(batches);
  tell(both);
  CHECK(text_of(scratch.path / "batches.csv") ==
        "epoch,batch,batch_loss,loss,accuracy,learning_rate\n2,5,0.75,0.5,0.25,0.1\n");
  CHECK(text_of(scratch.path / "both.csv") ==
        "epoch,batch,batch_loss,loss,accuracy,learning_rate,validation_loss,validation_accuracy,seconds,images_per_"
        "second\n"
        "1,,,0.5,0.75,0.1,,,2,1e+06\n"
        "2,5,0.75,0.5,0.25,0.1,,,,\n"
        "2,,,0.25,1,2.5e-07,0.125,0.875,1.5,12.5\n");
}

TEST_CASE("a CSV log is appended to under its own header only") {
  const Scratch scratch("csv-log");
  const auto path = scratch.path / "run.csv";
  const LogOptions append{.existing = IfExists::append};
  for (int run = 0; run < 2; ++run) {
    CsvLog log{path, append};
    tell(log);
  }
  CHECK(text_of(path) == header + first + second + first + second);
  const auto refused = [&](const LogOptions& options) { return refusal<DataError>([&] { CsvLog(path, options); }); };
  CHECK(refused({.existing = IfExists::append, .lines = LogLines::batches}) ==
        path.string() +
            ": cannot be appended to: expects a file that begins with the line "
            "\"epoch,batch,batch_loss,loss,accuracy,learning_rate\"; give another name, or .existing = "
            "IfExists::replace");
  CHECK(text_of(path) == header + first + second + first + second);
  write_text(path, "my notes");
  CHECK(refused(append).starts_with(path.string() + ": cannot be appended to"));
  CHECK(text_of(path) == "my notes");
  CsvLog{path};
  CHECK(text_of(path) == header);
}

TEST_CASE("a CSV log that cannot be written is refused before the training") {
  CHECK(refusal<DataError>([] { CsvLog{"/nowhere/run.csv"}; }) ==
        "/nowhere/run.csv: cannot be written: there is no folder /nowhere; make it first");
  if (std::filesystem::exists("/dev/full"))
    CHECK(refusal<DataError>([] { CsvLog{"/dev/full"}; }) == "/dev/full: cannot be written: No space left on device");
}

TEST_CASE("a CSV log says what fit's history says") {
  const Scratch scratch("csv-log");
  CsvLog log{scratch.path / "run.csv"};
  auto model = small::convolutional_model();
  const auto data = small::bars(20);
  const History history = Trainer{MeanSquaredError{}, SGD{}}.fit(
      model, data, {.epochs = 3, .validation = &data, .on_batch = std::ref(log), .on_epoch = std::ref(log)});
  std::string expected = header;
  for (const EpochRecord& record : history.epochs) {
    std::string line;
    for (const double value :
         {static_cast<double>(record.epoch + 1), record.loss, record.accuracy, record.learning_rate,
          *record.validation_loss, *record.validation_accuracy, record.seconds, record.images_per_second})
      line.append(line.empty() ? "" : ",").append(detail::shortest(value));
    expected += line + "\n";
  }
  CHECK(text_of(scratch.path / "run.csv") == expected);
}

TEST_CASE("a CSV log of numbers has columns of its own, also when it is appended to") {
  const Scratch scratch("csv-log");
  const auto path = scratch.path / "run.csv";
  const LogOptions append{.existing = IfExists::append};
  {
    CsvLog log{path, append};
    CHECK(text_of(path) == header);
    log(EpochEnd{.record = epoch_of_numbers});
    CHECK(text_of(path) == header_of_numbers + line_of_numbers);
  }
  CsvLog more{path, append};
  more(EpochEnd{.record = judged_epoch_of_numbers});
  CHECK(text_of(path) == header_of_numbers + line_of_numbers + judged_line_of_numbers);
  CsvLog both{scratch.path / "both.csv", {.lines = LogLines::both}};
  both(batch_of_numbers);
  both(EpochEnd{.record = epoch_of_numbers});
  CHECK(text_of(scratch.path / "both.csv") ==
        "epoch,batch,batch_loss,loss,rmse,mae,r2,learning_rate,validation_loss,validation_rmse,validation_mae,validation_"
        "r2,seconds,images_per_second\n"
        "2,5,0.75,0.5,0.5,0.25,-1,0.1,,,,,,\n"
        "1,,,0.5,2,1.5,0.75,0.1,,,,,2,1e+06\n");
}

TEST_CASE("a CSV log of classes and one of numbers are not mixed") {
  const Scratch scratch("csv-log");
  const auto path = scratch.path / "run.csv";
  const auto append_after = [&](const EpochRecord& before, const EpochRecord& after) {
    CsvLog{path}(EpochEnd{.record = before});
    const std::string text = text_of(path);
    CsvLog log{path, {.existing = IfExists::append}};
    const std::string refused = refusal<DataError>([&] { log(EpochEnd{.record = after}); });
    CHECK(text_of(path) == text);
    return refused;
  };
  const std::string begin = path.string() + ": cannot be appended to: expects a file that begins with the line \"",
                    end = "\"; give another name, or .existing = IfExists::replace";
  CHECK(append_after(plain_epoch, epoch_of_numbers) ==
        begin + header_of_numbers.substr(0, header_of_numbers.size() - 1) + end);
  CHECK(append_after(epoch_of_numbers, plain_epoch) == begin + header.substr(0, header.size() - 1) + end);
}

TEST_CASE("a CSV log that is made anew when a run goes on has the epochs before, too, and once") {
  const Scratch scratch("csv-log");
  const std::vector<EpochRecord> continued{plain_epoch};
  const auto text_with = [&](const LogOptions& options) {
    CsvLog log{scratch.path / "run", options};
    log(EpochEnd{.record = judged_epoch, .continued = continued});
    log(EpochEnd{.record = judged_epoch, .continued = continued});
    return text_of(scratch.path / "run");
  };
  CHECK(text_with({}) == header + first + second + second);
  CHECK(text_with({.existing = IfExists::append}) == header + first + second + second + second + second);
}

#if !defined(_WIN32)

TEST_CASE("on a disk that is full CsvLog has whole lines only, and the run goes on where that is asked for") {
  check_whole_lines<CsvLog>("csv-log");
}

TEST_CASE("epochs of a run that goes on are in CsvLog together or not at all, with the first that has room") {
  check_epochs_together<CsvLog>("csv-log");
}

TEST_CASE("the names of a regression's columns are written with its first line, when that has room") {
  const Scratch scratch("csv-log-regression");
  CsvLog log{scratch.path / "run.csv", {.on_trouble = [](const DataError&) {}}};
  {
    const FullDisk full(header_of_numbers.size() + 5);
    log(EpochEnd{.record = epoch_of_numbers});
  }
  CHECK(text_of(scratch.path / "run.csv").empty());
  log(EpochEnd{.record = judged_epoch_of_numbers});
  CHECK(text_of(scratch.path / "run.csv") == header_of_numbers + judged_line_of_numbers);
}

TEST_CASE("a CSV log that was refused once for its columns is refused again, and is as it was") {
  const Scratch scratch("csv-log-refused");
  const auto path = scratch.path / "run.csv";
  write_text(path, header);
  CsvLog log{path, {.existing = IfExists::append}};
  for (int round = 0; round < 2; ++round)
    CHECK(refusal<DataError>([&] { log(EpochEnd{.record = epoch_of_numbers}); }).find(": cannot be appended to: ") !=
          std::string::npos);
  CHECK(text_of(path) == header);
}

TEST_CASE("a run of fit goes on without its log where trouble is told, and ends where it is not") {
  const Scratch scratch("csv-log-fit");
  const auto data = small::curve(20);
  const auto fit = [&](const char* name, LogTrouble on_trouble) {
    CsvLog log{scratch.path / name, {.on_trouble = std::move(on_trouble)}};
    auto model = small::perceptron_model();
    const FullDisk full(header.size() + 30);
    return Trainer{MeanSquaredError{}, SGD{}}.fit(model, data, {.epochs = 3, .on_epoch = std::ref(log)}).epochs.size();
  };
  int troubles = 0;
  CHECK(fit("on", [&](const DataError&) { ++troubles; }) == 3);
  CHECK(troubles == 1);
  CHECK(refusal<DataError>([&] { fit("off", {}); }).ends_with("off: cannot be written: File too large"));
}

#endif
