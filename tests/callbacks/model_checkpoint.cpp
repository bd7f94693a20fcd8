#include <algorithm>
#include <functional>
#include <lamina/callbacks/model_checkpoint.hpp>
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <set>

#include "../catch.hpp"
#include "../training/small.hpp"
#include "logs.hpp"

using namespace lamina;

namespace {

std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

using Names = std::set<std::string>;

/// Tells of epochs with these validation losses.
void tell(ModelCheckpoint& checkpoints, const std::vector<double>& losses) {
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const EpochRecord record{.epoch = static_cast<Index>(i),
                             .loss = -losses[i],
                             .accuracy = losses[i],
                             .validation_loss = losses[i],
                             .validation_accuracy = losses[i]};
    checkpoints(EpochEnd{.record = record});
  }
}

}  // namespace

TEST_CASE("a checkpoint is the model as it was after its epoch, with its card") {
  const Scratch scratch("checkpoints");
  auto model = small::convolutional_model();
  ModelCheckpoint checkpoints{model, scratch.path / "run" / "points", {.metadata = {.class_names = {"a", "b", "c"}}}};
  std::vector<std::uint64_t> after;
  Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, small::bars(20), {.epochs = 3, .on_epoch = [&](EpochEnd& end) {
                                                                       checkpoints(end);
                                                                       after.push_back(small::digest(model));
                                                                     }});
  REQUIRE(checkpoints.files().size() == 3);
  CHECK(checkpoints.newest() == scratch.path / "run" / "points" / "epoch-0003.safetensors");
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    auto loaded = small::convolutional_model(1);
    CHECK(load(loaded, checkpoints.files()[epoch]).class_names == std::vector<std::string>{"a", "b", "c"});
    CHECK(small::digest(loaded) == after[epoch]);
  }
}

TEST_CASE("only the newest checkpoints are kept, and files of others are left alone") {
  const Scratch scratch("checkpoints");
  auto model = small::perceptron_model();
  write_text(scratch.path / "epoch-0000.safetensors", "mine");
  ModelCheckpoint checkpoints{model, scratch.path, {.keep = 2}};
  CHECK(!checkpoints.newest());
  tell(checkpoints, {1, 1, 1, 1});
  CHECK(names_in(scratch.path) == Names{"epoch-0000.safetensors", "epoch-0003.safetensors", "epoch-0004.safetensors"});
  tell(checkpoints, {1, 1, 1, 1});  // another run of the same names
  CHECK(names_in(scratch.path) == Names{"epoch-0000.safetensors", "epoch-0003.safetensors", "epoch-0004.safetensors"});
  CHECK(checkpoints.newest() == scratch.path / "epoch-0004.safetensors");
}

TEST_CASE("of the best only, an epoch is saved when its figure is better than all before") {
  const Scratch scratch("checkpoints");
  auto model = small::perceptron_model();
  const auto saved = [&](const ModelCheckpointOptions& options) {
    std::filesystem::remove_all(scratch.path / "best");
    ModelCheckpoint checkpoints{model, scratch.path / "best", options};
    tell(checkpoints, {std::nan(""), 3, 3, 4, 2, 5, std::nan("")});
    return names_in(scratch.path / "best");
  };
  CHECK(saved({.best_only = true, .name = "e"}) == Names{"e0002.safetensors", "e0005.safetensors"});
  CHECK(saved({.best_only = true, .keep = 1, .name = "e"}) == Names{"e0005.safetensors"});
  for (const Monitor rising :
       {Monitor::validation_accuracy, Monitor::accuracy, Monitor::loss})  // tell's loss falls as they rise
    CHECK(saved({.best_only = true, .monitor = rising, .name = "e"}) ==
          Names{"e0002.safetensors", "e0004.safetensors", "e0006.safetensors"});
}

TEST_CASE("checkpoints of a run that was continued are those of a run that was not interrupted") {
  const Scratch scratch("checkpoints");
  const auto data = small::bars(53), held_out = small::bars(20, 7);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.5}};  // so high that the loss goes up, too
  // Starts anew, or goes on, with a model, a folder and checkpoints of its own, and stops after so many epochs.
  const auto train = [&](const std::string& name, bool best_only, Index until) {
    auto model = small::convolutional_model();
    CheckpointFolder folder{scratch.path / (name + "-run")};
    ModelCheckpoint checkpoints{model, scratch.path / name, {.best_only = best_only, .keep = 2}};
    const auto on_epoch = [&](EpochEnd& end) {
      checkpoints(end);
      end.stop_training = end.record.epoch + 1 == until;
    };
    trainer.fit(model, data,
                {.epochs = 8, .batch_size = 8, .validation = &held_out, .checkpoint = folder, .on_epoch = on_epoch});
    return std::pair(names_in(scratch.path / name), checkpoints.newest().value().filename());
  };
  for (const bool best_only : {false, true}) {
    const std::string kind = best_only ? "best" : "all";
    const auto whole = train(kind, best_only, 8);
    CHECK(whole.first.size() == 2);
    for (const Index until : {2, 3, 5, 6}) train(kind + "-in-parts", best_only, until);
    CHECK(train(kind + "-in-parts", best_only, 8) == whole);
    CHECK((whole.second == "epoch-0008.safetensors") == !best_only);  // the last of them is not the best
  }
}

