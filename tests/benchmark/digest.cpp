// Trains each of the benchmark's networks for ten steps on noise and prints a line for each: its name and a digest of the
// bits of its weights.
//
//   lamina_digest [<workload>...]        with the fastest instruction set, or the one that the environment names
//
// against.sh compiles this file with an earlier commit's headers and workloads.hpp, and compares the lines.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/model.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/training/trainer.hpp>
#include <tests/benchmark/workloads.hpp>

namespace lamina::detail {}  // where visit_parameters may be, too

namespace {

/// Fowler, Noll and Vo's hash FNV-1a of all weights, in memory's order.
template <typename Parameters>
std::uint64_t digest(const Parameters& parameters) {
  using namespace lamina;
  using namespace lamina::detail;
  std::uint64_t state = 0xcbf29ce484222325;
  visit_parameters(
      [&](const auto& tensor) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(tensor.data());
        const std::size_t count = static_cast<std::size_t>(tensor.size()) * sizeof(*tensor.data());
        for (std::size_t i = 0; i < count; ++i) state = (state ^ bytes[i]) * 0x100000001b3;
      },
      parameters);
  return state;
}

template <typename Network, typename Sample>
void train(const char* name, const Network& network, const Sample& sample, const workloads::Cut& cut) {
  using namespace lamina;
  Model model{network, sample, Rng{42}};
  const auto data = workloads::noise(10 * cut.batch_size, sample);
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(
      model, data, {.epochs = 1, .batch_size = cut.batch_size, .seed = 7, .threads = 2, .shards = cut.shards});
  std::printf("%s %016llx\n", name, static_cast<unsigned long long>(digest(model.parameters())));
}

}  // namespace

int main(int count, char** arguments) {
  try {
    workloads::for_each([&](const char* name, const auto& network, const auto& sample, const workloads::Cut& cut) {
      bool wanted = count == 1;
      for (int i = 1; i < count; ++i) wanted = wanted || std::strcmp(arguments[i], name) == 0;
      if (wanted) train(name, network, sample, cut);
    });
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lamina_digest: %s\n", error.what());
    return 1;
  }
}
