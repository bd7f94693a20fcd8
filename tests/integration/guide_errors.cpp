// The errors that the guides quote, in tables whose first column is `error` or `text`, are the library's own: each is what some
// misuse of it says. Where a guide leaves something out it writes ….

#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lamina/augment.hpp>
#include <lamina/core/files.hpp>
#include <lamina/core/write_file.hpp>
#include <lamina/datasets.hpp>
#include <lamina/digits.hpp>
#include <lamina/fine_tune.hpp>
#include <lamina/lamina.hpp>
#include <lamina/metrics.hpp>
#include <lamina/network.hpp>

#include "../catch.hpp"

using namespace lamina;

namespace {

struct Quote {
  std::string page, text;
};

/// Returns the errors that stand in the guides.
std::vector<Quote> quotes() {
  std::vector<Quote> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(LAMINA_TESTS_DIR "/../include/lamina")) {
    if (entry.path().extension() != ".md") continue;
    std::ifstream page(entry.path());
    bool in_table = false;
    for (std::string line; std::getline(page, line);) {
      if (line.starts_with("| error |") || line.starts_with("| text |")) in_table = true;
      if (!line.starts_with("|")) in_table = false;
      if (!in_table || !line.starts_with("| `")) continue;
      const std::size_t end = line.find('`', 3);
      if (line.substr(end, 3) == "` |") found.push_back({entry.path().filename().string(), line.substr(3, end - 3)});
    }
  }
  return found;
}

/// Whether the parts of a quotation between its … stand in a text, in their order.
bool quoted(std::string_view quote, std::string_view text) {
  constexpr std::string_view gap = "…";
  while (true) {
    const std::string_view part = quote.substr(0, quote.find(gap));
    const std::size_t at = text.find(part);
    if (at == text.npos) return false;
    text.remove_prefix(at + part.size());
    if (part.size() == quote.size()) return true;
    quote.remove_prefix(part.size() + gap.size());
  }
}

/// A layer of the user's own.
struct Twice : Tanh {
  static constexpr std::string_view name = "Twice";
};

