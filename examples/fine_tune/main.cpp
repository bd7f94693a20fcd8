// A residual network that others trained, adapted to pictures that differ from those it was trained on.
//
//   fine_tune --network resnet20-cifar10.safetensors --data DIR
//
// The network is a state dict of a ResNet-20 that was trained on CIFAR-10 with PyTorch, as safetensors; DIR holds the
// folders train and test, each with a folder of images for each class, or the binary files of CIFAR-10. Pictures that
// are stored as strongly compressed JPEG, say, are seen worse by a network that learned from originals.
//
// Expect the accuracy on the test pictures as the network is, after its last layer was trained, and after all layers
// were, with the seconds that each took, and last `test accuracy 0.…, from 0.… as it was`. Ctrl-C ends the training
// after the batch it is at: what was reached is shown and saved. Without data it says where they are to be had, and
// exits with 2.

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <lamina/architectures.hpp>
#include <lamina/augment.hpp>
#include <lamina/datasets.hpp>
#include <lamina/fine_tune.hpp>
#include <lamina/images.hpp>
#include <lamina/pytorch.hpp>
#include <string>

#include "../interrupt.hpp"
#include "../options.hpp"

using namespace lamina;

namespace {

/// The normalisation that the network was trained with: of ImageNet's pictures, as most networks of PyTorch.
const Normalisation of_imagenet{.mean = {0.485F, 0.456F, 0.406F}, .deviation = {0.229F, 0.224F, 0.225F}};

struct Settings {
  std::string network, data, save;
  Index head_epochs = 5, epochs = 8, batch_size = 128, threads = hardware_threads();
  double learning_rate = 0.05;
  std::optional<Index> train_limit;
  std::uint64_t seed = 42;
};

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options("Adapts a network that others trained to other pictures: first its last layer, then all.");
  options.add("--network", "FILE", "the weights of a ResNet-20, a state dict of PyTorch as safetensors",
              settings.network);
  options.add("--data", "DIR", "the folders train and test, or the binary files of CIFAR-10", settings.data);
  options.add("--head-epochs", "N", "how often to go through the training set with the last layer (5)",
              settings.head_epochs);
  options.add("--epochs", "N", "how often with all layers (8)", settings.epochs);
  options.add("--batch-size", "N", "samples per step (128)", settings.batch_size);
  options.add("--learning-rate", "X", "of all layers, at first: it falls along a half cosine (0.05)",
              settings.learning_rate);
  options.add("--train-limit", "N", "train on N of the samples only", settings.train_limit);
  options.add("--threads", "N", "the same result with any number (all cores)", settings.threads);
  options.add("--seed", "N", "of the order of samples and what is varied (42)", settings.seed);
  options.add("--save", "FILE", "write the model when trained, as safetensors", settings.save);
  if (!options.read(count, arguments)) return false;
  examples::require_at_least_one("--head-epochs", settings.head_epochs);
  examples::require_at_least_one("--epochs", settings.epochs);
  examples::require_at_least_one("--batch-size", settings.batch_size);
  examples::require_at_least_one("--threads", settings.threads);
  examples::require_at_least_one("--train-limit", settings.train_limit.value_or(1));
  examples::require(settings.learning_rate > 0 && settings.learning_rate < 100, "--learning-rate",
                    "a number of 0 … 100", settings.learning_rate);
  examples::require_folder_of("--save", settings.save);
  if (settings.network.empty() || settings.data.empty())
    throw examples::UsageError(
        "expects --network FILE, the weights of a ResNet-20 for CIFAR-10 as safetensors, such as resnet20 of "
        "https://github.com/akamaster/pytorch_resnet_cifar10 (safetensors.torch.save_file writes its state dict), and "
        "--data DIR, its pictures: the folders train and test with a "
        "folder of images for each class, or the binary version of https://www.cs.toronto.edu/~kriz/cifar.html");
  return true;
}

Dataset<3> read_folder(const std::filesystem::path& folder, Index threads) {
  ImageFolder found = image_folder(folder, {.colors = Colors::rgb, .size = Shape<2>{32, 32}, .threads = threads});
  std::cout << found << '\n';
  return std::move(found.data);
}

Cifar read_pictures(const Settings& settings) {
  const std::filesystem::path folder = settings.data;
  Cifar pictures =
      std::filesystem::is_directory(folder / "train")
          ? Cifar{read_folder(folder / "train", settings.threads), read_folder(folder / "test", settings.threads)}
          : cifar10(folder);
  if (settings.train_limit) {
    const Index limit = (std::min)(*settings.train_limit, pictures.train.size());
    pictures.train = split(pictures.train, Counts{limit, 0}, Rng{settings.seed})[0];
  }
  pictures.train.normalise(of_imagenet);
  pictures.test.normalise(of_imagenet);
  return pictures;
}

/// Prints a line with the accuracy, and the seconds since `begin`.
double tell(const std::string& what, const Model& model, const Dataset<3>& test,
            std::chrono::steady_clock::time_point begin, Index threads) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double accuracy = evaluate(model, test, {.threads = threads}).accuracy;
  std::cout << what << ": accuracy " << format_fixed(accuracy, 4) << ", " << format_fixed(seconds, 1) << " s\n\n";
  return accuracy;
}

void run(const Settings& settings) {
  Model model{resnet20(10), Shape{32, 32, 3}, Rng{settings.seed}};
  load_pytorch(model, settings.network);  // before anything that takes time
  const Cifar pictures = read_pictures(settings);
  const auto begin = [] { return std::chrono::steady_clock::now(); };
  const double before = tell("as it is", model, pictures.test, begin(), settings.threads);
  const examples::InterruptWatch watch;
  const auto on_batch = [](BatchEnd& batch) { batch.stop_training = examples::interrupted; };

  const auto of_head = begin();
  FitOptions<3> options{.epochs = settings.head_epochs,
                        .batch_size = settings.batch_size,
                        .seed = settings.seed,
                        .threads = settings.threads,
                        .schedule = Cosine{},
                        .progress = true,
                        .on_batch = on_batch};
  fit_last_layer(Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}, model, pictures.train,
                 options);
  double after = tell("\nafter its last layer was trained", model, pictures.test, of_head, settings.threads);

  if (!examples::interrupted) {
    const auto of_all = begin();
    options.epochs = settings.epochs;
    options.augment = {RandomCrop{.padding = 4}, HorizontalFlip{}};
    const SGD optimizer{
        .learning_rate = settings.learning_rate, .momentum = 0.9, .weight_decay = 5e-4, .nesterov = true};
    Trainer{SoftmaxCrossEntropy{}, optimizer}.fit(model, pictures.train, options);
    after = tell("\nafter all layers were trained", model, pictures.test, of_all, settings.threads);
  }
  if (!settings.save.empty()) {
    save(model, settings.save, metadata_of(pictures.train));
    std::cout << "model saved to " << settings.save << "\n\n";
  }
  std::cout << "test accuracy " << format_fixed(after, 4) << ", from " << format_fixed(before, 4) << " as it was\n";
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("fine_tune", [&] {
    Settings settings;
    if (read_settings(count, arguments, settings)) run(settings);
  });
}
