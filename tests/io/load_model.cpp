#include <cmath>
#include <cstdint>
#include <lamina/core/version.hpp>
#include <lamina/io/load_model.hpp>
#include <lamina/models/mlp.hpp>
#include <lamina/models/sequential.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "edited_file.hpp"
#include "scale.hpp"

using namespace lamina;

namespace {

/// Every layer that takes images or rows, every option off its default.
constexpr auto every_layer = Sequential{
    Sequential{
        BasicConv<GlorotUniform, StandardNormal>{.filters = 3, .kernel = {3, 2}, .stride = {2, 1}, .padding = {0, 1}},
        LeakyReLU{.slope = 0.1}, MaxPool{.window = {2, 3}, .stride = {1, 2}, .padding = {1, 0}}},
    Tanh{},
    AvgPool{.window = 3, .padding = 1},
    Conv{.filters = 2, .kernel = 2},
    ReLU{},
    Sequential{Flatten{}, Dropout{.rate = 0.25}, Sigmoid{}, BasicDense<Zeros, GlorotUniform>{.units = 5}},
    Dense{.units = 3},
    Softmax{},
};
constexpr Shape sample{11, 13, 2};

template <typename X>
X drawn(const Shape<rank_v<X>>& shape, std::uint64_t seed = 3) {
  X x;
  reshape(x, shape);
  Rng rng{seed};
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<scalar_t<X>>(rng.normal());
  return x;
}

template <typename X>
std::vector<scalar_t<X>> numbers(const X& x) {
  return {x.data(), x.data() + x.size()};
}

/// The file of a small network on images (4, 4, 1).
std::vector<std::byte> small_file() {
  return save_bytes(
      Model{Sequential{Conv{.filters = 2, .kernel = 3}, Flatten{}, Dense{.units = 2}}, Shape{4, 4, 1}, Rng{1}});
}

const std::string cannot = "its model cannot be rebuilt: ";

/// Why the small network's file is refused when its architecture is this.
std::string why(const std::string& architecture, const ModelLimits& limits = {}) {
  const auto file = edited(small_file(), [&](detail::SafeTensors& it) { it.metadata["lamina.architecture"] = architecture; });
  return refusal<DataError>([&] { load_model_bytes(file, limits); });
}
/// An option of a layer that names its initializer.
std::string option(const Model& model, std::size_t layer, std::string_view name) {
  for (const auto& option : model.layers()[layer].node->options())
    if (option.name == name) return option.exact;
  return "there is none";
}

std::string of_layers(const std::string& layers) { return R"({"sample":[4,4,1],"layers":[)" + layers + "]}"; }

}  // namespace

TEMPLATE_TEST_CASE("a network is rebuilt from its file alone: every layer, every option, every bit", "", float,
                   double) {
  const Scratch scratch("load-model");
  BasicModel<TestType> saved{every_layer, sample, Rng{1}};
  const Metadata metadata{{{0.5, 0.25}, {2, 3}}, {"a", "b", "c"}, {}};
  save(saved, scratch.path / "m.safetensors", metadata);
  const auto loaded = load_model<Network, TestType>(scratch.path / "m.safetensors");
  CHECK(std::ranges::equal(loaded.model.sample_extents(), sample.extents));
  CHECK(loaded.metadata.class_names == metadata.class_names);
  CHECK(loaded.metadata.normalisation.mean == metadata.normalisation.mean);
  CHECK(loaded.metadata.normalisation.deviation == metadata.normalisation.deviation);
  CHECK(loaded.metadata.version == library_version);
  const auto x = drawn<Tensor<TestType, 4>>(detail::batch_shape(3, sample));
  CHECK(numbers(loaded.model(x)) == numbers(saved(x)));

  // Saved once more, it says the same but for the names, which have become flat.
  const auto first = describe(saved), second = describe(loaded.model);
  REQUIRE(second.layers.size() == first.layers.size());
  for (std::size_t i = 0; i < first.layers.size(); ++i) {
    CHECK(second.layers[i].place == std::to_string(i));
    CHECK(second.layers[i].type == first.layers[i].type);
    CHECK(second.layers[i].options == first.layers[i].options);
    CHECK(second.layers[i].out == first.layers[i].out);
  }
  const auto again = load_model_bytes<Network, TestType>(save_bytes(loaded.model, loaded.metadata));
  CHECK(numbers(again.model(x)) == numbers(saved(x)));
}

