// The benchmark's networks in training: what must hold for each of them, on every instruction set of the kernels.
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/training/trainer.hpp>

#include "../benchmark/workloads.hpp"
#include "../catch.hpp"
#include "small.hpp"

using namespace lamina;

namespace {

/// The digest of a network's weights after two small batches and a smaller one, in four shards.
template <typename M, int Rank>
std::uint64_t trained(M model, const Dataset<Rank>& data, Index threads) {
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(
      model, data, {.batch_size = 6, .threads = threads, .shards = 4});
  return small::digest(model);
}

}  // namespace

TEST_CASE("every workload is trained to the same bits by 1, 2, 3 and 4 threads") {
  workloads::for_each([](const char* name, const auto& network, const auto& sample, workloads::Cut) {
    const Model model{network, sample, Rng{42}};
    const auto data = workloads::noise(16, sample);
    const std::uint64_t one = trained(model, data, 1);
    CHECK(one != small::digest(model));
    for (const Index threads : {2, 3, 4}) {
      CAPTURE(name, threads);
      CHECK(trained(model, data, threads) == one);
    }
  });
}
