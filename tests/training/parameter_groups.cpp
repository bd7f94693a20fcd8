#include <lamina/training/parameter_groups.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include <lamina/models/network.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/training/checkpoint.hpp>

#include "../catch.hpp"
#include "kept.hpp"

using namespace small;

namespace {

using ExactModel = BasicModel<double>;

ExactModel exact_model() { return {convolutional, image, Rng{7}}; }

template <AnyTensor X = Tensor<double, 4>>
Batch<X> whole(const Dataset<3>& data) {
  std::vector<Index> all(static_cast<std::size_t>(data.size()));
  std::iota(all.begin(), all.end(), Index{0});
  Batch<X> batch;
  gather(data, all, batch);
  return batch;
}

template <typename M>
std::map<std::string, std::vector<double>> by_name(const M& model) {
  std::map<std::string, std::vector<double>> all;
  detail::visit_named_parameters(
      [&](const std::string& name, const auto& tensor) { all[name].assign(tensor.data(), tensor.data() + tensor.size()); },
      model.parameters());
  return all;
}

/// The gradient of every tensor, as a reducer sees it; of those that it does not see, nothing.
std::map<std::string, std::vector<double>> gradient_of(const ExactModel& model, const Batch<Tensor<double, 4>>& batch,
                                                       std::vector<ParameterGroup> groups = {}) {
  std::map<std::string, std::vector<double>> all;
  ExactModel copy = model;
  Trainer{SoftmaxCrossEntropy{}, SGD{}, std::move(groups)}.step(
      copy, batch, {.reduce = [&](StepGradient<double>& gradient) {
        for (const auto& tensor : gradient.tensors)
          all[std::string(tensor.name)].assign(tensor.values.begin(), tensor.values.end());
      }});
  return all;
}

/// An optimizer of one's own, without a weight decay.
struct Plain {
  double learning_rate = 0.1;
  static constexpr std::string_view name = "Plain";
  void check() const {}
  std::size_t state_tensors() const { return 0; }
  template <typename T>
  bool update(const ParameterSlice<T>& slice, double rate) const {
    return SGD{.learning_rate = learning_rate}.update(slice, rate);
  }
};

}  // namespace

TEST_CASE("frozen parameters keep every bit, by layer and by tensor, in fit and in step, while the others move") {
  const auto data = bars(50), validation = bars(20, 8);
  const Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}, {{.parameters = {"0", "6.weight"}, .frozen = true}}};
  const auto check = [&](const auto& model, const auto& start) {
    const auto now = by_name(model), before = by_name(start);
    for (const auto& [name, values] : now) {
      CAPTURE(name);
      CHECK((values == before.at(name)) == (name == "0.weight" || name == "0.bias" || name == "6.weight"));
    }
  };
  std::uint64_t expected = 0;
  for (const Index threads : {1, 2, 3, 4}) {
    auto model = convolutional_model();
    trainer.fit(model, data, {.epochs = 2, .batch_size = 32, .threads = threads, .validation = &validation,
                              .clip = {.norm = 1}, .average = EMA{.decay = 0.5}});
    check(model, convolutional_model());
    if (threads == 1) expected = digest(model);
    CHECK(digest(model) == expected);
  }
  auto model = exact_model();
  Trainer stepper = trainer;
  for (int step = 0; step < 3; ++step) stepper.step(model, whole(data));
  check(model, exact_model());
}

TEST_CASE("frozen parameters count nowhere: not in the norm that is clipped, and no reducer sees them") {
  const auto batch = whole(bars(40));
  const std::vector<ParameterGroup> groups{{.parameters = {"8", "0.bias"}, .frozen = true}};
  const auto seen = gradient_of(exact_model(), batch, groups), all = gradient_of(exact_model(), batch);
  CHECK(all.size() == 8);
  CHECK(seen.size() == 5);
  double squares = 0;
  for (const auto& [name, values] : seen) {
    CHECK(values == all.at(name));
    for (const double g : values) squares += g * g;
  }
  const double limit = std::sqrt(squares) / 3;
  auto model = exact_model();
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1}, groups}.step(model, batch, {.clip = {.norm = limit}});
  for (const auto& [name, values] : by_name(model)) {
    const auto start = by_name(exact_model()).at(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double g = seen.contains(name) ? seen.at(name)[i] / 3 : 0;
      REQUIRE(std::abs(start[i] - g - values[i]) < 1e-6 * std::abs(g) + 1e-15);
    }
  }
}