TEST_CASE("the architecture in a file is JSON that a person can read") {
  const Model model{Sequential{Sequential{Conv{.filters = 2, .kernel = {3, 2}}, MaxPool{}}, Flatten{},
                               BasicDense<Zeros, Zeros>{.units = 2}, LeakyReLU{.slope = 0.1}},
                    Shape{4, 5, 1}, Rng{1}};
  CHECK(detail::parse_safetensors(save_bytes(model)).metadata.at("lamina.architecture") ==
        R"({"sample":[4,5,1],"layers":[{"name":"0.0","type":"Conv","filters":2,"kernel":[3,2],"stride":[1,1],)"
        R"("padding":[0,0],"weight_initializer":"HeNormal","bias_initializer":"Zeros"},)"
        R"({"name":"0.1","type":"MaxPool","window":[2,2],"padding":[0,0]},{"name":"1","type":"Flatten"},)"
        R"({"name":"2","type":"Dense","units":2,"weight_initializer":"Zeros","bias_initializer":"Zeros"},)"
        R"({"name":"3","type":"LeakyReLU","slope":"0.1"}]})");
}

TEST_CASE("networks on rows, of one layer, and listed at run time are rebuilt") {
  const Model one{Dense{.units = 3}, Shape{4}, Rng{1}};
  const auto rows = drawn<Tensor<float, 2>>(Shape{5, 4});
  CHECK(numbers(load_model_bytes(save_bytes(one)).model(rows)) == numbers(one(rows)));

  Network listed = mlp({16, 5, 2}, {.activation = Tanh{}});
  const Model dense{listed, Shape{4, 4, 1}, Rng{2}};
  const auto rebuilt = load_model_bytes(save_bytes(dense));
  CHECK(rebuilt.model.inputs() == 16);
  const auto x = drawn<Tensor<float, 4>>(Shape{2, 4, 4, 1});
  CHECK(numbers(rebuilt.model(x)) == numbers(dense(x)));
}

TEST_CASE("a rebuilt network has the parameters and the initializers of the one that was saved") {
  auto [model, metadata] = load_model_bytes(small_file());
  CHECK(model.parameter_count() == 2 * 9 + 2 + 2 * 8 + 2);
  CHECK(option(model, 0, "weight_initializer") == "HeNormal");
}

TEST_CASE("a layer's count of parameters is that of those it starts with") {
  const auto counted = [](const auto& layer, const auto& in) {
    return layer.parameter_count(in) == parameter_count(layer.template initialize<float>(in, Rng{}));
  };
  CHECK(counted(Conv{.filters = 3, .kernel = {2, 4}, .padding = 1}, Shape{2, 5, 6, 3}));
  CHECK(counted(Dense{.units = 7}, Shape{2, 5}));
  // No layer that can be listed may be without it: a file could ask for any amount of memory then.
  const detail::AnyLayer<> any;
  std::visit([]<typename... Ls>(const Ls&...) {}, any);
  [&]<typename... Ls>(std::variant<Ls...>*) {
    const auto tells = []<typename L>(L*) {
      return std::is_same_v<typename L::template Parameters<float>, None> ||
             requires(const L& layer, Shape<4> images) { layer.parameter_count(images); } ||
             requires(const L& layer, Shape<2> rows) { layer.parameter_count(rows); };
    };
    CHECK((tells(static_cast<Ls*>(nullptr)) && ...));
    CHECK(((std::is_empty_v<Ls> || detail::VisitsOptions<Ls>) && ...));
  }(static_cast<detail::AnyLayer<>*>(nullptr));
}

TEST_CASE("a layer of one's own is rebuilt where the network's type knows it, and named where it does not") {
  const Model model{Sequential{Dense{.units = 3}, Scale{}}, Shape{4}, Rng{1}};
  const auto file = save_bytes(model);
  const auto x = drawn<Tensor<float, 2>>(Shape{5, 4});
  CHECK(numbers(load_model_bytes<BasicNetwork<Scale>>(file).model(x)) == numbers(model(x)));
  CHECK(refusal<DataError>([&] { load_model_bytes(file); }) ==
        cannot + "layer 1: \"Scale\" is not a layer of this version; if it is your own, use "
                 "load_model<BasicNetwork<It>>(…), or load the file into a model of the same layers");
}

