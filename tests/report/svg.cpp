#include <algorithm>
#include <cmath>
#include <lamina/report/plots.hpp>
#include <lamina/report/svg.hpp>
#include <limits>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "well_formed.hpp"

using namespace lamina;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
const std::string hostile = "</text><script>alert('&\"')</script>\xFF\x01";

LinePlot lines(std::vector<double> y) {
  std::vector<double> x(y.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  return {.title = "Loss", .series = {{"train", std::move(x), std::move(y)}}};
}

void check(const std::string& svg) {
  INFO(svg.substr(0, 3000));
  CHECK(trouble_in_markup(svg) == "");
  CHECK(svg.find("nan") == svg.npos);
  CHECK(svg.find("inf") == svg.npos);
  CHECK(svg.find("<script") == svg.npos);
}

}  // namespace

TEST_CASE("a line goes through its points, from the left to the right and from the bottom to the top") {
  const std::string svg = to_svg(lines({0, 5, 10}));
  check(svg);
  // The frame is 170 high from 34 on; left of it the widest label, "10", right of it half of "2.0".
  CHECK(svg.find("d=\"M26.1 204L187.4 119L348.8 34\" class=\"line s0\"") != svg.npos);
}

TEST_CASE("a line is broken where a number is none, and a number alone is a dot") {
  const std::string svg = to_svg(lines({no_number, 0, no_number, 10, 5, std::numeric_limits<double>::infinity()}));
  check(svg);
  const std::size_t end = svg.find("\" class=\"line s0\""), begin = svg.rfind("d=\"", end);
  REQUIRE(end != svg.npos);
  const std::string path = svg.substr(begin, end - begin);
  CHECK(occurrences(path, "M") == 2);
  CHECK(occurrences(path, "L") == 1);
  CHECK(occurrences(svg, "h0") == 3);
}

TEST_CASE("a plot without numbers says so") {
  for (const LinePlot& plot :
       {LinePlot{}, lines({}), lines({no_number, no_number}), loss_plot(History{}), accuracy_plot(History{})}) {
    check(to_svg(plot));
    CHECK(occurrences(to_svg(plot), "no numbers to show") == 1);
  }
  check(to_svg(BarChart{}));
  check(to_svg(HeatMap{}));
  check(to_svg(ImageGrid{}));
}

