#include <cmath>
#include <lamina/core/files.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/report/html_report.hpp>
#include <lamina/training/trainer.hpp>
#include <string_view>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../refusal.hpp"
#include "pages.hpp"
#include "well_formed.hpp"

using namespace lamina;

namespace {

std::string text_of(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What `write` writes, after what must be true of every report.
template <typename Write>
std::string written(Write write) {
  const Scratch scratch("html-report");
  const auto path = scratch.path / "report.html";
  write(path);
  std::string text = text_of(path);
  CHECK(trouble_in_markup(text) == "");
  CHECK(text.find("<script") == text.npos);
  CHECK(text.find("<img src=x") == text.npos);
  CHECK(text.find("http-equiv=\"Content-Security-Policy\"") != text.npos);
  CHECK(occurrences(text, "http") == occurrences(text, "http-equiv") + occurrences(text, "http://www.w3.org/"));
  return text;
}

bool has(const std::string& text, std::string_view what) { return text.find(what) != text.npos; }

std::string section(const std::string& text, const std::string& title) {
  const std::size_t begin = text.find("<h2>" + title + "</h2>");
  return begin == text.npos ? "" : text.substr(begin, text.find("</section>", begin) - begin);
}

Dataset<1> rows() { return {std::vector<float>{1, 0, 0, 1, 1, 1}, Shape{2}, std::vector<std::int32_t>{0, 1, 0}}; }

}  // namespace

TEST_CASE("a report of images tells of everything") {
  const std::string text = written(pages::write_ordinary);
  const std::string data = section(text, "Data"), model = section(text, "Model"), training = section(text, "Training");
  CHECK(has(data, "<tr><td>training</td><td>600</td><td>(28, 28, 1)</td><td>bytes</td><td>10</td><td>60</td></tr>"));
  CHECK(occurrences(data, "<svg") == 3);
  CHECK(occurrences(data, "<img") == 25);  // 24 samples and the augmented ones
  CHECK(has(model, "<tr><td>0 Conv</td><td>(28, 28, 6)</td><td>156</td><td>117,600</td>"));
  CHECK(has(model, "<tr><td>all layers</td><td></td><td>61,706</td><td>416,520</td>"));
  CHECK(occurrences(model, "<tr>") == 14);
  CHECK(occurrences(training, "<svg") == 3);
  CHECK(occurrences(training, ">test</text>") == 2);
  const std::string quality = section(text, "Quality on the test set");
  for (const char* plot : {"Confusion matrix", "ROC curves", "Precision and recall", "Reliability, expected error"})
    CHECK(has(quality, str_cat("<title>", plot)));
  CHECK(occurrences(quality, "<tr>") == 13);
  CHECK(occurrences(section(text, "Worst mistakes"), "<img") > 0);
  const std::string inside = section(text, "Inside the network");
  CHECK(has(inside, "layer 0, Conv: 6 filters of (5, 5, 1)"));
  CHECK(occurrences(inside, "<img") == 6 + 1 + 3 * 6 + 3 * 16);
  const std::string settings = section(text, "Settings");
  CHECK(has(settings, "<tr><td>learning rate</td><td>0.05</td></tr>"));
  CHECK(has(settings, "SGD, learning_rate 0.05, momentum 0.9"));
  CHECK(has(settings, "<tr><td>batch size</td><td>32, in 4 shards</td></tr>"));
  CHECK(has(settings, "<tr><td>augmentation</td><td>yes</td></tr>"));
  CHECK(has(settings, "<tr><td>seed</td><td>42</td></tr>"));
  CHECK(has(settings, str_cat("<tr><td>lamina</td><td>", library_version)));
}

TEST_CASE("names that look like markup are text, and a thousand classes are cut with a note") {
  const std::string text = written(pages::write_thousand);
  CHECK(has(text, "<h1 ") == false);
  CHECK(has(text, "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"));
  CHECK(has(text, "The 20 largest and the 20 smallest of 1,000 classes."));
  CHECK(has(text, "The 100 of 1,000 classes with the least F1."));
  CHECK(has(text, "the 10 worst of 1000 classes"));
  CHECK(text.size() < 1'000'000);
}

TEST_CASE("a network that diverged is reported without curves, and an empty history says so") {
  const std::string text = written(pages::write_diverged);
  CHECK(has(section(text, "Training"), "No epoch was trained."));
  const std::string quality = section(text, "Quality on the test set");
  CHECK(has(quality, "not finite"));
  CHECK(has(quality, "Confusion matrix"));
  CHECK_FALSE(has(quality, "ROC"));
  CHECK(has(section(text, "Worst mistakes"), "<table>"));
}

TEST_CASE("of several labels at once there are curves but no confusion matrix") {
  const std::string text = written(pages::write_several_labels);
  const std::string quality = section(text, "Quality on the validation set");
  CHECK(has(quality, "<title>ROC curves"));
  CHECK_FALSE(has(quality, "Confusion matrix"));
  CHECK(has(quality, "<h3>Labels</h3>"));
  CHECK(has(quality, "of the decisions are right"));
  CHECK(has(quality, "samples avg"));
  CHECK(section(text, "Worst mistakes").empty());
  CHECK(occurrences(section(text, "Training"), "no numbers to show") == 3);
}

TEST_CASE("every part can be left out") {
  const Model model{Sequential{Dense{.units = 2}}, Shape{2}, Rng{1}};
  const std::string alone = written([&](const auto& path) { write_report(path, model); });
  CHECK_FALSE(section(alone, "Model").empty());
  for (const char* absent : {"Data", "Training", "Worst mistakes", "Inside the network"})
    CHECK(section(alone, absent).empty());

  const Dataset<1> data = rows();
  const std::string no_model =
      written([&](const auto& path) { write_report(path, ReportContents{.train = &data}); });
  CHECK_FALSE(section(no_model, "Data").empty());
  CHECK(section(no_model, "Model").empty());
}

TEST_CASE("of numbers there are RMSE, MAE and R² in their units, and predictions over targets") {
  const std::string text = written(pages::write_numbers);
  const std::string training = section(text, "Training"), quality = section(text, "Quality on the test set");
  CHECK(has(text, "<dt>test RMSE</dt>"));
  CHECK(has(text, "<dt>R²</dt>"));
  for (const char* plot : {"Loss", "Root mean squared error", "R²", "Learning rate"})
    CHECK(has(training, str_cat("<title>", plot)));
  CHECK_FALSE(has(training, "ccuracy"));
  CHECK(has(training, ", RMSE "));
  CHECK(occurrences(quality, "<svg") == 3);
  CHECK(has(quality, "<title>Predicted over true: rent, 1,000 of 1,500 samples"));
  CHECK(occurrences(quality, "<tr>") == 5);  // the head, three outputs, their mean
  CHECK_FALSE(has(quality, "Confusion matrix"));
  CHECK(section(text, "Worst mistakes").empty());
  CHECK(text.size() < 400'000);
}

TEST_CASE("what a report says of numbers is that of the predictions in the units of the targets") {
  Tensor<float, 2> x(3, 2), y(3, 1);
  x.setConstant(1);
  y.setValues({{0.5F}, {2}, {-1}});
  Dataset<1> data{x, y};
  data.normalise_targets({.mean = {3}, .deviation = {2}});
  Model model{Sequential{Dense{.units = 1}}, Shape{2}, Rng{1}};
  visit_parameters([](auto& tensor) { tensor.setZero(); }, model.parameters());  // predicts 3 for all
  const std::string text = written([&](const auto& path) { write_report(path, model, {.test = &data}); });
  // errors 2.5, 1 and 4: √(23.25 / 3), 7.5 / 3, 1 − 23.25 / 4.5
  CHECK(has(section(text, "Quality on the test set"),
            "<tr><td>0</td><td>2.7839</td><td>2.5000</td><td>-4.1667</td></tr>"));
  CHECK(section(text, "Worst mistakes").empty());
}

TEST_CASE("a report is refused where sets and model do not fit, and where the file cannot be written") {
  const Scratch scratch("html-report-refused");
  const auto path = scratch.path / "report.html";
  const Dataset<1> data = rows();
  const Model wide{Sequential{Dense{.units = 2}}, Shape{3}, Rng{1}},
      good{Sequential{Dense{.units = 2}}, Shape{2}, Rng{1}};
  CHECK_THROWS_WITH(write_report(path, wide, {.test = &data}),
                    "write_report: expects samples of (3), as the model was made for, but the test set has (2)");
  CHECK_THROWS_AS(write_report(path, good, {.test = &data, .threads = 0}), OptionError);
  CHECK_THROWS_WITH(write_report(path, good, {.mistakes = -1}),
                    "write_report: expects samples and mistakes of at least 0 but got 24 and -1");
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THROWS_WITH(write_report(scratch.path, good, {.test = &data}),
                    scratch.path.string() + ": expects a file but it is a directory; give it a file's name");
}

TEST_CASE("the worst mistakes are those that a network was surest of") {
  Tensor<float, 2> p(4, 2);
  p.setValues({{0.4F, 0.6F}, {0.9F, 0.1F}, {0.2F, 0.8F}, {0.7F, 0.3F}});
  const std::vector<std::int32_t> labels{0, 1, 1, 1};
  const auto mistakes = worst_mistakes(labels, p, 2);
  REQUIRE(mistakes.size() == 2);
  CHECK(mistakes[0].sample == 1);
  CHECK(mistakes[0].probability == 0.9F);
  CHECK(mistakes[0].label_probability == 0.1F);
  CHECK(mistakes[1].sample == 3);
  CHECK(worst_mistakes(labels, p, 9).size() == 3);
  CHECK(worst_mistakes(labels, p, 0).empty());
}

TEST_CASE("filters of three channels are colours, others are orange and blue around white") {
  const std::vector<float> weights{1, -1, 0, 0.5F};
  const auto colours = detail::weights_picture(weights, {2, 2, 1}, 1);
  const auto pixel = [&](Index i) {
    return std::array<int, 3>{colours.data()[3 * i], colours.data()[3 * i + 1], colours.data()[3 * i + 2]};
  };
  CHECK(pixel(0) == std::array<int, 3>{194, 65, 12});
  CHECK(pixel(1) == std::array<int, 3>{29, 95, 168});
  CHECK(pixel(2) == std::array<int, 3>{255, 255, 255});
  const auto rgb = detail::weights_picture(std::vector<float>{-1, 0, 1}, {1, 1, 3}, 1);
  CHECK(std::array<int, 3>{rgb(0, 0, 0), rgb(0, 0, 1), rgb(0, 0, 2)} == std::array<int, 3>{0, 128, 255});
}

TEST_CASE("large pictures are reduced, each pixel the mean of those that it stands for") {
  std::vector<float> values(400 * 300, 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 300 < 150 ? 0.0F : 1.0F;
  const auto small = detail::toned(values, {400, 300, 1}, {}, 100);
  CHECK(shape(small) == Shape{100, 75, 1});
  CHECK(small(0, 36, 0) == 0);
  CHECK(small(0, 37, 0) == 128);
  CHECK(small(0, 38, 0) == 255);
  const auto none = detail::Tones::of(std::vector<float>{NAN, INFINITY});
  CHECK(none(NAN) == 0);
}

TEST_CASE("a network with residual blocks has a row for each layer, and a time for each but the sums") {
  const Model model{Sequential{Residual{Sequential{Dense{.units = 2}, ReLU{}}}, Dense{.units = 2}}, Shape{2}, Rng{1}};
  const auto times = time_layers(model, {.batch_size = 3, .rounds = 1});
  REQUIRE(times.size() == model.layers().size());
  CHECK((times[2].path == "0.2" && times[2].layer == "Add" && times[2].forward == 0));
  CHECK(times[3].layer == "Dense");
  const std::string page = written([&](const auto& path) { write_report(path, model); });
  CHECK(section(page, "Model").find("0.2 Add") != std::string::npos);
}

TEST_CASE("a report judges a network whose single output tells two classes apart") {
  Model model{Dense{.units = 1}, Shape{2}, Rng{1}};
  Tensor<float, 2> x(40, 2);
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < 40; ++n) {
    x(n, 0) = static_cast<float>(n % 7) - 3;
    x(n, 1) = 1;
    labels.push_back(x(n, 0) > 0 ? 1 : 0);
  }
  const Dataset<1> data(std::move(x), std::move(labels), {.classes = 2, .class_names = {"below", "above"}});
  Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 0.5}}.fit(model, data, {.epochs = 20, .batch_size = 8});
  const std::string page = written([&](const auto& path) { write_report(path, model, {.test = &data}); });
  const std::string quality = section(page, "Quality on the test set");
  CHECK(quality.find("below") != std::string::npos);
  CHECK(quality.find("above") != std::string::npos);
}

