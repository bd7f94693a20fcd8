// What is written, read or said is the same in every locale: one that groups digits and has a decimal comma, of C++ and, where
// the system has one, of C.
#include <lamina/callbacks/csv_log.hpp>
#include <lamina/callbacks/json_lines_log.hpp>
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/callbacks/tensorboard_log.hpp>
#include <lamina/core/files.hpp>
#include <lamina/io/export_cpp.hpp>
#include <lamina/io/keras.hpp>
#include <lamina/io/load_onnx.hpp>
#include <lamina/io/onnx.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/metrics/detailed_report.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/models/summary.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/report/html_report.hpp>
#include <lamina/report/plots.hpp>
#include <lamina/report/svg.hpp>
#include <lamina/report/terminal_plot.hpp>
#include <lamina/training/learning_rate_finder.hpp>
#include <lamina/training/trainer.hpp>

#include <algorithm>
#include <clocale>
#include <locale>
#include <map>
#include <sstream>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

/// Groups digits by twos with ~ and has ^ for a decimal point, so that no other text looks like it.
struct Foreign : std::numpunct<char> {
  char do_thousands_sep() const override { return '~'; }
  char do_decimal_point() const override { return '^'; }
  std::string do_grouping() const override { return "\2"; }
  std::string do_truename() const override { return "wahr"; }
};

/// The program's locale while it lives, of C++ and, of those that the system has, of C.
class ForeignLocale {
 public:
  ForeignLocale() : before_(std::locale::global(std::locale(std::locale::classic(), new Foreign))) {
    for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_CH.UTF-8", "de_DE"})
      if (std::setlocale(LC_ALL, name)) break;
  }
  ~ForeignLocale() {
    std::setlocale(LC_ALL, "C");
    std::locale::global(before_);
  }
  ForeignLocale(const ForeignLocale&) = delete;
  ForeignLocale& operator=(const ForeignLocale&) = delete;

 private:
  std::locale before_;
};

Dataset<1> rows() {
  Tensor<float, 2> x(60, 125);
  std::vector<std::int32_t> labels;
  Rng rng(4);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.normal());
  for (Index n = 0; n < 60; ++n) labels.push_back(x(n, 0) > 0);
  return Dataset<1>(std::move(x), std::move(labels), {.class_names = {"no", "yes"}});
}

Model make() { return {Sequential{Dense{.units = 11}, Dropout{.rate = 0.125}, Dense{.units = 2}}, Shape{125}, Rng{1}}; }

using Files = std::map<std::string, std::string>;

/// Adds the files of a folder. Without its times, and without what counts them.
void add_files(Files& files, const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto bytes = detail::read_file(entry.path());
    files[entry.path().filename().string()] = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
}

/// Everything that lamina writes of a model, by name, and everything that it says.
Files written() {
  const Scratch scratch("locales");
  const auto data = rows();
  Model model = make();
  const Trainer trainer{SoftmaxCrossEntropy{.label_smoothing = 0.0625}, SGD{.learning_rate = 0.03125, .momentum = 0.875}};
  const History history = trainer.fit(model, data, {.epochs = 2, .validation = &data});
  const Metadata metadata = metadata_of(data);
  save(model, scratch.path / "model.safetensors", metadata);
  export_onnx(model, scratch.path / "model.onnx", metadata);
  export_keras(model, scratch.path / "keras.safetensors", metadata);
  export_cpp(model, scratch.path / "model.hpp", metadata);
  write_svg(scratch.path / "roc.svg", roc_plot(data.labels(), predict_probabilities(model, data), data.class_names()));
  Files files;
  add_files(files, scratch.path);
  files["summary"] = str_cat(summary(model));
  files["scores"] = str_cat(evaluate(model, data), DetailedReport(data.labels(), predict_probabilities(model, data)));
  files["plot"] = str_cat(terminal_plot(roc_plot(data.labels(), predict_probabilities(model, data)), Terminal{}));
  files["rates"] = str_cat(find_learning_rate(trainer, make(), data, {.steps = 12, .batch_size = 8}));
  files["shape"] = refusal<ShapeError>([&] { model(Tensor<float, 2>(1234, 126)); });
  files["option"] = refusal<OptionError>([&] { trainer.fit(model, data, {.epochs = -12345}); });
  files["number"] = str_cat(0.5, " ", 1234567, " ", true);
  return files;
}

}  // namespace

