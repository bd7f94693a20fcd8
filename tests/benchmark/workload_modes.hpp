#pragma once

#include <atomic>
#include <limits>
#include <optional>
#include <thread>

#include "../../include/lamina/losses/softmax_cross_entropy.hpp"
#include "../../include/lamina/models/predictor.hpp"
#include "../../include/lamina/training/trainer.hpp"
#include "report.hpp"
#include "timing.hpp"
#include "workloads.hpp"

namespace bench {

struct Settings {
  std::string workload, mode, instruction_set, onnx;
  std::optional<Index> batch_size, shards;
  Index threads = hardware_threads();
  double seconds = 2;
  bool json = false, layers = false, conv = false, bf16 = false;

  Precision precision() const { return bf16 ? Precision::bf16 : Precision::float32; }
};

/// Of one training step: forward, weight gradients, and the gradients of all inputs but the first.
template <typename M>
double training_multiply_adds(const M& model, Index batch_size) {
  double sum = 0, first = 0;
  for (const auto& layer : model.layers()) {
    const double own = static_cast<double>(batch_size * layer.node->multiply_adds(layer.in).value_or(0));
    if (first == 0) first = own;
    sum += own;
  }
  return 3 * sum - first;
}

template <typename M>
double inference_multiply_adds(const M& model, Index batch_size) {
  Index sum = 0;
  for (const auto& layer : model.layers()) sum += layer.node->multiply_adds(layer.in).value_or(0);
  return static_cast<double>(batch_size * sum);
}

/// Seconds of one training step, all of it: samples picked in random order, bytes to float, forward, loss, backward,
/// update. The mean of all steps in `seconds`, a fifth of that being warm-up before.
template <typename M, int Rank>
double step_seconds(M model, const Dataset<Rank>& data, workloads::Cut cut, Index threads, double seconds,
                    Precision precision = Precision::float32) {
  auto start = Clock::now();
  bool warm = false;
  Index steps = 0;
  double taken = 0;
  const auto count = [&](BatchEnd& end) {
    if (end.batch + 1 == end.batches && end.batches * cut.batch_size != data.size() && end.batches > 1) return;  // a smaller one
    taken = since(start);
    ++steps;
    if (!warm && taken > seconds / 5) {
      warm = true;
      steps = 0;
      start = Clock::now();
    } else {
      end.stop_training = warm && taken > seconds;
    }
  };
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e-3}}.fit(model, data,
                                                                 {.epochs = std::numeric_limits<Index>::max(),
                                                                  .batch_size = cut.batch_size,
                                                                  .threads = threads,
                                                                  .shards = cut.shards,
                                                                  .precision = precision,
                                                                  .on_batch = count});
  return taken / static_cast<double>(steps);
}

template <typename M, int Rank>
void measure_training(const std::string& name, const M& model, const Dataset<Rank>& data, workloads::Cut cut,
                      const Settings& settings, Report& report) {
  report.add({name, "train", cut.batch_size, settings.threads, step_seconds(model, data, cut, settings.threads, settings.seconds, settings.precision()),
              training_multiply_adds(model, cut.batch_size)});
}

/// One batch of a data set, from its beginning.
template <int Rank>
Tensor<float, Rank + 1> first_images(const Dataset<Rank>& data, Index count) {
  Batch<Tensor<float, Rank + 1>> batch;
  std::vector<Index> samples(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) samples[static_cast<std::size_t>(i)] = i % data.size();
  gather(data, samples, batch);
  return batch.x;
}

template <typename M, int Rank>
void measure_inference(const std::string& name, const M& model, const Dataset<Rank>& data, Index batch_size,
                       const Settings& settings, Report& report) {
  const Index threads = settings.threads;
  const auto x = first_images(data, batch_size);
  Predictor predict{model, {.threads = threads, .precision = settings.precision()}};
  report.add({name, "infer", batch_size, threads, time_of([&] { predict(x); }, settings.seconds),
              inference_multiply_adds(model, batch_size)});
}

/// What a step spends on picking samples and making floats of them: both on one thread.
template <typename M, int Rank>
void measure_gathering(const std::string& name, const M& model, const Dataset<Rank>& data, workloads::Cut cut,
                       const Settings& settings, Report& report) {
  const Index batch_size = cut.batch_size;
  const auto order = epoch_order(data.size(), Rng{1});
  Batch<Tensor<float, Rank + 1>> batch;
  Index first = 0;
  const auto collect = [&] {
    if (first + batch_size > data.size()) first = 0;
    gather(data,
           std::span<const Index>(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(batch_size)),
           batch);
    first += batch_size;
  };
  const double gathering = time_of(collect, settings.seconds);
  const double share = gathering / step_seconds(model, data, cut, 1, settings.seconds);
  report.add(name, "gathering_share", share,
             str_cat("gathering and conversion: ", format_fixed(gathering * 1e6, 2), " us, ",
                     format_fixed(share * 100, 1), " % of a step on one thread"));
}

/// Two models trained at once, each with all the threads, beside one alone: together they should do as many steps.
template <typename M, int Rank>
void measure_together(const std::string& name, const M& model, const Dataset<Rank>& data, workloads::Cut cut,
                      const Settings& settings, Report& report) {
  const auto steps = [&] { return 1 / step_seconds(model, data, cut, settings.threads, settings.seconds); };
  const double alone = steps();
  double other = 0;
  std::thread second([&] { other = steps(); });
  const double one = steps();
  second.join();
  const double ratio = (one + other) / alone;
  report.add(name, "together", ratio,
             str_cat("two models at once, ", settings.threads, " threads each: ", format_fixed(ratio, 2),
                     " times the images per second of one alone"));
}

}  // namespace bench
