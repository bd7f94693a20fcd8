// Back-propagation derived, then used: the network 784-30-10 of sigmoid units on handwritten digits, with mini-batches of
// 10, trained once with softmax and categorical cross-entropy and once with sigmoid and binary cross-entropy.
//
//   mlp --epochs 3
//
// Expect a line per epoch and loss. On MNIST, three epochs reach a test accuracy of about 0.93 with either, thirty about
// 0.95. Without MNIST the digits are drawn.
//
// The network. With a⁰ = x, a row of 784 numbers, and for the layers l = 1, 2
//
//   zˡ = aˡ⁻¹·(wˡ)ᵀ + bˡ              Dense        w¹ (30, 784), w² (10, 30), all drawn from N(0, 1)
//   a¹ = σ(z¹)                        Sigmoid      and at the end a² = softmax(z²) or σ(z²)
//
// The losses, for a target row y that is 1 at the digit's place and 0 elsewhere
//
//   J = −Σ_k y_k ln a_k                                     categorical cross-entropy, with a = softmax(z²)
//   J = −Σ_k (y_k ln a_k + (1 − y_k) ln(1 − a_k))           binary cross-entropy, with a = σ(z²)
//
// Backwards. δˡ stands for ∂J/∂zˡ.
//
//   δ² = a² − y                       for both losses: the derivative of the activation cancels against the loss's
//   δ¹ = (δ²·w²) ⊙ σ′(z¹)             the chain rule; σ′(z¹) = a¹ ⊙ (1 − a¹)
//   ∂J/∂wˡ = (δˡ)ᵀ·aˡ⁻¹               ∂J/∂bˡ = δˡ           averaged over the mini-batch
//
// A factor σ′(z²) in δ² would belong to the squared error. The headers losses/softmax_cross_entropy.hpp,
// losses/sigmoid_cross_entropy.hpp, layers/dense.hpp and layers/sigmoid.hpp derive the four lines; below they run.

#include <cmath>
#include <iostream>
#include <optional>

#include <lamina/lamina.hpp>

#include "../digits.hpp"
#include "../options.hpp"

using namespace lamina;

namespace {

struct Settings {
  std::string data;
  Index epochs = 3;
  std::optional<Index> train_limit;
  double learning_rate = 0.5;
  std::uint64_t seed = 1;
};

/// Trains the network in a loop of our own. It ends in logits: the last softmax or σ is in the loss, where it cancels.
template <Loss F>
void train(const F& loss, const examples::Digits& digits, const Settings& settings) {
  std::cout << F::name << '\n';
  Model model{network({784, 30, 10}), digits.train.sample_shape(), Rng{settings.seed}};
  Trainer trainer{loss, SGD{.learning_rate = settings.learning_rate}};
  for (Index epoch = 0; epoch < settings.epochs; ++epoch) {
    const Rng order = Rng{settings.seed}.split(static_cast<std::uint64_t>(epoch));
    double sum = 0;
    for (const auto& batch : batches(digits.train, {.batch_size = 10, .shuffle = order}))
      sum += trainer.step(model, batch).loss * static_cast<double>(batch.size());
    std::cout << "  epoch " << epoch + 1 << "/" << settings.epochs << "  loss "
              << format_fixed(sum / static_cast<double>(digits.train.size()), 4) << "  test accuracy "
              << format_fixed(evaluate(model, digits.test).accuracy, 4) << std::endl;
  }
}

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options("Trains a network of 784, 30 and 10 units on digits, with the cross-entropies of softmax and of sigmoid.");
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
  train(SoftmaxCrossEntropy{}, digits, settings);
  train(SigmoidCrossEntropy{}, digits, settings);
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("mlp", [&] {
    Settings settings;
    if (read_settings(count, arguments, settings)) run(settings);
  });
}