TEST_CASE("checkpoints that are first called late leave files of others alone, and take the first epoch for the best") {
  const Scratch scratch("checkpoints");
  for (const bool best_only : {false, true}) {
    auto model = small::convolutional_model();
    for (const char* name : {"epoch-0001.safetensors", "epoch-0002.safetensors"})
      write_text(scratch.path / name, "mine");
    ModelCheckpoint checkpoints{model, scratch.path, {.best_only = best_only, .monitor = Monitor::accuracy, .keep = 1}};
    const auto on_epoch = [&](EpochEnd& end) {
      if (end.record.epoch == 2) checkpoints(end);
    };
    Trainer{MeanSquaredError{}, SGD{}}.fit(model, small::bars(20), {.epochs = 3, .on_epoch = on_epoch});
    CHECK(names_in(scratch.path) ==
          Names{"epoch-0001.safetensors", "epoch-0002.safetensors", "epoch-0003.safetensors"});
    CHECK(checkpoints.newest() == scratch.path / "epoch-0003.safetensors");
    CHECK(text_of(scratch.path / "epoch-0001.safetensors") == "mine");
  }
}

TEST_CASE("checkpoints of the best accuracy are refused where targets are numbers") {
  const Scratch scratch("checkpoints");
  auto model = small::perceptron_model();
  const auto data = small::curve(20);
  ModelCheckpoint checkpoints{model, scratch.path, {.best_only = true, .monitor = Monitor::validation_accuracy}};
  CHECK(refusal<OptionError>([&] {
          Trainer{MeanSquaredError{}, SGD{}}.fit(model, data, {.validation = &data, .on_epoch = std::ref(checkpoints)});
        }) ==
        "ModelCheckpoint: needs the accuracy but the targets of the validation set are numbers, which have none; give "
        ".monitor = Monitor::validation_loss");
  CHECK(checkpoints.files().empty());
}

TEST_CASE("checkpoints refuse at once what cannot be") {
  const Scratch scratch("checkpoints");
  auto model = small::perceptron_model();
  CHECK(refusal<OptionError>([&] { ModelCheckpoint(model, scratch.path, {.keep = -1}); }) ==
        "ModelCheckpoint: expects .keep of at least 0, where 0 keeps all, but got -1");
  CHECK(refusal<OptionError>([&] { ModelCheckpoint(model, scratch.path, {.name = "../x"}); }) ==
        "ModelCheckpoint: expects a .name without slashes but got \"../x\"; the folder is given before");
  write_text(scratch.path / "file", "mine");
  CHECK(refusal<DataError>([&] {
          ModelCheckpoint(model, scratch.path / "file");
        }).starts_with((scratch.path / "file").string() + ": cannot be made a folder"));
  CHECK(refusal<DataError>([&] {
          ModelCheckpoint(model, scratch.path / "file" / "x");
        }).find(": cannot be made a folder: ") != std::string::npos);
  CHECK(text_of(scratch.path / "file") == "mine");
}

TEST_CASE("what a checkpoint throws reaches the caller of fit, and the model stays usable") {
  const Scratch scratch("checkpoints");
  auto model = small::convolutional_model(), other = model;
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  const auto data = small::bars(20);
  ModelCheckpoint checkpoints{model, scratch.path / "points"};
  std::filesystem::remove_all(scratch.path / "points");
  CHECK(refusal<DataError>([&] {
          trainer.fit(model, data, {.epochs = 2, .on_epoch = std::ref(checkpoints)});
        }).starts_with((scratch.path / "points" / "epoch-0001.safetensors").string() + ": cannot be written: "));
  trainer.fit(other, data, {});
  CHECK(small::digest(model) == small::digest(other));
  ModelCheckpoint best{model, scratch.path, {.best_only = true}};
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.on_epoch = std::ref(best)}); }) ==
        "ModelCheckpoint: needs the validation set but fit got none; give .validation, or .monitor = Monitor::loss");
}
