// Checkpoints: one that can be read is written again byte for byte, and `fit` continues from it or refuses it. The check value
// is corrected first, because otherwise no code after it would be reached.

#include <lamina/callbacks/checkpoint_file.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/training/checkpoint.hpp>
#include <lamina/training/trainer.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

/// A store that returns one checkpoint, if any, and copies those that it is given.
struct Keeper {
  std::optional<Checkpoint> run{};
  std::vector<fuzz::Bytes>* kept = nullptr;

  std::optional<Checkpoint> find() { return std::move(run); }
  bool due(const RunPosition&) const { return kept != nullptr; }
  void keep(const Checkpoint& given) {
    if (kept) kept->push_back(detail::checkpoint_bytes(given));
  }
};

constexpr Sequential layers{Dense{.units = 2}};

/// Six epochs of two batches, with everything that a run can remember.
void fit(Keeper& store) {
  static const Dataset<1> data(std::vector<float>{0, 1, 1, 0, 1, 1, 0.5F, 0}, Shape{2},
                               std::vector<std::int32_t>{0, 1, 1, 0});
  Model model{layers, Shape{2}, Rng{1}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
  trainer.fit(model, data, {.epochs = 6, .batch_size = 2, .threads = 1, .validation = &data,
                            .early_stopping = EarlyStopping{.patience = 3, .restore_best = true},
                            .on_plateau = ReduceOnPlateau{}, .checkpoint = store});
}

/// With the check value that read_checkpoint will find.
fuzz::Bytes with_right_digest(std::span<const std::byte> given) {
  fuzz::Bytes file(given.begin(), given.end());
  const detail::SafeTensors tensors = detail::parse_safetensors(file);
  const auto texts = detail::CheckpointTexts::read(tensors.metadata);
  Checkpoint run;
  for (const auto& entry : tensors.entries)
    run.parts.push_back({entry.name, entry.dtype, entry.shape,
                         std::span(file).subspan(tensors.numbers + static_cast<std::size_t>(entry.begin),
                                                 static_cast<std::size_t>(entry.end - entry.begin))});
  const std::string digest = detail::digest_of(run, texts), mark = "\"lamina.run.digest\":\"";
  const std::size_t place = fuzz::text(file).find(mark);
  if (place == std::string_view::npos || file.size() - place - mark.size() < digest.size()) return file;
  std::transform(digest.begin(), digest.end(), file.begin() + static_cast<std::ptrdiff_t>(place + mark.size()),
                 [](char digit) { return static_cast<std::byte>(digit); });
  return file;
}

void read(std::span<const std::byte> given) {
  const fuzz::Bytes file = with_right_digest(given);
  Keeper store{.run = detail::read_checkpoint(file, {.max_bytes = 1 << 16})};
  const fuzz::Bytes written = detail::checkpoint_bytes(*store.run);
  const Checkpoint again = detail::read_checkpoint(written);
  fuzz::require(again.settings == store.run->settings && again.parts.size() == store.run->parts.size() &&
                    again.position.steps == store.run->position.steps && detail::checkpoint_bytes(again) == written,
                "a run is not read again the same");
  store.run->origin = "x";
  try {
    fit(store);
  } catch (const DivergenceError&) {
  }
}

std::vector<fuzz::Bytes> seeds() {
  std::vector<fuzz::Bytes> kept;
  Keeper store{.kept = &kept};
  fit(store);
  return {kept.front(), kept.at(1), kept.at(2), kept.at(kept.size() / 2), kept.back()};
}

const fuzz::Known known({"checkpoint", read, [](std::size_t size) { return 64 * size + (std::size_t{1} << 18); },
                         seeds});

}  // namespace