/// Returns what the library says of each of the misuses that the guides tell of.
std::vector<std::string> errors() {
  const auto [images, labels] = draw_digits(200, Rng{1});
  const Dataset digits{images, labels};
  Tensor<float, 2> pairs(200, 2);
  pairs.setConstant(0.5F);
  const Dataset numbers{images, pairs};
  const auto network_of = [](Index units) {
    return Model{Sequential{Flatten{}, Dense{.units = units}}, Shape{28, 28, 1}, Rng{1}};
  };
  const auto deeper_of = [](Index units) {
    return Model{Sequential{Conv{.filters = 2}, ReLU{}, Flatten{}, Dense{.units = 40}, ReLU{}, Dense{.units = units}},
                 Shape{28, 28, 1}, Rng{1}};
  };
  Model classifier = network_of(10), two = network_of(2), one = network_of(1);
  const Trainer classes{SoftmaxCrossEntropy{}, Adam{}};
  const Trainer values{MeanSquaredError{}, Adam{}};
  Model predicts_numbers = two;
  values.fit(predicts_numbers, numbers);
  const auto train = [&](std::vector<ParameterGroup> groups) {
    Trainer{SoftmaxCrossEntropy{}, Adam{}, std::move(groups)}.fit(classifier, digits);
  };
  const auto labelled = [&](std::int32_t label, std::size_t count) {
    std::vector<std::int32_t> wrong(count, 3);
    wrong[7] = label;
    return Dataset{images, wrong};
  };

  const auto folder = std::filesystem::temp_directory_path() / "lamina_guide_errors";
  std::filesystem::create_directories(folder);
  save(classifier, folder / "x.safetensors");
  save(deeper_of(10), folder / "digits.safetensors");
  std::ofstream(folder / "plain.safetensors") << std::string("\2\0\0\0\0\0\0\0{}", 10);  // as another program writes it

  std::vector<std::int32_t> halves(labels);
  for (auto& label : halves) label = label > 4;
  std::string five_rows = "area,city,floor,rent\n";
  for (int row = 0; row < 5; ++row) five_rows += "1,2,3,4\n";

  const auto shards = folder / "shards", shard = shards / "000000.shard";
  write_shards(shards, digits);
  const auto with_shard = [&](const std::vector<std::byte>& bytes, std::size_t size) {
    const auto before = detail::read_file(shard);
    if (!bytes.empty()) write_file(shard, bytes);
    std::filesystem::resize_file(shard, size);
    const auto put_back = [&] { write_file(shard, before); };
    try {
      open_shards<3>(shards).at(0);
    } catch (...) {
      put_back();
      throw;
    }
    put_back();
  };

  const std::vector<std::function<void()>> misuses{
      [&] { values.fit(one, numbers); },
      [&] { predicts_numbers.classes(Tensor<float, 4>(1, 28, 28, 1)); },
      [&] { values.fit(two, numbers, {.early_stopping = EarlyStopping{.monitor = Monitor::accuracy}}); },
      [&] { evaluate(two, numbers); },
      [&] { evaluate_labels(predicts_numbers, numbers); },
      [&] { Trainer{SigmoidCrossEntropy{}, Adam{}}.fit(one, digits); },
      [&] { classes.fit(one, Dataset{images, halves}); },
      [&] {
        Model ends_in_softmax{Sequential{Flatten{}, Dense{.units = 10}, Softmax{}}, Shape{28, 28, 1}, Rng{1}};
        classes.fit(ends_in_softmax, digits);
      },
      [&] { Trainer{CrossEntropy{}, Adam{}}.fit(classifier, digits); },
      [&] { classifier(Tensor<float, 4>(1, 28, 28, 3)); },
      [&] { classifier(Tensor<float, 4>(1, 1, 28, 28)); },
      [&] { preprocess_image(Tensor<std::uint8_t, 3>(28, 28, 1), Normalisation{{0, 0, 0}, {1, 1, 1}}); },
      [&] { load(two, folder / "x.safetensors"); },
      [&] { load(two, "x.safetensors"); },
      [&] { load(two, "none.safetensors"); },
      [&] {
        Model more{Sequential{Flatten{}, Dense{.units = 10}, ReLU{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
        load(more, folder / "x.safetensors");
      },
      [&] {
        Model other = deeper_of(2);
        load(other, folder / "digits.safetensors");
      },
      [&] { load_model(folder / "plain.safetensors"); },
      [&] { train({{.parameters = {"2"}, .frozen = true}}); },
      [&] { train({{.parameters = {"1"}, .frozen = true}, {.parameters = {"1.bias"}, .rate = 0.1}}); },
      [&] { train({{.parameters = {"1"}, .frozen = true}}); },
      [&] {
        const Dataset rows{Tensor<float, 2>(Tensor<float, 2>(10, 3).setZero()), std::vector<float>(10)};
        Model line{Dense{.units = 1}, Shape{3}, Rng{1}};
        values.fit(line, rows, {.augment = {Rotation{}}});
      },
      [&] { classes.fit(classifier, Dataset{images, halves}); },
      [&] { fit_last_layer(classes, classifier, digits, {.augment = Rotation{}}); },
      [&] { replace_last_layer(Model{Sequential{Twice{}, Dense{.units = 2}}, Shape{5}, Rng{1}}, Dense{.units = 3}, Rng{1}); },
      [&] { Trainer{SigmoidCrossEntropy{}, Adam{}}.fit(one, Dataset{images, halves}, {.mix = MixUp{}}); },
      [&] { parse_csv(five_rows + "1,Rome,3,4\n", {.targets = {"rent"}}, "houses.csv"); },
      [&] { parse_csv(five_rows + "1,2,3,4,5\n", {.targets = {"rent"}}, "houses.csv"); },
      [&] {
        parse_csv("city,rent\nBern,1\n", {.targets = {"rent"}, .categories = {{"city", {"Oslo", "Rome"}}}}, "test.csv");
      },
      [&] { Augmentation{Rotation{.degrees = {20, 10}}}; },
      [&] { batches(digits, {.augment = {Rotation{}}}); },
      [&] { classes.fit(classifier, digits, {.schedule = [](double) { return -1.0; }}); },
      [&] { classes.fit(classifier, digits, {.reduce = [](StepGradient<double>&) {}}); },
      [&] { classes.fit(classifier, digits, {.on_epoch = [&](EpochEnd&) { classes.fit(classifier, digits); }}); },
      [&] { classes.fit(classifier, digits, {.on_epoch = [&](EpochEnd&) { classifier = two; }}); },
      [&] { open_shards<1>(shards); },
      [&] { write_shards(shards, Dataset{images, std::vector<std::int32_t>(200, 9)}); },
      [&] { with_shard({}, 70'000); },
      [&] {
        auto bytes = detail::read_file(shard);
        bytes.back() ^= std::byte{1};
        with_shard(bytes, bytes.size());
      },
      [&] {
        write_shards(folder / "other", Dataset{images, std::vector<std::int32_t>(200, 9)});
        const auto other = detail::read_file(folder / "other" / "000000.shard");
        with_shard(other, other.size());
      },
      [&] {
        std::filesystem::remove(shards / "dataset.index");
        open_shards<3>(shards);
      },
      [&] { labelled(-1, 200); },
      [&] { labelled(3, 100); },
      [&] { Dataset{std::vector<std::uint8_t>(785), Shape{28, 28, 1}, std::vector<std::int32_t>{0}}; },
  };
  std::vector<std::string> texts;
  for (const auto& misuse : misuses) {
    INFO("misuse " << texts.size());
    try {
      misuse();
      FAIL("expected an error");
    } catch (const std::exception& error) {
      texts.emplace_back(error.what());
    }
  }
  std::filesystem::remove_all(folder);
  return texts;
}

}  // namespace

TEST_CASE("Every error that a guide quotes is one that the library gives") {
  const std::vector<std::string> texts = errors();
  const std::vector<Quote> all = quotes();
  CHECK(all.size() > 25);
  for (const auto& [page, text] : all) {
    bool given = false;
    for (const std::string& error : texts) given = given || quoted(text, error);
    INFO(page << " quotes \"" << text << "\"");
    CHECK(given);
  }
  CHECK_FALSE(quoted("fit: expects … but got a net", "fit: expects rows but got none"));
}
