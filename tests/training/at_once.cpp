// Several models trained at once, with more threads between them than the machine has.
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/training/trainer.hpp>

#include <chrono>
#include <thread>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr int models = 6;
const Index threads = std::max<Index>(2, hardware_threads());

/// Some hundred short steps, and the digest of what came of them.
std::uint64_t trained(int number, Index with_threads) {
  static const Dataset<3> images = bars(320);
  auto model = convolutional_model(static_cast<std::uint64_t>(number));
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}}.fit(
      model, images, {.epochs = 30, .batch_size = 32, .threads = with_threads, .shards = threads});
  return digest(model);
}

double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("models trained at once do not stall one another, and become what each becomes alone on one thread") {
  std::vector<std::uint64_t> alone(models), together(models);
  trained(0, 1);  // everything is warm
  const double in_turn = seconds_of([&] {
    for (int m = 0; m < models; ++m) alone[static_cast<std::size_t>(m)] = trained(m, 1);
  });
  const double at_once = seconds_of([&] {
    std::vector<std::thread> callers;
    for (int m = 0; m < models; ++m)
      callers.emplace_back([&, m] { together[static_cast<std::size_t>(m)] = trained(m, threads); });
    for (std::thread& caller : callers) caller.join();
  });
  CHECK(together == alone);
  CAPTURE(in_turn, at_once);
  CHECK(at_once < 5 * in_turn + 0.5);  // workers that wait without ever sleeping take seconds
}