TEST_CASE("a rate and a weight decay of a group give the textbook's step of SGD, and the others' bits are as ever") {
  const auto batch = whole(bars(40));
  const auto start = by_name(exact_model()), gradient = gradient_of(exact_model(), batch);
  const SGD sgd{.learning_rate = 0.5, .weight_decay = 0.25};
  auto plain = exact_model(), model = exact_model();
  Trainer{SoftmaxCrossEntropy{}, sgd}.step(plain, batch);
  Trainer trainer{SoftmaxCrossEntropy{},
                  sgd,
                  {{.parameters = {"0"}, .rate = 0.1},
                   {.parameters = {"6.weight", "8.bias"}, .rate = 2, .weight_decay = 0},
                   {.parameters = {"8.weight"}, .weight_decay = 0.75}}};
  trainer.step(model, batch, {.rate = 0.5});
  const auto now = by_name(model);
  auto half = exact_model();
  Trainer{SoftmaxCrossEntropy{}, sgd}.step(half, batch, {.rate = 0.5});
  for (const auto& [name, values] : now) {
    CAPTURE(name);
    const bool slow = name[0] == '0', own = name == "6.weight" || name == "8.bias", third = name == "8.weight";
    const double rate = 0.25 * (slow ? 0.1 : own ? 2 : 1), decay = own ? 0 : third ? 0.75 : 0.25;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double theta = start.at(name)[i];
      REQUIRE(std::abs(theta - rate * (gradient.at(name)[i] + decay * theta) - values[i]) < 1e-15);
    }
    if (!slow && !own && !third) CHECK(values == by_name(half).at(name));
  }
}

TEST_CASE("a group may have another decay of AdamW's, and what it leaves to biases stays so") {
  const auto batch = whole(bars(40));
  const auto stepped = [&](const AdamW& adam, std::vector<ParameterGroup> groups) {
    auto model = exact_model();
    Trainer trainer{SoftmaxCrossEntropy{}, adam, std::move(groups)};
    for (int step = 0; step < 3; ++step) trainer.step(model, batch);
    return by_name(model);
  };
  // All of the network is in the group, as the tensors' gradients depend on one another from the second step on.
  const std::vector<std::string> all{"0", "3", "6", "8"};
  CHECK(stepped({.weight_decay = 0.1}, {{.parameters = all, .weight_decay = 0.3}}) == stepped({.weight_decay = 0.3}, {}));
  CHECK(stepped({.weight_decay = 0.1, .decay_biases = false}, {{.parameters = all, .weight_decay = 0.3}}) ==
        stepped({.weight_decay = 0.3, .decay_biases = false}, {}));
  CHECK(stepped({.weight_decay = 0.1}, {{.parameters = all, .rate = 0.5}}) ==
        stepped({.learning_rate = 0.0005, .weight_decay = 0.1}, {}));
}

TEST_CASE("groups that change nothing leave every bit as it is") {
  const auto data = bars(70);
  auto expected = convolutional_model(), model = expected;
  const SGD sgd{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01};
  const FitOptions<3> options{.epochs = 2, .batch_size = 32, .clip = {.norm = 1}};
  Trainer{SoftmaxCrossEntropy{}, sgd}.fit(expected, data, options);
  Trainer{SoftmaxCrossEntropy{}, sgd, {{.parameters = {"0"}}, {.parameters = {"3.bias"}, .weight_decay = 0.01}}}.fit(
      model, data, options);
  CHECK(digest(model) == digest(expected));
}

TEST_CASE("names are those of layers, of nested networks and of tensors, in any kind of network") {
  const auto data = bars(20);
  const auto frozen = [&](auto model, std::vector<std::string> names) {
    const auto before = by_name(model);
    Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}, {{.parameters = std::move(names), .frozen = true}}}.fit(
        model, data);
    std::vector<std::string> same;
    for (const auto& [name, values] : by_name(model))
      if (values == before.at(name)) same.push_back(name);
    return same;
  };
  using Names = std::vector<std::string>;
  const Model nested{Sequential{Flatten{}, Sequential{Dense{.units = 4}, Tanh{}, Dense{.units = 5}}, Dense{.units = 3}}, image,
                     Rng{1}};
  CHECK(frozen(nested, {"1"}) == Names{"1.0.bias", "1.0.weight", "1.2.bias", "1.2.weight"});
  CHECK(frozen(nested, {"1.0"}) == Names{"1.0.bias", "1.0.weight"});
  CHECK(frozen(nested, {"1.2.weight", "2"}) == Names{"1.2.weight", "2.bias", "2.weight"});
  const Model listed{Network{Flatten{}, Dense{.units = 4}, ReLU{}, Dense{.units = 3}}, image, Rng{1}};
  CHECK(frozen(listed, {"1"}) == Names{"1.bias", "1.weight"});
  std::vector<ParameterGroup> groups{{.parameters = {"1"}, .frozen = true}};
  const std::vector<detail::NamedTensor> tensors{{"1.weight", {}}, {"10.weight", {}}, {"11", {}}};
  CHECK(detail::groups_of("fit", groups, tensors) == std::vector<Index>{0, -1, -1});
  groups[0].parameters = {"weight"};
  CHECK(detail::groups_of("fit", groups, {{"weight", {}}, {"bias", {}}}) == std::vector<Index>{0, -1});
}