namespace {

/// A layer with an option that it does not tell.
struct Silent : Scale {
  static constexpr std::string_view name = "Silent";
  int strength = 1;
};
/// And one that does.
struct Telling : Silent {
  static constexpr std::string_view name = "Telling";
  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("strength", self.strength...);
  }
};

}  // namespace

TEST_CASE(
    "a layer of one's own that has no visit_options is refused by name, one that does is rebuilt with them") {
  Telling telling;
  telling.strength = 7;
  const auto told = save_bytes(Model{Sequential{telling}, Shape{4}, Rng{1}});
  CHECK(load_model_bytes<BasicNetwork<Telling>>(told).model.layers()[0].node->get_if<Telling>()->strength == 7);
  const auto silent = save_bytes(Model{Sequential{Silent{}}, Shape{4}, Rng{1}});
  CHECK(refusal<DataError>([&] { load_model_bytes<BasicNetwork<Silent>>(silent); })
            .find("layer 0: Silent: has no visit_options") != std::string::npos);
}

namespace {

/// A layer as wide as its option says, without parameter_count.
struct Uncounted : Scale {
  static constexpr std::string_view name = "Uncounted";
  Index units = 2;

  Index parameter_count(const Shape<2>&) const = delete;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("units", self.units...);
  }
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    return Scale::initialize<T>(Shape{in[0], in[1] * units}, rng);
  }
};
/// And one that does.
struct Counted : Uncounted {
  static constexpr std::string_view name = "Counted";
  Index parameter_count(const Shape<2>& in) const { return Shape{in[1], units}.size(); }
};

/// A layer of one's own among others, as a network of rows.
template <typename L>
Model of_one(const L& layer = {}) {
  return {Sequential{layer}, Shape{3}, Rng{1}};
}
template <typename L>
L rebuilt(std::span<const std::byte> file) {
  return *load_model_bytes<BasicNetwork<L>>(file).model.layers()[0].node->template get_if<L>();
}
/// Why this layer's file is refused when it has another text at this place of its architecture.
template <typename L>
std::string why_instead(const std::string& text, const std::string& other) {
  const auto file = edited(save_bytes(of_one<L>()), [&](detail::SafeTensors& it) {
    std::string& network = it.metadata["lamina.architecture"];
    network.replace(network.find(text), text.size(), other);
  });
  return refusal<DataError>([&] { rebuilt<L>(file); });
}

}  // namespace

TEST_CASE("a layer of one's own whose parameters are not counted is refused, whatever the file asks of it") {
  const std::string text =
      cannot +
      "layer 0: Uncounted: has no parameter_count, so that a file could ask for "
      "any amount of memory; add it, or load the file into a model of the same layers";
  const auto units = [](const std::string& number) { return "\"units\":" + number; };
  CHECK(why_instead<Uncounted>(units("2"), units("2")) == text);
  CHECK(why_instead<Uncounted>(units("2"), units("60000000000000")) == text);
  const std::string more = cannot + "layer 0: Counted: has more parameters than are left in the file";
  CHECK(why_instead<Counted>(units("2"), units("2")) == "nothing was refused");
  CHECK(why_instead<Counted>(units("2"), units("3")) == more);
  CHECK(why_instead<Counted>(units("2"), units("60000000000000")) == more);
}

namespace {

/// A layer with whole numbers of several types.
struct Wholes : Scale {
  static constexpr std::string_view name = "Wholes";
  int shift = 0;
  std::int8_t narrow = 0;
  std::uint8_t byte = 0;
  std::int64_t wide = 0;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("shift", self.shift...);
    visitor("narrow", self.narrow...);
    visitor("byte", self.byte...);
    visitor("wide", self.wide...);
  }
};

}  // namespace

