// Runs of every released version, which all later versions continue or refuse by their version: tests/callbacks/files.
// A new version's own is written by this test when LAMINA_WRITE_VERSION_FILE is set; a file that is there is never written
// again. Beside each, .expected has the digest of the parameters that it holds, and of those that it came to, for the
// instruction sets on which that was tried.
#include <cstring>
#include <fstream>
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/core/version.hpp>
#include <lamina/kernels/instruction_sets.hpp>
#include <lamina/layers/dropout.hpp>

#include "../catch.hpp"
#include "../training/small.hpp"
#include "logs.hpp"

using namespace small;

namespace {

const std::filesystem::path kept_in = std::filesystem::path(LAMINA_TESTS_DIR) / "callbacks" / "files";

/// "0.1" of "0.1.0".
const std::string this_version(library_version.substr(0, library_version.rfind('.')));

const Sequential network{Conv{.filters = 4, .kernel = 3},
                         ReLU{},
                         MaxPool{.window = 2},
                         Flatten{},
                         Dropout{.rate = 0.25},
                         Dense{.units = classes}};

/// A model whose first parameters are the same numbers for ever, whatever draws them.
auto first_model() {
  Model model{network, image, Rng{1}};
  Index i = 0;
  visit_parameters(
      [&](auto& tensor) {
        for (Index k = 0; k < tensor.size(); ++k, ++i)
          tensor.data()[k] = static_cast<float>((37 * i) % 101) / 256.0F - 0.1875F;
      },
      model.parameters());
  return model;
}

/// Samples that are the same numbers for ever.
Dataset<3> samples(Index count, Index first) {
  Tensor<float, 4> x(count, 8, 8, 1);
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < count; ++n) {
    labels.push_back(static_cast<std::int32_t>((first + n) % classes));
    for (Index i = 0; i < 64; ++i)
      x.data()[n * 64 + i] = static_cast<float>(((first + n) * 29 + i * 13) % 64 + (i / 8 == labels.back() ? 96 : 0)) / 256.0F;
  }
  return Dataset<3>(std::move(x), std::move(labels), {.classes = classes});
}

struct Ended {
  std::uint64_t digest;
  History history;
};

/// Trains in a folder, to the end or until so many batches are done.
Ended train_in(const std::filesystem::path& folder, Index threads, Index batches = -1) {
  const auto train = samples(50, 0), validation = samples(12, 50);
  CheckpointFolder runs{folder};
  auto model = first_model();
  FitOptions<3> options{.epochs = 4, .batch_size = 16, .threads = threads};
  options.seed = 5;
  options.schedule = Cosine{};
  options.validation = &validation;
  options.early_stopping = EarlyStopping{.patience = 3};
  options.checkpoint = runs;
  options.on_batch = [&](BatchEnd& end) { end.stop_training = --batches == 0; };
  const History history =
      Trainer{SoftmaxCrossEntropy{.label_smoothing = 0.125}, SGD{.learning_rate = 0.125, .momentum = 0.875}}.fit(
          model, train, options);
  return {digest(model), history};
}

/// The digest of the parameters that a checkpoint holds.
std::uint64_t digest_of_kept(const std::filesystem::path& folder) {
  CheckpointFolder runs{folder};
  const auto run = runs.find();
  REQUIRE(run);
  auto model = first_model();
  detail::visit_named_parameters(
      [&](const std::string& name, auto& tensor) {
        for (const auto& part : run->parts)
          if (part.name == name || part.name == "parameters." + name)
            std::memcpy(tensor.data(), part.numbers.data(), part.numbers.size());
      },
      model.parameters());
  return digest(model);
}

void write_this_version() {
  const Scratch scratch("version-run-written");
  const std::uint64_t kept = train_in(scratch.path, 2, 6).digest;
  std::filesystem::create_directories(kept_in);
  std::filesystem::copy_file(scratch.path / "run.safetensors", kept_in / (this_version + ".safetensors"));
  std::ofstream(kept_in / (this_version + ".expected"))
      << "kept " << kept << '\n' << kernels::best<float>().key << ' ' << train_in(scratch.path, 2).digest << '\n';
}

}  // namespace

TEST_CASE("the run of every version that there was is continued, to the bits that it came to then") {
  if (std::getenv("LAMINA_WRITE_VERSION_FILE") && !exists(kept_in / (this_version + ".safetensors"))) write_this_version();
  bool has_first = false;
  for (const auto& entry : std::filesystem::directory_iterator(kept_in)) {
    if (entry.path().extension() != ".safetensors") continue;
    INFO(entry.path());
    has_first = has_first || entry.path().stem() == "0.1";
    std::ifstream expected(std::filesystem::path(entry.path()).replace_extension(".expected"));
    std::uint64_t kept = 0;
    [[maybe_unused]] std::uint64_t came_to = 0;  // with g++
    std::string key;
    expected >> key >> kept;
    REQUIRE(key == "kept");
    for (std::uint64_t number; expected >> key >> number;)
      if (key == kernels::best<float>().key) came_to = number;

    std::uint64_t ends[2];
    for (const Index threads : {1, 3}) {
      const Scratch scratch("version-run");
      std::filesystem::copy_file(entry.path(), scratch.path / "run.safetensors");
      {
        CheckpointFolder runs{scratch.path};
        const auto at = runs.position();
        REQUIRE(at);
        CHECK(at->epoch == 1);
        CHECK(at->batch == 2);
        CHECK(at->steps == 6);
      }
      CHECK(digest_of_kept(scratch.path) == kept);
      const auto [end, history] = train_in(scratch.path, threads);
      ends[threads / 2] = end;
      CHECK(history.epochs.size() == 4);
      CHECK(end != kept);
    }
    CHECK(ends[0] == ends[1]);
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
    if (came_to != 0) CHECK(ends[0] == came_to);  // other compilers fuse other products
#endif
  }
  CHECK(has_first);
}
