#pragma once

// The best that lamina has for so few images: which of some recipes that is, is decided by cross-validation on the
// training part alone. What was held out is looked at once, by the network that the chosen recipe trains.

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "sweep.hpp"

namespace study {

/// What recipes differ in. Each trains the same network on normalised images, in batches of 32.
struct Recipe {
  const char* name;
  Augmentation augment;
};

inline std::vector<Recipe> recipes() {
  const Augmentation moved{Rotation{.degrees = 10}, Translation{.x = 2, .y = 2}};
  const Augmentation shaped{Rotation{.degrees = 10}, Scaling{}, Shear{.degrees = 10}, Translation{.x = 2, .y = 2}};
  return {{"images as they are", {}},
          {"turned, moved", moved},
          {"turned, moved, scaled, slanted", shaped},
          {"all that, and bent", {shaped, ElasticDistortion{}}}};
}

constexpr auto small_network = Sequential{
    Conv{.filters = 16, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 32, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Flatten{},
    Dense{.units = 128}, ReLU{},
    Dense{.units = 10},
};
inline const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.03, .momentum = 0.9}};

struct BestOptions {
  Index epochs = 40;
  std::uint64_t seed = 42;
  Index threads = 1;
};

/// How a recipe trains. One shard: what a second thread is for is a second network.
inline FitOptions<3> fit_options(const Recipe& recipe, const BestOptions& options) {
  return {.epochs = options.epochs,
          .batch_size = 32,
          .seed = options.seed,
          .threads = 1,
          .shards = 1,
          .schedule = WarmUp{.share = 0.1, .from = 0, .then = Cosine{}},
          .augment = recipe.augment,
          .on_batch = [](BatchEnd& batch) { batch.stop_training = examples::interrupted; }};
}

/// The mean accuracy of each recipe on the folds of a training part, shown as each is known; fewer when Ctrl-C comes before.
inline std::vector<double> compare(const std::vector<Recipe>& all, const Dataset<3>& train,
                                   const BestOptions& options) {
  const auto make_model = [&](Rng rng) { return Model{small_network, train.sample_shape(), rng}; };
  std::vector<double> accuracies;
  for (const Recipe& recipe : all) {
    const double accuracy = cross_validate(make_model, trainer, train,
                                           {.folds = 4,
                                            .seed = options.seed,
                                            .threads = options.threads,
                                            .normalise = true,
                                            .fit = fit_options(recipe, options)})
                                .accuracy()
                                .mean;
    if (examples::interrupted) break;  // its folds were not trained to their ends
    accuracies.push_back(accuracy);
    std::cout << align_right(format_fixed(accuracy, 4), 9) << std::flush;
  }
  return accuracies;
}

/// Chooses a recipe on the training part, trains it on all of that, and judges it by the rest: gives the accuracy there, or
/// nothing when Ctrl-C comes before.
inline std::optional<double> choose_and_train(const Dataset<3>& data, std::optional<Index> train_limit, Rng dealing,
                                              const BestOptions& options) {
  auto [train, rest] = split(data, Fractions{0.85, 0.15}, dealing);
  if (train_limit) train = first_samples(train, *train_limit);
  const std::vector<Recipe> all = recipes();
  const std::vector<double> accuracies = compare(all, train, options);
  if (accuracies.size() < all.size()) return std::nullopt;
  const auto best = std::max_element(accuracies.begin(), accuracies.end()) - accuracies.begin();
  const Recipe& recipe = all[static_cast<std::size_t>(best)];

  train.normalise(measure_normalisation(train));
  rest.normalise(train.normalisation());
  Model model{small_network, train.sample_shape(), Rng{options.seed}};
  if (trainer.fit(model, train, fit_options(recipe, options)).stopped) return std::nullopt;
  const double held_out = evaluate(model, rest, {.threads = options.threads}).accuracy;
  std::cout << "   " << best + 1 << align_right(format_fixed(held_out, 4), 12) << std::endl;
  return held_out;
}

/// The whole search, on several ways to split the images.
inline void search_best(const Dataset<3>& data, Index splits, std::optional<Index> train_limit,
                        const BestOptions& options) {
  std::cout << "The best recipe, chosen by cross-validation (4 folds) on the training part of each split\n\n";
  const std::vector<Recipe> all = recipes();
  for (std::size_t i = 0; i < all.size(); ++i) std::cout << "  recipe " << i + 1 << ": " << all[i].name << '\n';
  std::cout << "\nsplit";
  for (std::size_t i = 0; i < all.size(); ++i) std::cout << align_right(str_cat("recipe ", i + 1), 9);
  std::cout << "  chosen  held out\n";
  double sum = 0;
  Index done = 0;
  for (Index i = 0; i < splits && !examples::interrupted; ++i) {
    std::cout << align_right(std::to_string(i + 1), 5) << std::flush;
    const auto held_out =
        choose_and_train(data, train_limit, Rng{options.seed}.split(static_cast<std::uint64_t>(10 + i)), options);
    if (!held_out) {
      std::cout << "   stopped\n";
      break;
    }
    sum += *held_out;
    ++done;
  }
  if (done > 0)
    std::cout << "\nmean held-out accuracy " << format_fixed(sum / static_cast<double>(done), 4) << " over " << done
              << (done == 1 ? " split\n" : " splits\n");
}

}  // namespace study