TEST_CASE("whole numbers of a layer of one's own keep their signs, and are refused out of their range") {
  for (const bool least : {true, false}) {
    Wholes given;
    given.shift = least ? -2 : 2;
    given.narrow = least ? std::numeric_limits<std::int8_t>::min() : std::numeric_limits<std::int8_t>::max();
    given.byte = least ? 0 : 255;
    given.wide = least ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    const auto found = rebuilt<Wholes>(save_bytes(of_one(given)));
    CHECK(found.shift == given.shift);
    CHECK(found.narrow == given.narrow);
    CHECK(found.byte == given.byte);
    CHECK(found.wide == given.wide);
  }
  const auto why_with = [](const std::string& option, const std::string& number) {
    const std::string start = cannot + "layer 0: Wholes: " + option + ": ";
    const std::string text = why_instead<Wholes>("\"" + option + "\":0", "\"" + option + "\":" + number);
    return text.starts_with(start) ? text.substr(start.size()) : text;
  };
  CHECK(why_with("narrow", "-128") == "nothing was refused");
  CHECK(why_with("narrow", "-129") == "expects at least -128 but got -129");
  CHECK(why_with("narrow", "128") == "expects at most 127 but got 128");
  CHECK(why_with("byte", "256") == "expects at most 255 but got 256");
  CHECK(why_with("byte", "-1").starts_with("expects an unsigned integer at byte "));
  CHECK(why_with("wide", "-9223372036854775809") ==
        "expects at least -9223372036854775808 but got -9223372036854775809");
  CHECK(why_with("wide", "-18446744073709551616").starts_with("expects an integer below 2^64 at byte "));
  for (const char* none : {"-", "--1", "- 1", "-1.5", "-1e3", "-01", "+1", "\"-1\""})
    CHECK(why_with("shift", none).starts_with("expects an integer at byte "));
}

namespace {

struct Halves {
  double operator()(Rng&, detail::Fans) const { return 0.5; }
};

/// A layer whose initializers are a part of its type.
struct Drawing : Scale {
  static constexpr std::string_view name = "Drawing";
  HeNormal known{};
  TruncatedNormal numbered{.deviation = 0.5};
  Halves own{};

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("known", self.known...);
    visitor("numbered", self.numbered...);
    visitor("own", self.own...);
  }
};

}  // namespace

TEST_CASE("an initializer that is a part of a layer's type must be the file's") {
  CHECK(why_instead<Drawing>("HeNormal", "HeNormal") == "nothing was refused");
  CHECK(why_instead<Drawing>("HeNormal", "Zeros") ==
        cannot + "layer 0: Drawing: known: expects \"HeNormal\", which is the layer's own, but got \"Zeros\"");
  CHECK(
      why_instead<Drawing>("\"known\"", "\"own\"") ==
      cannot +
          "layer 0: Drawing: own: expects no name, as it is none of the library's initializers, but got \"HeNormal\"");
}

TEST_CASE("layers with an initializer of one's own are rebuilt, and start by He et al. when drawn anew") {
  const Model model{
      Sequential{BasicConv<Halves>{.filters = 2, .kernel = 3}, Flatten{}, BasicDense<Zeros, Halves>{.units = 2}},
      Shape{4, 4, 1}, Rng{1}};
  const auto loaded = load_model_bytes(save_bytes(model)).model;
  const auto x = drawn<Tensor<float, 4>>(Shape{2, 4, 4, 1});
  CHECK(numbers(loaded(x)) == numbers(model(x)));
  CHECK(option(loaded, 0, "weight_initializer") == "HeNormal");
  CHECK(option(loaded, 0, "bias_initializer") == "Zeros");
  CHECK(option(loaded, 2, "weight_initializer") == "Zeros");
  CHECK(option(loaded, 2, "bias_initializer") == "HeNormal");
}

TEST_CASE("every initializer is saved with its numbers, read again, and draws the same weights") {
  const detail::AnyInitializer all[] = {
      HeNormal{}, GlorotUniform{}, StandardNormal{}, Zeros{}, Fill{.value = -0.1}, VarianceScaling{},
      VarianceScaling{.scale = 1.0 / 3, .fan = VarianceScaling::fan_out, .distribution = VarianceScaling::uniform},
      VarianceScaling{.fan = VarianceScaling::fan_average, .distribution = VarianceScaling::truncated_normal},
      TruncatedNormal{.deviation = 0.02}, Orthogonal{.gain = std::sqrt(2.0)}};
  for (const auto& initializer : all) {
    INFO(initializer.text());
    using Listed = detail::AnyInitializer;
    const BasicConv<Listed, Listed> conv{
        .filters = 2, .weight_initializer = initializer, .bias_initializer = Fill{.value = 3}};
    const BasicDense<Listed> dense{.units = 3, .weight_initializer = initializer};
    Model saved{Sequential{conv, Flatten{}, dense}, Shape{5, 4, 2}, Rng{1}};
    Model loaded = load_model_bytes(save_bytes(saved)).model;
    CHECK(option(loaded, 0, "weight_initializer") == initializer.text());
    CHECK(option(loaded, 0, "bias_initializer") == R"({"name":"Fill","value":"3"})");
    saved.reset_parameters(Rng{2});
    loaded.reset_parameters(Rng{2});
    CHECK(numbers(saved.parameters().tensor<4>("0.weight")) == numbers(loaded.parameters().tensor<4>("0.weight")));
    CHECK(numbers(saved.parameters().tensor<1>("0.bias")) == std::vector<float>{3, 3});
    CHECK(numbers(saved.parameters().tensor<2>("2.weight")) == numbers(loaded.parameters().tensor<2>("2.weight")));
  }
  CHECK(all[6].text() == R"({"name":"VarianceScaling","scale":"0.3333333333333333","fan":"fan_out","distribution":"uniform"})");
  CHECK(all[9].text() == R"({"name":"Orthogonal","gain":"1.4142135623730951"})");
}

