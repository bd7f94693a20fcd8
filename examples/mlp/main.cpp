// Back-propagation derived, then used: the network 784-30-10 of sigmoid units on handwritten digits, with mini-batches of
// 10, trained once with softmax and categorical cross-entropy and once with sigmoid and binary cross-entropy; then a network
// that names both digits of a picture, several labels at once.
//
//   mlp --epochs 3
//
// Expect a line per epoch and loss. On MNIST, three epochs reach a test accuracy of about 0.93 with either loss, thirty
// about 0.95; of ten answers for each picture of two digits 0.95 are right, and all ten for 0.69 of the pictures. Without
// MNIST the digits are drawn. README.md beside this file derives it all, beside the lines of lamina that compute it:
//
//   zˡ = aˡ⁻¹·(wˡ)ᵀ + bˡ              Dense        w¹ (30, 784), w² (10, 30), all drawn from N(0, 1)
//   a¹ = σ(z¹)                        Sigmoid      and at the end a² = softmax(z²) or σ(z²)
//
//   J = −Σ_k y_k ln a_k                                     SoftmaxCrossEntropy: one label
//   J = −Σ_k (y_k ln a_k + (1 − y_k) ln(1 − a_k))           SigmoidCrossEntropy: several labels at once
//
//   δ² = a² − y                       for both: the derivative of the activation cancels against the loss's
//   δ¹ = (δ²·w²) ⊙ σ′(z¹)             the chain rule; σ′(z¹) = a¹ ⊙ (1 − a¹)
//   ∂J/∂wˡ = (δˡ)ᵀ·aˡ⁻¹               ∂J/∂bˡ = δˡ           averaged over the mini-batch

#include <cmath>
#include <iostream>
#include <optional>
#include <string>

#include <lamina/lamina.hpp>
#include <lamina/network.hpp>
#include <lamina/terminal.hpp>

#include "../digits.hpp"
#include "../options.hpp"
#include "two_digits.hpp"

using namespace lamina;

namespace {

struct Settings {
  std::string data;
  Index epochs = 3;
  std::optional<Index> train_limit;
  double learning_rate = 0.5;
  std::uint64_t seed = 1;
};

/// Trains in a loop of our own; `test` says in a few words how good the network is, after each epoch. The network ends in
/// logits: the last softmax or σ is in the loss, where it cancels.
template <Loss F, typename Test>
void train(auto& model, const F& loss, const Dataset<3>& digits, const Settings& settings, const Test& test) {
  std::cout << F::name << '\n';
  Trainer trainer{loss, SGD{.learning_rate = settings.learning_rate}};
  for (Index epoch = 0; epoch < settings.epochs; ++epoch) {
    const Rng order = Rng{settings.seed}.split(static_cast<std::uint64_t>(epoch));
    double sum = 0;
    for (const auto& batch : batches(digits, {.batch_size = 10, .shuffle = order}))
      sum += trainer.step(model, batch).loss * static_cast<double>(batch.size());
    std::cout << "  epoch " << epoch + 1 << "/" << settings.epochs << "  loss "
              << format_fixed(sum / static_cast<double>(digits.size()), 4) << "  test: " << test() << std::endl;
  }
}

/// Which digit is it? One label, 784-30-10.
template <Loss F>
void name_digits(const F& loss, const examples::Digits& digits, const Settings& settings) {
  Model model{mlp({784, 30, 10}), digits.train.sample_shape(), Rng{settings.seed}};
  train(model, loss, digits.train, settings,
        [&] { return "accuracy " + format_fixed(evaluate(model, digits.test).accuracy, 4); });
}

/// Which digits are there? Each of ten labels is a question of its own, asked of pictures with two digits. Twice the inputs,
/// twice the hidden units.
void name_pairs(const examples::Digits& digits, const Settings& settings) {
  const Rng rng = Rng{settings.seed}.split(2);
  const Dataset<3> pairs = examples::two_digits(digits.train, rng.split(0)), test = examples::two_digits(digits.test, rng.split(1));
  std::cout << "\nTwo digits side by side, and ten questions: is there a 0, is there a 1, ...?\n";
  Model model{mlp({2 * 784, 60, 10}), pairs.sample_shape(), Rng{settings.seed}};
  train(model, SigmoidCrossEntropy{}, pairs, settings, [&] {
    const examples::LabelScores scores(test, predict_outputs(model, test));
    return "answers right " + format_fixed(scores.labels_right, 4) + ", all ten right " + format_fixed(scores.pictures_right, 4);
  });

  const auto logits = predict_outputs(model, test);
  const examples::LabelScores scores(test, logits);
  std::cout << '\n' << scores << "\nanswers right " << format_fixed(scores.labels_right, 4) << " (saying no throughout: "
            << format_fixed(scores.silent, 4) << ")\nall ten right " << format_fixed(scores.pictures_right, 4) << " of "
            << format_count(test.size()) << " pictures\n\n";
  examples::show_pictures(std::cout, test, logits, Terminal::detect(stdout));
}

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options("Trains a network of 784, 30 and 10 units on digits, with the cross-entropies of softmax and of sigmoid, then one\n"
                            "of 1568, 60 and 10 that names both digits of a picture.");
  options.add("--data", "DIR", "the folder of MNIST's four files (else LAMINA_DATA_DIR, then the cache)", settings.data);
  options.add("--epochs", "N", "how often to go through the training set (3)", settings.epochs);
  options.add("--learning-rate", "X", "of SGD (0.5)", settings.learning_rate);
  options.add("--seed", "N", "of the first weights, the order of samples and the drawn digits (1)", settings.seed);
  options.add("--train-limit", "N", "train on the first N samples only", settings.train_limit);
  if (!options.read(count, arguments)) return false;
  examples::require_at_least_one("--epochs", settings.epochs);
  examples::require_at_least_one("--train-limit", settings.train_limit.value_or(1));
  examples::require(settings.learning_rate > 0 && std::isfinite(settings.learning_rate), "--learning-rate", "a finite number above 0",
                    settings.learning_rate);
  return true;
}

void run(const Settings& settings) {
  examples::Digits digits = examples::find_digits(settings.data, Rng{settings.seed}.split(1));
  if (settings.train_limit) digits.train = examples::first_samples(digits.train, *settings.train_limit);
  std::cout << "One digit, and one question: which?\n";
  name_digits(SoftmaxCrossEntropy{}, digits, settings);
  name_digits(SigmoidCrossEntropy{}, digits, settings);
  name_pairs(digits, settings);
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("mlp", [&] {
    Settings settings;
    if (read_settings(count, arguments, settings)) run(settings);
  });
}
