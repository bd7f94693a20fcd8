// Measures n ranks of one thread beside one process of n threads, in turn in one job, and what the sum over ranks takes.
//
//   mpirun -np 2 lamina_bench_mpi                      mnist-deep and cifar-vgg
//   mpirun -np 2 lamina_bench_mpi --workload lenet --rounds 9
//   mpirun -np 4 --hostfile hosts lamina_bench_mpi --sums       what a network takes for gradients of 1 KB to 64 MB
//
// Efficiency is the rate of the ranks ÷ the rate of the threads, each by the 5th percentile of all steps' times: other
// programs only take time away. The last columns are the time of one sum of gradients alone, and its share of a step: more than that cannot be
// gained by hiding it behind backward.
#include <algorithm>
#include <chrono>
#include <thread>

#include <lamina/mpi.hpp>
#include <lamina/mpi/group.hpp>

#include "../../examples/options.hpp"
#include "workloads.hpp"

namespace {

using namespace lamina;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::string workload{};
  Index rounds = 60;
  double seconds = 0.05;
  bool sums = false;
};

/// Images per second by the times of steps.
double rate(std::vector<double> seconds, Index batch_size) {
  std::sort(seconds.begin(), seconds.end());
  return static_cast<double>(batch_size) / seconds[seconds.size() / 20];
}

/// Waits for all ranks, asleep: who waits takes no time from who works.
void wait(const mpi::Session& world) {
  MPI_Request request;
  MPI_Ibarrier(world.communicator(), &request);
  for (int done = 0; !done;) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (!done) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// The seconds of one sum of gradients with so many numbers, of which this rank has as many terms as shards.
double seconds_of_sum(mpi::Session& world, Index numbers, Index shards, bool same_bits, Index bucket = 0) {
  detail::MpiGroup group(world.communicator(), same_bits, bucket);
  const Index own = group.own(shards).size();
  std::vector<std::vector<float>> gradients(static_cast<std::size_t>((std::max)(own, Index{1})), std::vector<float>(static_cast<std::size_t>(numbers), 1.0F));
  std::vector<float*> terms;
  for (Index s = 0; s < own; ++s) terms.push_back(gradients[static_cast<std::size_t>(s)].data());
  detail::GradientTerms<float>::Tensor tensor{terms, numbers};
  ThreadPool thread_pool(1);
  std::vector<double> times;
  for (int repeat = 0; repeat < 100; ++repeat) {
    MPI_Barrier(world.communicator());
    const auto start = Clock::now();
    group.sum({.trained = std::span(&tensor, 1), .measured = {}, .batch_size = shards, .shards = shards}, thread_pool);
    times.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  return *std::min_element(times.begin(), times.end());
}

void measure_sums(mpi::Session& world) {
  if (world.rank() == 0) std::cout << "bytes of the gradient, microseconds of a sum in buckets of 256 KB, 1 MB, 4 MB, all at once\n";
  for (Index bytes = 1024; bytes <= Index{64} << 20; bytes *= 4) {
    std::string line = align_right(format_count(bytes), 12);
    for (const Index bucket : {Index{1} << 18, Index{1} << 20, Index{1} << 22, bytes})
      line += align_right(format_fixed(1e6 * seconds_of_sum(world, bytes / 4, world.size(), false, bucket), 0), 10);
    if (world.rank() == 0) std::cout << line << std::endl;
  }
}

/// Adds the seconds of each step but the first ones, on rank 0.
template <typename Network, int Rank>
void train(const Network& network, const Dataset<Rank>& data, FitOptions<Rank> options, std::vector<double>& seconds) {
  Model model{network, data.sample_shape(), Rng{42}};
  Clock::time_point last = Clock::now();
  options.on_batch = [&](BatchEnd& end) {
    const auto now = Clock::now();
    if (end.batch > 1) seconds.push_back(std::chrono::duration<double>(now - last).count());
    last = now;
  };
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(model, data, options);
}

void measure(mpi::Session& world, const Settings& settings) {
  if (world.rank() == 0)
    std::cout << "workload     bytes      threads/s    ranks/s  efficiency   same bits   sum, ms  of a step  sum, same bits\n";
  workloads::for_each([&](const std::string& name, const auto& network, const auto& sample, const workloads::Cut& cut) {
    if (settings.workload.empty() ? name != "mnist-deep" && name != "cifar-vgg" : name != settings.workload) return;
    const auto& all = workloads::images(sample);
    const Index shards = cut.shards.value_or(detail::default_shards(cut.batch_size));
    FitOptions<std::decay_t<decltype(sample)>::rank> options{.batch_size = cut.batch_size, .threads = world.size(), .shards = shards};
    std::vector<double> threads, ranks, bits;
    // The same samples for all; as many as take the time, by the first round.
    Index steps = 6;
    for (Index round = -1; round < settings.rounds; ++round) {
      const Index count = (std::min)(steps * cut.batch_size, all.size() / cut.batch_size * cut.batch_size);
      const auto data = std::move(split(all, Counts{count, 0}, Rng{1})[0]);
      options.reduce = {};
      options.threads = world.size();
      if (world.rank() == 0) train(network, data, options, threads);
      wait(world);
      options.threads = 1;
      for (const bool same_bits : {false, true}) {
        options.reduce = mpi::average(world, {.same_bits = same_bits});
        train(network, data, options, same_bits ? bits : ranks);
        wait(world);
      }
      if (round >= 0) continue;
      if (world.rank() == 0)
        steps = (std::max)(static_cast<Index>(settings.seconds * rate(threads, cut.batch_size) / static_cast<double>(cut.batch_size)), steps);
      MPI_Bcast(&steps, 1, MPI_INT64_T, 0, world.communicator());
    }
    const Index numbers = Model{network, sample, Rng{42}}.parameter_count();
    const double sum = seconds_of_sum(world, numbers, shards, false), sum_of_bits = seconds_of_sum(world, numbers, shards, true);
    if (world.rank() != 0) return;
    const double of_threads = rate(threads, cut.batch_size), of_ranks = rate(ranks, cut.batch_size), of_bits = rate(bits, cut.batch_size);
    std::cout << align_left(name, 11) << align_right(format_count(4 * numbers), 12) << align_right(format_fixed(of_threads, 0), 10)
                << align_right(format_fixed(of_ranks, 0), 11) << align_right(format_fixed(of_ranks / of_threads, 3), 12)
                << align_right(format_fixed(of_bits / of_threads, 3), 12) << align_right(format_fixed(1e3 * sum, 3), 10)
                << align_right(format_fixed(100 * sum * of_ranks / static_cast<double>(cut.batch_size), 1), 9) << " %"
                << align_right(format_fixed(1e3 * sum_of_bits, 3), 14) << std::endl;
  });
}

}  // namespace

int main(int count, char** words) {
  return examples::run("lamina_bench_mpi", [&] {
    Settings settings;
    examples::Options options("Measures ranks of one thread beside threads of one process. Start it with mpirun.");
    options.add("--workload", "NAME", "seed8, mnist-deep, lenet, mlp or cifar-vgg (mnist-deep and cifar-vgg)", settings.workload);
    options.add("--rounds", "N", "of each (60)", settings.rounds);
    options.add("--seconds", "S", "for each measurement (0.05)", settings.seconds);
    options.add("--sums", "instead, the time of sums of gradients of 1 KB to 64 MB", settings.sums);
    if (!options.read(count, words)) return;
    examples::require_at_least_one("--rounds", settings.rounds);
    mpi::Session world;
    settings.sums ? measure_sums(world) : measure(world, settings);
  });
}