TEST_CASE("loading draws nothing by the file's initializers, whose work would be lost") {
  const auto file = edited(small_file(), [&](detail::SafeTensors& it) {
    std::string& network = it.metadata["lamina.architecture"];
    network.replace(network.find("\"Zeros\""), 7, R"({"gain":"1","name":"Orthogonal"})");
  });
  auto loaded = load_model_bytes(file).model;  // biases cannot be drawn so
  CHECK(refusal<OptionError>([&] { loaded.reset_parameters(Rng{1}); }).starts_with("layer 0: Orthogonal: expects a matrix"));
}

TEST_CASE("an initializer in a file that cannot be read is refused") {
  const auto why_initializer = [](const std::string& text) {
    const std::string all = why(of_layers(R"({"name":"0","type":"Conv","weight_initializer":)" + text + "}"));
    const std::string start = cannot + "layer 0: Conv: weight_initializer: ";
    return all.starts_with(start) ? all.substr(start.size()) : all;
  };
  CHECK(why_initializer(R"({"name":"Mine","gain":"1"})") == "\"Mine\" is no initializer of this version");
  CHECK(why_initializer(R"({"name":"Orthogonal","gain":"nan"})") == "Orthogonal: expects a gain above 0 and below 1e30 but got nan");
  CHECK(why_initializer(R"({"name":"Orthogonal","scale":"1"})") == R"(Orthogonal: expects "gain" but got "scale")");
  CHECK(why_initializer(R"({"name":"Orthogonal"})") == R"(Orthogonal: expects "gain" but got "")");
  CHECK(why_initializer("{}") == R"(an initializer has no "name")");
  CHECK(why_initializer(R"({"name":"Zeros","":"5"})") == "an initializer has a number without a name");
  CHECK(why_initializer(R"({"name":"Orthogonal","gain":"2","fan":"fan_in"})") == R"(Orthogonal: expects no "fan" and no "distribution")");
  CHECK(why_initializer(R"({"name":"Zeros","value":"1"})") == R"(Zeros: expects "" but got "value")");
  CHECK(why_initializer(R"({"name":"VarianceScaling","scale":"1","fan":"fan_both"})") == "\"fan_both\" is no fan of this version");
  CHECK(why_initializer(R"({"name":"VarianceScaling","scale":"1","distribution":"cauchy"})") ==
        "\"cauchy\" is no distribution of this version");
  CHECK(why_initializer(R"({"name":"Fill","value":"x"})") == "expects a number but got \"x\"");
}

TEST_CASE("the number of an initializer that is a part of a layer's type is the file's") {
  Drawing given;
  given.numbered.deviation = 0.25;
  CHECK(rebuilt<Drawing>(save_bytes(of_one(given))).numbered.deviation == 0.25);
  CHECK(why_instead<Drawing>(R"({"name":"TruncatedNormal","deviation":"0.5"})", R"({"name":"Orthogonal","gain":"0.5"})") ==
        cannot + "layer 0: Drawing: numbered: expects \"TruncatedNormal\", which is the layer's own, but got \"Orthogonal\"");
}

TEST_CASE("a normalisation's first scale is saved if it is not 1, and read again") {
  const Sequential network{BatchNorm{.initial_scale = 0}, GroupNorm{.groups = 1, .initial_scale = 0.5}, Flatten{},
                           LayerNorm{.initial_scale = -2}, Dense{.units = 2}};
  Model loaded = load_model_bytes(save_bytes(Model{network, Shape{3, 3, 2}, Rng{1}})).model;
  loaded.reset_parameters(Rng{1});
  CHECK(loaded.parameters().tensor<1>("0.weight")(1) == 0);
  CHECK(loaded.parameters().tensor<1>("1.weight")(1) == 0.5F);
  CHECK(loaded.parameters().tensor<1>("3.weight")(1) == -2);
  const Model usual{Sequential{BatchNorm{}, LayerNorm{}, Flatten{}}, Shape{3, 3, 2}, Rng{1}};
  CHECK(detail::parse_safetensors(save_bytes(usual)).metadata.at("lamina.architecture").find("initial_scale") == std::string::npos);
}