TEST_CASE("files, tables and errors are the same in every locale") {
  const Files here = written();
  const ForeignLocale foreign;
  std::ostringstream number;
  number << 12345 << ' ' << 0.5;
  REQUIRE(number.str() == "1~23~45 0^5");  // the test would see a difference
  const Files there = written();
  REQUIRE(there.size() == here.size());
  for (const auto& [name, text] : here) {
    INFO(name);
    CHECK(there.at(name) == text);
  }
  CHECK(here.at("model.safetensors").find("[11,125]") != std::string::npos);
  CHECK(here.at("number") == "0.5 1234567 1");
}

TEST_CASE("files are read in every locale") {
  const Scratch scratch("locales-read");
  const auto data = rows();
  Model model = make();
  Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, data, {});
  save(model, scratch.path / "model.safetensors", metadata_of(data));
  export_onnx(model, scratch.path / "model.onnx");
  const Tensor<float, 2> x = Tensor<float, 2>(2, 125).setConstant(0.5F);
  const auto same = [&](const Model& other) {
    const Tensor<float, 2> a = model(x), b = other(x);
    return std::equal(a.data(), a.data() + a.size(), b.data());
  };
  const ForeignLocale foreign;
  Model loaded = make();
  load(loaded, scratch.path / "model.safetensors");
  CHECK(same(loaded));
  CHECK(same(load_model(scratch.path / "model.safetensors").model));
  CHECK(same(load_onnx(scratch.path / "model.onnx").model));
}

TEST_CASE("logs, checkpoints and reports have numbers without a locale") {
  const Scratch scratch("locales-logs");
  const auto data = rows();
  const auto foreign_text = [](const std::string& text) {
    return text.find('~') != std::string::npos || text.find('^') != std::string::npos;
  };
  const ForeignLocale foreign;
  {
    Model model = make();
    CheckpointFolder run{scratch.path / "run"};
    CsvLog csv{scratch.path / "log.csv"};
    JsonLinesLog json{scratch.path / "log.jsonl"};
    TensorBoardLog board{scratch.path / "board"};
    FitOptions<1> options{.epochs = 2, .batch_size = 7, .validation = &data, .checkpoint = run};
    options.on_epoch = [&](EpochEnd& end) {
      csv(end);
      json(end);
      board(end);
      end.stop_training = true;
    };
    const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.0625}}.fit(model, data, options);
    write_report(scratch.path / "report.html", model, {.train = &data, .history = &history});
  }
  for (const char* name : {"log.csv", "log.jsonl", "report.html"}) {
    const auto bytes = detail::read_file(scratch.path / name);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    INFO(name);
    CHECK_FALSE(text.empty());
    CHECK_FALSE(foreign_text(text));
  }
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path / "board"))
    CHECK_FALSE(foreign_text(entry.path().filename().string()));

  // The run goes on under another locale than it was begun in.
  std::locale::global(std::locale::classic());
  Model resumed = make(), whole = make();
  CheckpointFolder run{scratch.path / "run"};
  REQUIRE(run.position());
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.0625}};
  trainer.fit(resumed, data, {.epochs = 2, .batch_size = 7, .validation = &data, .checkpoint = run});
  trainer.fit(whole, data, {.epochs = 2, .batch_size = 7, .validation = &data});
  const auto& a = resumed.parameters().tensor<2>("0.weight");
  const auto& b = whole.parameters().tensor<2>("0.weight");
  CHECK(std::equal(a.data(), a.data() + a.size(), b.data()));
}