TEST_CASE("every layer's time is measured, of nested networks too") {
  const Model model{Sequential{Sequential{Conv{.filters = 2}, ReLU{}}, Flatten{}, Dense{.units = 2}}, Shape{6, 5, 1},
                    Rng{1}};
  const auto times = time_layers(model, {.batch_size = 3, .rounds = 2});
  REQUIRE(times.size() == 4);
  CHECK(times[0].path == "0.0");
  CHECK(times[3].layer == "Dense");
  for (const LayerTime& time : times)
    CHECK((time.forward >= 0 && time.forward < 60 && time.backward >= 0 && time.backward < 60));
  CHECK_THROWS_AS(time_layers(model, {.batch_size = 0}), OptionError);
}

TEST_CASE("of very many scores a report keeps none, and tells all but the curves") {
  constexpr Index N = 8400, K = 1000;
  Tensor<float, 2> x(N, 2);
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < N; ++n) {
    x(n, 0) = static_cast<float>(n % 7) - 3;
    x(n, 1) = static_cast<float>(n % 5) - 2;
    labels.push_back(static_cast<std::int32_t>(n % K));
  }
  const Dataset<1> data(std::move(x), std::move(labels), {.classes = K}), few = data.subset(std::vector<Index>{0, 1, 2, 3, 4, 5, 6});
  const Model model{Dense{.units = K}, Shape{2}, Rng{1}};
  REQUIRE(N * K > detail::most_scores);
  const std::string page = written([&](const auto& path) { write_report(path, model, {.test = &data, .mistakes = 3}); });
  const std::string quality = section(page, "Quality on the test set");
  CHECK(has(quality, "are left out, as there are more than 8,388,608 scores"));
  CHECK(has(quality, "<title>Confusion matrix"));
  CHECK(has(quality, "<title>Reliability, expected error"));
  CHECK(!has(quality, "<title>ROC curves"));
  CHECK(has(quality, "The 100 of 1,000 classes with the least F1."));
  CHECK(has(page, detail::percent(evaluate(model, data).accuracy)));
  CHECK(has(section(page, "Worst mistakes"), "The 3 of "));
  const detail::DatasetView<float, 1> view(few);
  const auto answers = detail::class_answers<float>(model, view, few.labels(), 1, 100);
  const auto p = predict_probabilities(model, few);
  CHECK(answers.predicted == predict_classes(model, few));
  CHECK(answers.calibration.value().expected_error == Approx(calibration(few.labels(), p).expected_error));
  const auto worst = worst_mistakes(few.labels(), p, 100);
  REQUIRE(answers.mistakes.size() == worst.size());
  for (std::size_t i = 0; i < worst.size(); ++i)
    CHECK((answers.mistakes[i].sample == worst[i].sample && answers.mistakes[i].probability == worst[i].probability &&
           answers.mistakes[i].label_probability == worst[i].label_probability));
}