TEST_CASE("a file whose numbers were changed fails its own test") {
  auto file = small_file();
  CHECK(refusal<DataError>([&] { load_model_bytes(file); }) == "nothing was refused");
  file[file.size() - 1] ^= std::byte{0x40};  // the last bias
  const std::string text = refusal<DataError>([&] { load_model_bytes(file); });
  CHECK(text.find(cannot + "fails its self-test: output ") == 0);

  const auto other = edited(small_file(), [](detail::SafeTensors& it) {
    std::string& network = it.metadata["lamina.architecture"];
    network.replace(network.find("Flatten\"}"), 9, "Flatten\"},{\"name\":\"9\",\"type\":\"Tanh\"}");
  });
  CHECK(refusal<DataError>([&] { load_model_bytes(other); }).find(cannot + "fails its self-test: output ") == 0);
}

TEST_CASE("the self-test has a tolerance, and numbers that are not finite are equal to themselves") {
  using detail::compare_outputs;
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  const auto differ = [](std::vector<double> a, std::vector<double> b) {
    return refusal<DataError>([&] { compare_outputs(a, b); }) != "nothing was refused";
  };
  CHECK(!differ({0, nan, infinity}, {0.9e-4, nan, infinity}));
  CHECK(differ({0}, {1.1e-4}));
  CHECK(!differ({0, 100}, {0.9e-2, 100}));
  CHECK(differ({infinity}, {-infinity}));
  CHECK(differ({nan}, {0}));
  CHECK(differ({0}, {nan}));
  CHECK(differ({0}, {0, 0}));
}

TEST_CASE("a file that does not describe its layers is refused with the way out") {
  const auto file = edited(small_file(), [](detail::SafeTensors& it) { it.metadata.erase("lamina.architecture"); });
  CHECK(refusal<DataError>([&] { load_model_bytes(file); }) ==
        "does not describe its layers; build a model of the same layers and load the file into it");
}

TEST_CASE("a file whose samples are neither images nor rows is refused") {
  const auto file = edited(small_file(), [](detail::SafeTensors& it) {
    std::string& network = it.metadata["lamina.architecture"];
    network.replace(network.find("[4,4,1]"), 7, "[4,4]");
  });
  CHECK(refusal<DataError>([&] { load_model_bytes(file); }) ==
        cannot + "its samples are [4,4], of 2 axes; a network takes images, of 3, or rows, of 1");
}

TEST_CASE("metadata that is not of the model is refused, when it is saved and when it is read") {
  const Model model{Sequential{Flatten{}, Dense{.units = 3}}, Shape{4, 4, 2}, Rng{1}};
  CHECK(refusal<OptionError>([&] { save_bytes(model, {.class_names = {"a", "b"}}); }) ==
        "metadata: expects 3 class names, one for each output, but got 2");
  CHECK(refusal<OptionError>([&] {
          save_bytes(model, {.normalisation = {.mean = {1, 2, 3}}});
        }).find("of the 2 channels") != std::string::npos);
  CHECK_NOTHROW(save_bytes(Model{Dense{.units = 1}, Shape{3}, Rng{}}, {.class_names = {"no", "yes"}}));
  const auto file = edited(save_bytes(model), [](detail::SafeTensors& it) { it.metadata["lamina.class_names"] = R"(["a","b"])"; });
  CHECK(refusal<DataError>([&] { load_model_bytes(file); }) ==
        cannot + "metadata: expects 3 class names, one for each output, but got 2");
}

