// Trains on more images than a stated amount of memory holds: see larger_than_memory.sh.
//
//   lamina_larger_than_memory write   <folder> <images>      writes so many drawn images of 32 × 32 × 3 as shards
//   lamina_larger_than_memory train   <folder> [seed]        trains one epoch, and tells the largest resident memory
//   lamina_larger_than_memory compare <folder> [rounds]      trains from memory and from shards in turn: medians, their ratio

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <lamina/datasets.hpp>
#include <lamina/lamina.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "timing.hpp"

using namespace lamina;

namespace {

constexpr Index classes = 10;
constexpr Shape<3> image{32, 32, 3};

struct Case {
  const char* name;
  Model (*make)();
  Index images;  // of a turn of `compare`, at most
};

const Case cases[]{
    {"conv 8",
     [] { return Model{Sequential{Conv{.filters = 8, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Flatten{}, Dense{.units = classes}}, image, Rng{1}}; },
     200'000},
    {"conv 16, conv 32",
     [] {
       return Model{Sequential{Conv{.filters = 16, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Conv{.filters = 32, .kernel = 3}, ReLU{},
                               MaxPool{.window = 2}, Flatten{}, Dense{.units = 64}, ReLU{}, Dense{.units = classes}},
                    image, Rng{1}};
     },
     100'000},
};

/// A figure of this process in kB, such as VmHWM, its largest resident memory: all of it, pages of files included.
long status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;)
    if (long value = 0; word == name + ":" && file >> value) return value;
  return 0;
}

/// Noise with a stripe whose place and colour tell the class.
bool draw(Index i, Index count, StreamedSample<std::uint8_t>& to) {
  if (i == count) return false;
  Rng rng = Rng(7).split(static_cast<std::uint64_t>(i));
  to.label = static_cast<std::int32_t>(rng.below(classes));
  std::uint64_t state = rng();
  for (std::uint8_t& value : to.values) {
    state = state * 6364136223846793005 + 1442695040888963407;
    value = static_cast<std::uint8_t>(state >> 57);
  }
  const auto stripe = static_cast<std::size_t>(32 * 3 * (3 * to.label + 1));
  for (std::size_t k = 0; k < 64; ++k) to.values[stripe + k] = static_cast<std::uint8_t>(128 + to.values[stripe + k] / 2);
  return true;
}

void write(const std::string& folder, Index count) {
  const SampleStream<3> stream{.sample = image, .classes = {.classes = classes},
                               .next = [&](Index i, StreamedSample<std::uint8_t>& to) { return draw(i, count, to); }};
  write_shards(folder, stream, {.progress = true});
}

struct Speed {
  double images_per_second;
  double processor;  // seconds of all threads together, per image
};

Speed speed_of(const Case& network, const Dataset<3>& data, std::uint64_t seed, bool progress) {
  Model model = network.make();
  const auto start = bench::Clock::now();
  const std::clock_t processor = std::clock();
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(
      model, data, {.epochs = 1, .batch_size = 64, .seed = seed, .threads = 2, .progress = progress});
  if (progress) std::cout << "accuracy in the epoch: " << history.epochs[0].accuracy << '\n';
  const double images = static_cast<double>(data.size());
  return {images / bench::since(start), static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC / images};
}

void train(const std::string& folder, std::uint64_t seed) {
  const Dataset<3> data = open_shards<3>(folder);
  std::cout << data.size() << " images, " << data.size() * image.size() / 1'000'000 << " MB of values\n";
  std::cout << speed_of(cases[1], data, seed, true).images_per_second << " images/s\n"
            << "largest resident memory (VmHWM, pages of files included): " << status("VmHWM") / 1000 << " MB\n";
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void compare(const std::string& folder, int rounds) {
  for (const Case& network : cases) {
    std::vector<Index> first(static_cast<std::size_t>((std::min)(network.images, open_shards<3>(folder).size())));
    for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<Index>(i);
    // So little memory that the set takes eight windows at least, each of them read from its files in every epoch.
    const std::size_t values = first.size() * static_cast<std::size_t>(image.size());
    const Dataset<3> shards = open_shards<3>(folder, {.memory = values / 4}).subset(first);
    std::vector<std::uint8_t> bytes(values);
    for (Index i = 0; i < shards.size(); ++i) shards.read_stored(i, bytes.data() + i * image.size());
    const Dataset<3> memory(bytes, image, shards.labels(), {.classes = classes});
    bytes = {};
    std::vector<double> from_memory, from_shards, ratios, processor;
    for (int round = 0; round < rounds; ++round) {
      const auto seed = static_cast<std::uint64_t>(round);
      const Speed one = speed_of(network, memory, seed, false), other = speed_of(network, shards, seed, false);
      from_memory.push_back(one.images_per_second);
      from_shards.push_back(other.images_per_second);
      ratios.push_back(other.images_per_second / one.images_per_second);
      processor.push_back(one.processor / other.processor);
    }
    std::cout << network.name << ", " << shards.size() << " images: from memory " << median(from_memory) << "/s, from shards "
              << median(from_shards) << "/s, of processor time " << median(processor) << ", of speed ratio " << median(ratios) << std::endl;
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const std::vector<std::string> given(arguments + 1, arguments + count);
    if (given.size() < 2 || given.size() > 3 || (given[0] == "write" && given.size() < 3))
      throw std::runtime_error("expects: write <folder> <images> | train <folder> [seed] | compare <folder> [rounds]");
    const long number = given.size() > 2 ? std::atol(given[2].c_str()) : given[0] == "compare" ? 5 : 1;
    if (number < 1) throw std::runtime_error("expects a number of at least 1 but got " + given[2]);
    if (given[0] == "write")
      write(given[1], number);
    else if (given[0] == "train")
      train(given[1], static_cast<std::uint64_t>(number));
    else if (given[0] == "compare")
      compare(given[1], static_cast<int>(number));
    else
      throw std::runtime_error("expects write, train or compare but got " + given[0]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "larger_than_memory: " << error.what() << '\n';
    return 1;
  }
}
