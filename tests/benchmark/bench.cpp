// Trains small known networks for some seconds each and prints images per second.
//
//   bench [--workload NAME] [--threads N] [--seconds S] [--json]
//
// NAME is seed8, mnist-deep, lenet, cifar-vgg or mlp; without it, all. Images are MNIST's where LAMINA_DATA_DIR names a
// folder with its files, else noise: what is timed does not depend on it. A step is all of it: samples picked in random
// order, bytes to float, forward, loss, backward, update. compare.py runs the same in PyTorch.
#include <cstdlib>
#include <iostream>
#include <lamina/lamina.hpp>
#include <string>

namespace {

using namespace lamina;

constexpr auto seed8 = Sequential{
    Conv{.filters = 8, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Flatten{}, Dense{.units = 10},
};
constexpr auto mnist_deep = Sequential{
    Conv{.filters = 32, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 64, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Flatten{}, Dense{.units = 128}, ReLU{}, Dense{.units = 10},
};
constexpr auto lenet = Sequential{
    Conv{.filters = 6, .kernel = 5, .padding = 2}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 16, .kernel = 5}, ReLU{}, MaxPool{.window = 2},
    Flatten{}, Dense{.units = 120}, ReLU{}, Dense{.units = 84}, ReLU{}, Dense{.units = 10},
};
constexpr Conv same(Index filters) { return {.filters = filters, .kernel = 3, .padding = 1}; }
constexpr auto cifar_vgg = Sequential{
    same(64), ReLU{}, same(64), ReLU{}, MaxPool{.window = 2},
    same(128), ReLU{}, same(128), ReLU{}, MaxPool{.window = 2},
    same(256), ReLU{}, same(256), ReLU{}, MaxPool{.window = 2},
    Flatten{}, Dense{.units = 256}, ReLU{}, Dense{.units = 10},
};
constexpr auto mlp = Sequential{Dense{.units = 30}, Sigmoid{}, Dense{.units = 10}};

struct Options {
  std::string workload;
  Index threads = hardware_threads();
  double seconds = 2;
  bool json = false;
};

/// Noise of these extents with random classes.
template <int Rank>
Dataset<Rank> noise(Index count, const Shape<Rank>& sample) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * sample.size()));
  std::vector<std::int32_t> labels;
  Rng rng{1};
  for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
  for (Index n = 0; n < count; ++n) labels.push_back(static_cast<std::int32_t>(rng.below(10)));
  return Dataset<Rank>(pixels, sample, labels, {.classes = 10});
}

const Dataset<3>& digits() {
  static const Dataset<3> images = [] {
    const char* folder = std::getenv("LAMINA_DATA_DIR");
    return folder && *folder ? mnist(folder).train : noise(60000, Shape{28, 28, 1});
  }();
  return images;
}

/// Trains for some seconds after a fifth of that as warm-up.
template <typename L, int Rank>
void run(const std::string& name, const L& network, const Dataset<Rank>& data, Index batch_size, const Options& options) {
  using Clock = std::chrono::steady_clock;
  if (!options.workload.empty() && options.workload != name) return;
  Model model{network, data.sample_shape(), Rng{42}};
  auto start = Clock::now();
  bool warm = false;
  Index steps = 0;
  double seconds = 0;
  const auto count = [&](BatchEnd& end) {
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
    ++steps;
    if (!warm && seconds > options.seconds / 5) {
      warm = true;
      steps = 0;
      start = Clock::now();
    } else {
      end.stop_training = warm && seconds > options.seconds;
    }
  };
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e-3}}.fit(
      model, data, {.epochs = std::numeric_limits<Index>::max(), .batch_size = batch_size, .threads = options.threads, .on_batch = count});
  const double rate = static_cast<double>(steps * batch_size) / seconds;
  if (options.json)
    std::cout << R"({"workload": ")" << name << R"(", "threads": )" << options.threads << R"(, "batch_size": )" << batch_size
              << R"(, "images_per_second": )" << format_fixed(rate, 1) << "}\n";
  else
    std::cout << align_left(name, 12) << align_right(format_count(static_cast<Index>(rate)), 10) << " images/s, batch "
              << batch_size << ", threads " << options.threads << '\n';
}

int usage() {
  std::cerr << "usage: bench [--workload seed8|mnist-deep|lenet|cifar-vgg|mlp] [--threads N] [--seconds S] [--json]\n";
  return 2;
}

}  // namespace

int main(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--json")
      options.json = true;
    else if (i + 1 == count)
      return usage();
    else if (word == "--workload")
      options.workload = words[++i];
    else if (word == "--threads")
      options.threads = std::atoll(words[++i]);
    else if (word == "--seconds")
      options.seconds = std::atof(words[++i]);
    else
      return usage();
  }
  try {
    const auto& images = digits();
    run("seed8", seed8, images, 32, options);
    run("mnist-deep", mnist_deep, images, 128, options);
    run("lenet", lenet, images, 64, options);
    if (options.workload.empty() || options.workload == "mlp")
      run("mlp", mlp, Dataset<1>(images.bytes(), Shape{784}, images.labels(), {.classes = 10}), 10, options);
    if (options.workload.empty() || options.workload == "cifar-vgg")
      run("cifar-vgg", cifar_vgg, noise(2000, Shape{32, 32, 3}), 64, options);
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  }
}