TEST_CASE("architectures that cannot be are refused, and the text says where") {
  CHECK(why("").find(cannot + "expects { at byte 0") == 0);
  CHECK(why("{}") == cannot + "its samples are [], of 0 axes; a network takes images, of 3, or rows, of 1");
  CHECK(why(R"({"sample":[4,4,1]})") == cannot + "Network: expects at least one layer");
  CHECK(why(R"({"sample":[4,4,1],"layers":[],"more":1})") == cannot + "\"more\" is unknown to this version");
  CHECK(why(R"({"sample":[1,1,1,1,1,1,1,1,1]})") == cannot + "expects samples of at most 8 axes");
  CHECK(why(of_layers(R"({"type":"ReLU","name":"0"})")) ==
        cannot + "layer 0: expects a name and a type before the options");
  CHECK(why(of_layers(R"({"name":"0"})")) == cannot + "layer 0: expects a name and a type");
  CHECK(why(of_layers(R"({"name":"0","type":"Sequential","layers":[]})")).find("layer 0: \"Sequential\" is not a layer of") !=
        std::string::npos);
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","filters":"six"})")).find("layer 0: Conv: filters: expects an integer at") !=
        std::string::npos);
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","filters":-6})")) ==
        cannot + "layer 0: Conv: expects filters of at least 1 but got -6");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","filters":6.5})")).find("Conv: filters: expects an integer at") !=
        std::string::npos);
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","filters":9223372036854775808})")) ==
        cannot + "layer 0: Conv: filters: expects at most 9223372036854775807 but got 9223372036854775808");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","kernel":[3]})")) ==
        cannot + "layer 0: Conv: kernel: expects a height and a width but got 1 numbers");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","kernel":[3,3,3]})")) ==
        cannot + "layer 0: Conv: kernel: expects a height and a width but got more numbers");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","depth":2})")) ==
        cannot + "layer 0: Conv: \"depth\" is no option of this version");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","padding":"Valid"})")) ==
        cannot + "layer 0: Conv: padding: expects numbers or \"Same\" but got \"Valid\"");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","padding":[1,2,3]})")) ==
        cannot + "layer 0: Conv: padding: expects two or four numbers but got 3");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","padding":[1,2,3,4,5]})")) ==
        cannot + "layer 0: Conv: padding: expects two or four numbers but got more");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","filters":2,"filters":2})")) ==
        cannot + "layer 0: \"filters\" stands twice in one object");
  CHECK(why(of_layers(R"({"name":"0","type":"Conv","weight_initializer":"Mine"})")) ==
        cannot + "layer 0: Conv: weight_initializer: \"Mine\" is no initializer of this version");
  CHECK(why(of_layers(R"({"name":"0","type":"Dropout","rate":"1"})")) ==
        cannot + "Dropout: expects a rate of at least 0 and below 1 but got 1");
  CHECK(why(of_layers(R"({"name":"0","type":"Dropout","rate":"x"})")) ==
        cannot + "layer 0: Dropout: rate: expects a number but got \"x\"");
  CHECK(why(of_layers(R"({"name":"0","type":"Dense","units":2})")).find(cannot + "layer 0: Dense: expects rows (N, F)") == 0);
  CHECK(why(of_layers(R"({"name":"0","type":"ReLU"})")).find(cannot + "Network: expects to end in rows (N, K)") == 0);
}

TEST_CASE("layers and tensors that do not belong together are refused by name") {
  CHECK(why(of_layers(R"({"name":"1","type":"Flatten"},{"name":"2","type":"Dense","units":2})"))
            .find(cannot + "is not a file of this model; unexpected: 0.weight, 0.bias; 2.weight expects F32 (2, 16) "
                           "but got F32 (2, 8); "
                           "its tensors are not those of the layers that it describes") == 0);
}

