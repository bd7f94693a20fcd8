// Measures lamina on small known networks: training, and inference of one image and of 64.
//
//   lamina_bench                                    all of it, a table
//   lamina_bench --workload lenet --mode infer --threads 2 --isa avx2 --json
//   lamina_bench --layers --workload mnist-deep     forward and backward of every layer, on one thread
//   lamina_bench --conv                             convolutions by their definition, as a share of the machine's peak
//   lamina_bench --workload resnet18 --mode infer   ResNet-18, MobileNetV2 or ResNet-20, or a depthwise convolution
//   lamina_bench --mode gather --workload seed8     what picking samples and converting bytes takes of a step
//   lamina_bench --mode together --threads 2        two models trained at once beside one alone
//   lamina_bench --workload lenet --onnx lenet.onnx writes the network, for other programs that infer
//
// Images are MNIST's where LAMINA_DATA_DIR names a folder with its files, else drawn digits; cifar-vgg has noise.
// compare.py runs the same in other libraries.
#include <array>

#include "../../examples/options.hpp"
#include "../../include/lamina/bf16.hpp"
#include "../../include/lamina/io/onnx.hpp"
#include "large_workloads.hpp"
#include "stages.hpp"

namespace {

using namespace bench;

constexpr std::array names{"seed8", "mnist-deep", "lenet", "mlp", "cifar-vgg", "resnet20", "resnet18", "mobilenet-v2", "depthwise"};
constexpr std::array modes{"train", "infer", "gather", "together"};

template <std::size_t count>
void check_word(const char* option, const std::string& word, const std::array<const char*, count>& words) {
  if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
  std::string choices;
  for (const char* choice : words) choices.append(choices.empty() ? "" : ", ").append(choice);
  throw examples::UsageError(str_cat(option, " expects one of ", choices, " but got '", word, "'"));
}

void check(const Settings& settings) {
  check_word("--workload", settings.workload, names);
  check_word("--mode", settings.mode, modes);
  if (!settings.onnx.empty() && (settings.workload.empty() || settings.workload == "depthwise"))
    throw examples::UsageError("--onnx expects --workload with a network");
  if (settings.batch_size.value_or(1) < 1) throw examples::UsageError("--batch expects at least 1");
  if (settings.shards.value_or(1) < 1) throw examples::UsageError("--shards expects at least 1");
  if (settings.threads < 1) throw examples::UsageError("--threads expects at least 1");
  if (!(settings.seconds > 0 && settings.seconds < 1e6)) throw examples::UsageError("--seconds expects more than 0");
}

/// Whether to go on: --help is answered here.
bool read(int count, char** words, Settings& settings) {
  examples::Options options("Measures how fast lamina trains and asks small known networks.");
  options.add("--workload", "NAME", "seed8, mnist-deep, lenet, mlp, cifar-vgg (these five); resnet20, resnet18, mobilenet-v2, depthwise", settings.workload);
  options.add("--mode", "MODE", "train, infer, gather or together (train and infer)", settings.mode);
  options.add("--batch", "N", "images at a time (train: the workload's; infer: 1 and 64)", settings.batch_size);
  options.add("--shards", "N", "parts of a training batch (4 at most of 8 images or more; cifar-vgg: 2)",
              settings.shards);
  options.add("--threads", "N", "threads (all cores); more than shards or images share large layers only", settings.threads);
  options.add("--isa", "KEY", "of the kernels: avx512, avx2 or baseline (the fastest)", settings.instruction_set);
  options.add("--bf16", "multiply bfloat16 numbers in training and inference, see Precision", settings.bf16);
  options.add("--seconds", "S", "for each measurement (2)", settings.seconds);
  options.add("--json", "one JSON object a line instead of a table", settings.json);
  options.add("--layers", "instead, each stage forward and backward on one thread", settings.layers);
  options.add("--conv", "instead, direct convolutions of 16 to 256 channels on one thread", settings.conv);
  options.add("--onnx", "FILE", "instead, writes the network of --workload", settings.onnx);
  if (!options.read(count, words)) return false;
  check(settings);
  return true;
}

void measure_workload(const std::string& name, const auto& network, const auto& sample, workloads::Cut cut,
                      const Settings& settings, Report& report) {
  const Model model{network, sample, Rng{42}};
  if (!settings.onnx.empty()) return export_onnx(model, settings.onnx);
  const auto& data = workloads::images(sample);
  if (settings.batch_size) cut = {*settings.batch_size};
  if (settings.shards) cut.shards = settings.shards;
  if (settings.layers) return measure_stages(name, model, data, cut, settings, report);
  if (settings.mode == "gather") return measure_gathering(name, model, data, cut, settings, report);
  if (settings.mode == "together") return measure_together(name, model, data, cut, settings, report);
  if (settings.mode != "infer") measure_training(name, model, data, cut, settings, report);
  if (settings.mode == "train") return;
  if (settings.batch_size) return measure_inference(name, model, data, cut.batch_size, settings, report);
  for (const Index images : {Index{1}, std::min(Index{64}, data.size())}) measure_inference(name, model, data, images, settings, report);
}

void measure(const Settings& settings) {
  if (!settings.instruction_set.empty()) setenv("LAMINA_ISA", settings.instruction_set.c_str(), 1);  // read once, by what comes next
  Report report(settings.json);
  if (settings.conv) return measure_convolutions(settings, report);
  workloads::for_each([&](const char* name, const auto& network, const auto& sample, workloads::Cut cut) {
    if (settings.workload.empty() || settings.workload == name)
      measure_workload(name, network, sample, cut, settings, report);
  });
  workloads::for_each_large([&](const char* name, const Network& network, const Shape<3>& sample, workloads::Cut cut) {
    if (settings.workload == name) measure_workload(name, network, sample, cut, settings, report);
  });
  if (settings.workload == "depthwise") measure_depthwise(settings, report);
}

}  // namespace

int main(int count, char** words) {
  return examples::run("lamina_bench", [&] {
    Settings settings;
    if (read(count, words, settings)) measure(settings);
  });
}
