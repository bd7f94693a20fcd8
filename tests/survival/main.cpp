// Kills a training run with SIGKILL, at moments drawn at random, and lets it go on each time: in the end it must have come
// to the bits of a run that nothing interrupted, and never must what it kept be unreadable or older than before.
//
//   lamina_test_survival [kills] [seed]
//
// Every second run trains from shards on disk, which a process of its own writes and is killed at, too, and in windows, so
// that a run that goes on in the middle of an epoch finds the order again.
//
// Runs follow one another until there were as many kills as asked for (25). Each is trained with one, two or three
// threads, another number after each kill, and kept as often as the draw has it; where a write was cut short, that is told.

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/shards.hpp>
#include <lamina/data/write_shards.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/optimizers/adam.hpp>
#include <stdexcept>
#include <thread>

#include "../data/scratch.hpp"
#include "../training/small.hpp"

using namespace small;

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Samples of a shard, which are a block. Two shards are a window.
constexpr std::size_t shard_bytes = 20 * 64 * sizeof(float);

/// Writes the training set to shards, slowly enough to be killed, or finds that they are there.
void write_set(const std::filesystem::path& shards) {
  const auto data = bars(333);
  write_shards(shards, SampleStream<3, float>{.sample = image, .classes = {.classes = classes},
                                              .next = [&](Index i, StreamedSample<float>& to) {
                                                if (i == data.size()) return false;
                                                std::this_thread::sleep_for(std::chrono::microseconds(100));
                                                data.read_stored(i, to.values.data());
                                                to.label = data.labels()[static_cast<std::size_t>(i)];
                                                return true;
                                              }},
               {.shard_bytes = shard_bytes});
}

/// Trains with all that has a state, and returns a digest of the parameters. The training set is in memory if no shards are
/// named.
std::uint64_t train(CheckpointStore checkpoint, Index threads, const std::filesystem::path& shards) {
  constexpr auto layers = Sequential{Conv{.filters = 5, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Flatten{},
                                     Dropout{.rate = 0.2}, Dense{.units = 12}, Tanh{}, Dense{.units = classes}};
  if (!shards.empty()) write_set(shards);
  const auto data = shards.empty() ? bars(333) : open_shards<3>(shards, {.memory = 4 * shard_bytes});
  const auto validation = bars(50, 9);
  Model model{layers, image, Rng{4}};
  Trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}}.fit(
      model, data,
      {.epochs = 6,
       .batch_size = 10,
       .seed = 7,
       .threads = threads,
       .schedule = OneCycle{},
       .validation = &validation,
       .early_stopping = EarlyStopping{.patience = 3},
       .on_plateau = ReduceOnPlateau{.factor = 0.5, .patience = 0},
       .augment = {Rotation{.degrees = 5}},
       .checkpoint = checkpoint});
  return digest(model);
}

/// A process that trains, and says what it came to, if it gets so far.
class Child {
 public:
  Child(const std::filesystem::path& folder, const CheckpointFolderOptions& options, Index threads,
        const std::filesystem::path& shards) {
    int ends[2];
    if (pipe(ends) != 0 || (process_ = fork()) < 0) throw std::runtime_error("no process to be had");
    if (process_ == 0) {
      try {
        CheckpointFolder kept{folder, options};
        const std::uint64_t result = train(kept, threads, shards);
        _exit(write(ends[1], &result, sizeof(result)) == sizeof(result) ? 0 : 1);
      } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        _exit(1);
      }
    }
    close(ends[1]);
    answer_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { close(answer_); }

  /// Kills it, or gets what it came to meanwhile.
  std::optional<std::uint64_t> end(bool by_force) {
    if (by_force) kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return std::nullopt;
    std::uint64_t result = 0;
    if (status != 0 || read(answer_, &result, sizeof(result)) != sizeof(result))
      throw std::runtime_error("the run failed");
    return result;
  }

 private:
  pid_t process_ = -1;
  int answer_ = -1;
};

bool has_unfinished(const std::filesystem::path& folder) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    if (entry.path().extension() == ".unfinished") return true;
  return false;
}

void expect(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

struct Counts {
  int kills = 0, unfinished = 0, runs = 0, early = 0;
};

/// The shards that a run on this folder trains from, if it is told to.
std::filesystem::path shards_of(std::filesystem::path folder) { return folder += ".shards"; }

/// One run, killed again and again, to its end.
void one_run(const std::filesystem::path& folder, bool from_shards, Rng rng, double whole, std::uint64_t expected, int most,
             Counts& counts) {
  const CheckpointFolderOptions options{
      .every_seconds = 0, .every_epochs = rng.below(2), .every_batches = Index{1} + rng.below(4)};
  std::uint64_t steps = 0;
  for (;;) {
    const Clock::time_point start = Clock::now();
    const Index threads = 1 + rng.below(3);
    const double delay = whole * 0.2 * rng.uniform();
    const bool kills = counts.kills < most;
    Child child(folder, options, threads, from_shards ? shards_of(folder) : "");
    if (kills) std::this_thread::sleep_for(std::chrono::duration<double>(delay));
    const auto result = child.end(kills);
    if (result) {
      expect(*result == expected, "the run came to other parameters than one that nothing interrupts");
      ++counts.runs;
      return;
    }
    const bool unfinished = has_unfinished(folder) || has_unfinished(shards_of(folder));
    const auto at = CheckpointFolder{folder}.position();  // throws when it cannot be read
    expect(at ? at->steps >= steps : steps == 0, "what was kept is older than before");
    steps = at ? at->steps : 0;
    ++counts.kills;
    counts.unfinished += unfinished;
    counts.early += !at;
    std::cout << (from_shards ? "from shards: kill " : "from memory: kill ") << counts.kills << " after " << format_fixed(1e3 * since(start), 1) << " ms, " << threads
              << " thread(s): ";
    if (at)
      std::cout << "epoch " << at->epoch + 1 << ", batch " << at->batch << " of " << at->batches << " is kept";
    else
      std::cout << "nothing was kept yet";
    std::cout << (unfinished ? ", a write was cut short\n" : "\n");
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const int kills = count > 1 ? std::atoi(arguments[1]) : 25;
    const Rng rng(count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1);
    expect(kills > 0, "expects a number of kills of at least 1");
    const Scratch scratch("survival-" + std::to_string(getpid()));
    const CheckpointFolderOptions always{.every_batches = 1};
    const Clock::time_point start = Clock::now();
    const std::uint64_t expected = Child(scratch.path / "whole", always, 1, "").end(false).value();
    const double whole = since(start);
    const auto of_shards = scratch.path / "of-shards";
    const std::uint64_t expected_of_shards = Child(of_shards, always, 1, shards_of(of_shards)).end(false).value();
    expect(expected != expected_of_shards, "the run from shards has the order of the run from memory");
    std::cout << "a run that nothing interrupts takes " << format_fixed(1e3 * whole, 0) << " ms\n";
    Counts counts;
    while (counts.kills < kills) {
      const bool from_shards = counts.runs % 2 == 0;
      one_run(scratch.path / std::to_string(counts.runs), from_shards, rng.split(static_cast<std::uint64_t>(counts.runs)),
              whole, from_shards ? expected_of_shards : expected, kills, counts);
    }
    std::cout << counts.kills << " kills, " << counts.unfinished << " of them while a file was being written, "
              << counts.early << " before anything was kept; all " << counts.runs
              << " runs came to the bits of one that nothing interrupts\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "survival: " << error.what() << '\n';
    return 1;
  }
}