TEST_CASE("ten thousand points become a line of a few hundred that keeps the extremes") {
  std::vector<double> noise(10'000);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = std::sin(static_cast<double>(i) * 1.7);
  noise[5000] = 3;
  const std::string svg = to_svg(lines(noise));
  check(svg);
  CHECK(svg.size() < 60'000);
  CHECK(svg.find(" 34L") != svg.npos);  // the top of the frame, where 3 is
}

TEST_CASE("names and titles can be anything and of any length") {
  const std::string endless(100'000, 'W');
  for (const std::string& name : {hostile, endless, std::string()}) {
    LinePlot plot{.title = name, .x = {.label = name}, .y = {.label = name}, .series = {{name, {1, 2}, {3, 4}}}};
    for (int s = 0; s < 12; ++s) plot.series.push_back(plot.series[0]);
    check(to_svg(plot));
    check(to_svg(
        BarChart{.title = name, .bars = {{name, 1}, {name, no_number}, {name, -1}, {name, 1e300}}, .note = name}));
    check(to_svg(HeatMap{.title = name, .names = {name, name}, .cells = {{1, no_number}, {-1, 1e300}}, .note = name}));
    Tensor<std::uint8_t, 3> pixels(2, 3, 1);
    pixels.setZero();
    check(to_svg(ImageGrid{.title = name, .pictures = {{pixels, name, name}}, .columns = 0}));
  }
}

TEST_CASE("a heat map says how often what was taken for what, and colours the diagonal otherwise") {
  ConfusionMatrix confusion({"cat", "dog"});
  for (int i = 0; i < 8; ++i) confusion.add(0, 0);
  confusion.add(0, 1);
  confusion.add(0, 1);
  for (int i = 0; i < 20; ++i) confusion.add(1, 0);
  const std::string svg = to_svg(confusion_map(confusion));
  check(svg);
  CHECK(svg.find("class=\"wrong\" fill-opacity=\"0.40\"><title>cat taken for dog: 2 of 10</title>") != svg.npos);
  CHECK(svg.find("class=\"wrong\" fill-opacity=\"1.00\"><title>dog taken for cat: 20 of 20</title>") != svg.npos);
  CHECK(svg.find("class=\"right\" fill-opacity=\"0.91\"><title>cat taken for itself: 8 of 10</title>") != svg.npos);
  CHECK(occurrences(svg, "<rect") == 5);  // the paper, the ground, three cells
}

TEST_CASE("of a thousand classes the most confused are shown, and a note says so") {
  ConfusionMatrix confusion(1000);
  for (std::int32_t k = 0; k < 1000; ++k) confusion.add(k, k);
  for (std::int32_t k = 500; k < 520; ++k) confusion.add(k, k + 1);
  const HeatMap map = confusion_map(confusion);
  REQUIRE(map.names.size() == 30);
  CHECK(std::find(map.names.begin(), map.names.end(), "510") != map.names.end());
  CHECK(map.note.find("30 of 1,000 classes") != map.note.npos);
  check(to_svg(map));

  std::vector<Index> counts(1000, 7);
  counts[3] = 1;
  counts[4] = 90;
  const BarChart chart = label_chart(counts, {}, "Labels");
  REQUIRE(chart.bars.size() == 40);
  CHECK(chart.bars.front().name == "4");
  CHECK(chart.bars.back().name == "3");
  check(to_svg(chart));
}

TEST_CASE("curves of probabilities are drawn of the classes that have them") {
  Tensor<float, 2> scores(4, 3);
  scores.setValues({{0.8F, 0.1F, 0.1F}, {0.2F, 0.7F, 0.1F}, {0.6F, 0.3F, 0.1F}, {0.3F, 0.6F, 0.1F}});
  const std::vector<std::int32_t> labels{0, 1, 1, 1};
  const LinePlot roc = roc_plot(labels, scores, std::vector<std::string>{"a", "b", "c"});
  REQUIRE(roc.series.size() == 2);  // nothing is of class c
  CHECK(roc.series[0].name == "a (1.0000)");
  CHECK(roc.series[0].y == roc_curve(labels, scores, 0).true_positive_rate);
  const LinePlot precision = precision_recall_plot(labels, scores);
  CHECK(precision.series.size() == 2);
  const LinePlot reliability = reliability_plot(calibration(labels, scores));
  CHECK(reliability.series[0].x.size() == 3);
  for (const LinePlot& plot : {roc, precision, reliability}) check(to_svg(plot));
}

TEST_CASE("a history's epochs count from 1, and a test set's figures stand beside it") {
  History history;
  history.epochs = {{.epoch = 0, .loss = 2, .accuracy = 0.5, .learning_rate = 0.1},
                    {.epoch = 1, .loss = 1, .accuracy = 0.7, .validation_loss = 1.5, .learning_rate = 0.05}};
  const LinePlot plot = loss_plot(history, std::vector<double>{1.9, 1.1});
  REQUIRE(plot.series.size() == 3);
  CHECK(plot.series[0].x == std::vector<double>{1, 2});
  CHECK(plot.series[1].x == std::vector<double>{2});
  CHECK(plot.series[2].y == std::vector<double>{1.9, 1.1});
  CHECK(learning_rate_plot(history).series[0].y == std::vector<double>{0.1, 0.05});
}

TEST_CASE("of a history of numbers RMSE and R² are drawn") {
  History history;
  history.epochs = {{.epoch = 0, .regression = RegressionScores{3, 2, 0.5}},
                    {.epoch = 1,
                     .regression = RegressionScores{2, 1, 0.75},
                     .validation_regression = RegressionScores{2.5, 1.5, 0.6}}};
  CHECK(rmse_plot(history).series[0].y == std::vector<double>{3, 2});
  CHECK(rmse_plot(history).series[1].y == std::vector<double>{2.5});
  CHECK(r2_plot(history).series[0].y == std::vector<double>{0.5, 0.75});
  CHECK(r2_plot(history).series[1].y == std::vector<double>{0.6});
  CHECK(rmse_plot(History{}).series.empty());
  check(to_svg(r2_plot(history)));
}

TEST_CASE("predictions are drawn as points over targets, those on the diagonal are right") {
  Tensor<float, 2> y(3, 2), z(3, 2);
  y.setValues({{1, 5}, {2, 5}, {3, 5}});
  z.setValues({{1, 5}, {4, 5}, {no_number, 5}});
  const LinePlot plot = prediction_plot(y, z, 0, "height");
  CHECK(plot.title == "Predicted over true: height");
  CHECK(plot.series[0].x == std::vector<double>{1, 2, 3});
  CHECK((plot.x.low == 1 && plot.y.low == 1 && plot.x.high == 4 && plot.y.high == 4));
  CHECK(plot.guides[0].y == std::vector<double>{1, 4});
  check(to_svg(plot));
  CHECK(occurrences(to_svg(plot), "h0") == 2);
  CHECK(occurrences(to_svg(plot), "class=\"line") == 0);
  const LinePlot constant = prediction_plot(y, z, 1);
  CHECK(constant.title == "Predicted over true");
  CHECK((constant.x.low == 4.5 && constant.x.high == 5.5));
  CHECK(occurrences(to_svg(constant), "h0") == 3);

  Tensor<double, 2> many(2500, 1);
  for (Index n = 0; n < 2500; ++n) many(n, 0) = static_cast<double>(n % 97);
  const LinePlot some = prediction_plot(many, many, 0);
  CHECK(some.title == "Predicted over true, 1,000 of 2,500 samples");
  CHECK(some.series[0].x.size() == 1000);
  CHECK(occurrences(to_svg(some), "h0") == 1000);
  CHECK_THROWS_WITH(prediction_plot(y, many, 0),
                    "prediction_plot: expects as many predictions as targets (3, 2) but got (2500, 1)");
  CHECK_THROWS_WITH(prediction_plot(y, z, 2), "prediction_plot: expects an output in 0 … 1 but got 2");
  Tensor<float, 2> none(3, 2);
  none.setConstant(std::numeric_limits<float>::quiet_NaN());
  CHECK(occurrences(to_svg(prediction_plot(y, none, 0)), "no numbers to show") == 1);
}

TEST_CASE("a plot is written as a file, and where that is impossible the error names it") {
  const Scratch scratch("svg");
  const auto good = scratch.path / "loss.svg", bad = scratch.path / "absent" / "loss.svg";
  write_svg(good, lines({1, 2}));
  CHECK(std::filesystem::file_size(good) == to_svg(lines({1, 2})).size());
  CHECK_THROWS_AS(write_svg(bad, lines({1, 2})), DataError);
  CHECK_THROWS_WITH(write_svg(bad, lines({1, 2})), bad.string() + ": cannot be written: there is no folder " + bad.parent_path().string() + "; make it first");
}