TEST_CASE("sets of different classes are refused in one report, with a model and without") {
  const std::vector<float> x{1, 0, 0, 1};
  const std::vector<std::int32_t> labels{0, 1};
  const Dataset<1> train(x, Shape{2}, labels, {.class_names = {"cat", "dog"}}), test(x, Shape{2}, labels, {.class_names = {"dog", "cat"}});
  const auto text = [](auto write) { return refusal<DataError>(write); };
  CHECK(text([&] { write_report("never.html", ReportContents{.train = &train, .test = &test}); }) ==
        "write_report: the classes of the test set are \"dog\", \"cat\" but those of the training set \"cat\", \"dog\", in this "
        "order; give the set these classes in this order: .reorder_classes(train.class_names())");
  Model model{Dense{.units = 2}, Shape{2}, Rng{1}};
  model.set_class_names({"cat", "dog"});
  CHECK(text([&] { write_report("never.html", model, {.test = &test}); }).starts_with("write_report: the classes of the test set are"));
}

TEST_CASE("what is kept of many scores is right for one output that tells two classes apart, too") {
  const Dataset<1> data(std::vector<float>{1.0F, -1.0F, 0.5F, -2.0F}, Shape{1}, std::vector<std::int32_t>{1, 0, 0, 1}, {.classes = 2});
  Model model{Dense{.units = 1}, Shape{1}, Rng{1}};
  model.parameters().tensor<2>("weight").setConstant(1);
  model.set_meaning(OutputMeaning::sigmoid);
  const auto answers = detail::class_answers<float>(model, detail::DatasetView<float, 1>(data), data.labels(), 1, 100);
  const auto p = predict_probabilities(model, data);
  CHECK(answers.predicted == std::vector<std::int32_t>{1, 0, 1, 0});
  const auto worst = worst_mistakes(data.labels(), p, 100);
  REQUIRE((worst.size() == 2 && answers.mistakes.size() == 2));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK((answers.mistakes[i].sample == worst[i].sample && answers.mistakes[i].predicted == worst[i].predicted));
    CHECK(answers.mistakes[i].probability == Approx(worst[i].probability));
    CHECK(answers.mistakes[i].label_probability == Approx(worst[i].label_probability));
  }
  CHECK(answers.calibration.value().expected_error == Approx(calibration(data.labels(), p).expected_error));
}