TEST_CASE("groups that cannot be are refused, with the names that there are, and the model is untouched") {
  const auto data = bars(16);
  const auto batch = whole<Tensor<float, 4>>(data);
  auto model = convolutional_model();
  const auto refused = [&](std::vector<ParameterGroup> groups) {
    return refusal<OptionError>([&] {
      Trainer{SoftmaxCrossEntropy{}, SGD{}, std::move(groups)}.fit(model, data);
    });
  };
  const std::string names = "; there are 0.weight, 0.bias, 3.weight, 3.bias, 6.weight, 6.bias, 8.weight, 8.bias";
  CHECK(refused({{.parameters = {"0"}}, {.parameters = {"8", "7"}, .frozen = true}}) ==
        "fit: group 1: no layer or parameter is called \"7\"" + names);
  for (const std::string name : {"0.", "0.weigh", "", "00", "weight"})
    CHECK(refused({{.parameters = {name}, .frozen = true}}) ==
          "fit: group 0: no layer or parameter is called \"" + name + "\"" + names);
  CHECK(refused({{.parameters = {"0"}}, {.parameters = {"3"}}, {.parameters = {"0.bias"}}}) ==
        "fit: 0.bias is in group 0 and in group 2; a parameter is in one group at most");
  CHECK(refused({{.parameters = {"0", "3"}, .frozen = true}, {.parameters = {"6", "8"}, .frozen = true}}) ==
        "fit: all parameters are frozen; leave some to be trained");
  CHECK(refused({{}}) == "Trainer: group 0: expects at least one name in .parameters");
  CHECK(refused({{.parameters = {"0"}, .frozen = true, .rate = 0.5}}) ==
        "Trainer: group 0: is frozen, and has a .rate or .weight_decay; leave one of them out");
  for (const double rate : {0.0, -1.0, std::numeric_limits<double>::infinity()})
    CHECK(refused({{.parameters = {"0"}, .rate = rate}}) ==
          str_cat("Trainer: group 0: expects a finite .rate above 0 but got ", rate,
                  "; .frozen = true keeps parameters as they are"));
  CHECK(refused({{.parameters = {"0"}, .weight_decay = -1}}) ==
        "SGD: expects a finite weight_decay of at least 0 but got -1");
  CHECK(refusal<OptionError>([] {
          Trainer{SoftmaxCrossEntropy{}, Plain{}, {{.parameters = {"0"}, .weight_decay = 0}}};
        }) == "Trainer: group 0: has a .weight_decay but Plain has none");
  CHECK_NOTHROW(Trainer{SoftmaxCrossEntropy{}, Plain{}, {{.parameters = {"0"}, .rate = 0.5}}});
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}, {{.parameters = {"9"}}}};
  CHECK(refusal<OptionError>([&] { trainer.step(model, batch); }) ==
        "step: group 0: no layer or parameter is called \"9\"" + names);
  CHECK(digest(model) == digest(convolutional_model()));
  CHECK(model.steps() == 0);
}

TEST_CASE("a checkpoint is known by its groups, and continues to the same bits") {
  const auto data = bars(50);
  const SGD sgd{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01};
  const std::vector<ParameterGroup> groups{{.parameters = {"0", "3.bias"}, .frozen = true},
                                           {.parameters = {"8"}, .rate = 0.5, .weight_decay = 0}};
  const Trainer trainer{SoftmaxCrossEntropy{}, sgd, groups};
  auto expected = convolutional_model();
  FitOptions<3> options{.epochs = 3, .batch_size = 10, .average = EMA{.decay = 0.9}};
  const History history = trainer.fit(expected, data, options);
  CheckpointBytes kept;
  options.checkpoint = kept;
  auto model = convolutional_model();
  int left = 7;
  options.on_batch = [&](BatchEnd& end) { end.stop_training = --left == 0; };
  trainer.fit(model, data, options);
  CHECK(digest(model) != digest(expected));
  auto continued = convolutional_model();
  options.threads = 3;
  const History end = trainer.fit(continued, data, options);
  CHECK(bits_of(continued, end) == bits_of(expected, history));

  std::vector<std::string> settings;
  const auto run = kept.find();
  for (const auto& setting : run->settings)
    if (setting.name.starts_with("group")) settings.push_back(setting.name + " is " + setting.value);
  CHECK(settings == std::vector<std::string>{"group 0 is 0, 3.bias: frozen", "group 1 is 8: rate 0.5, weight_decay 0"});
  const auto refused = [&](std::vector<ParameterGroup> others) {
    return refusal<DataError>(
        [&] { Trainer{SoftmaxCrossEntropy{}, sgd, std::move(others)}.fit(model, data, options); });
  };
  CHECK(refused({}).find("group 0 is only there, group 1 is only there") != std::string::npos);
  CHECK(refused({groups[0], {.parameters = {"8"}, .rate = 0.5}})
            .find("group 1 is 8: rate 0.5, weight_decay 0 there and 8: rate 0.5 here") != std::string::npos);
}