TEST_CASE("an architecture that would take more than the limits allow is refused before memory is taken") {
  const std::string flatten = R"({"name":"1","type":"Flatten"})";
  const auto conv = [&](const std::string& options) {
    return of_layers(R"({"name":"0","type":"Conv")" + options + "}," + flatten);
  };
  const std::string numbers = "computes more numbers for one sample than the limits allow";
  CHECK(why(conv(R"(,"filters":4000000000)")) == cannot + "layer 0: Conv: " + numbers);
  CHECK(why(conv(R"(,"filters":4000000000000000000)")).find(cannot + "layer 0: Conv: ") == 0);
  CHECK(why(conv(R"(,"filters":4000000)")) == cannot + "layer 0: Conv: has more parameters than are left in the file");
  CHECK(why(conv(R"(,"padding":[1073741824,1073741824])")) == cannot + "layer 0: Conv: " + numbers);
  CHECK(why(conv(R"(,"padding":[536870912,536870912],"stride":[536870912,536870912])")) == cannot + "layer 0: Conv: " + numbers);
  CHECK(why(conv(R"(,"padding":[9223372036854775807,0])")).find("expects a kernel, a stride and a padding of at most") !=
        std::string::npos);
  CHECK(why(conv(R"(,"kernel":[4000,4000],"padding":[3000,3000])"), {.numbers = Index{1} << 40}) ==
        cannot + "layer 0: Conv: takes more multiply-adds for one sample than the limits allow");
  const auto transposed = [&](const std::string& options) {
    return of_layers(R"({"name":"0","type":"ConvTranspose")" + options + "}," + flatten);
  };
  CHECK(why(transposed(R"(,"filters":500000)")) == cannot + "layer 0: ConvTranspose: has more parameters than are left in the file");
  CHECK(why(transposed(R"(,"stride":[100000,100000])")) == cannot + "layer 0: ConvTranspose: " + numbers);
  // A small image, but of a large one whose border is cut off.
  CHECK(why(transposed(R"(,"stride":[100000,100000],"padding":[100000,100000])")) == cannot + "layer 0: ConvTranspose: " + numbers);
  CHECK(why(transposed(R"(,"kernel":[30000,30000],"padding":[14999,14999])"), {.numbers = Index{1} << 40}) ==
        cannot + "layer 0: ConvTranspose: has more parameters than are left in the file");
  CHECK(why(transposed(R"(,"output_padding":[1,0])")).find("layer 0: ConvTranspose: expects an output_padding of at least 0") != std::string::npos);
  CHECK(why(of_layers(flatten + R"(,{"name":"2","type":"Dense","units":67108000})")) ==
        cannot + "layer 1: Dense: has more parameters than are left in the file");
  CHECK(why(R"({"sample":[3000,3000,1],"layers":[{"name":"0","type":"MaxPool","window":[1500,1500],"stride":[1,1]},)" + flatten +
            "]}") == cannot + "layer 0: MaxPool: takes more multiply-adds for one sample than the limits allow");
  CHECK(why(R"({"sample":[1073741824,1073741824,1],"layers":[{"name":"0","type":"ReLU"},)" + flatten + "]}").find(cannot) == 0);
  CHECK(why(R"({"sample":[9000000000000000000,9000000000000000000,9],"layers":[)" + flatten + "]}").find(cannot) == 0);
  CHECK(why(R"({"sample":[0,4,1],"layers":[)" + flatten + "]}").find(cannot + "Model: expects samples of extents") == 0);

  std::string many = flatten;
  for (int i = 0; i < 1000; ++i) many += R"(,{"name":"x","type":"ReLU"})";
  CHECK(why(of_layers(many)) == cannot + "expects at most 1000 layers; there are more");
  CHECK(why(of_layers(many), {.layers = 10}) == cannot + "expects at most 10 layers; there are more");

  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "[";
  CHECK(why(R"({"sample":)" + deep).find(cannot + "expects an unsigned integer") == 0);
}

TEST_CASE("a file of another version says so when it is refused") {
  const auto file = edited(small_file(), [](detail::SafeTensors& it) {
    it.metadata["lamina"] = "9.1.0";
    it.metadata["lamina.architecture"] = of_layers(R"({"name":"0","type":"Mamba"})");
  });
  const std::string text = refusal<DataError>([&] { load_model_bytes(file); });
  CHECK(text.substr(text.size() - 26) == " (written by lamina 9.1.0)");
}

TEST_CASE("a self-test that is damaged is refused") {
  const auto refused = [](const std::string& test) {
    const auto file = edited(small_file(), [&](detail::SafeTensors& it) { it.metadata["lamina.self_test"] = test; });
    return refusal<DataError>([&] { load_model_bytes(file); });
  };
  CHECK(refused("{}") == cannot + "its self-test has 0 outputs but the model that it describes gives 2");
  CHECK(refused(R"({"seed":1,"output":[1]})").find(cannot + "expects a string") == 0);
  CHECK(refused(R"({"seed":1,"other":1})").find("\"other\", which this version does not know") != std::string::npos);
  std::string many = "\"0\"";
  for (int i = 0; i < 1000; ++i) many += ",\"0\"";
  CHECK(refused(R"({"seed":1,"output":[)" + many + "]}") == cannot + "its self-test has too many outputs");
}

TEST_CASE("a small model file cut at any byte is refused") {
  const auto file = small_file();
  for (std::size_t size = 0; size < file.size(); ++size)
    CHECK(refusal<DataError>([&] { load_model_bytes(std::span(file).first(size)); }) != "nothing was refused");
}
