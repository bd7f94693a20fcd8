#include <lamina/models/architectures.hpp>

#include <lamina/io/load_model.hpp>
#include <lamina/models/model.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/summary.hpp>

#include <set>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

TEST_CASE("the networks of papers have the parameters, and the multiply-adds, that are known of them") {
  const Summary resnet = summary(Model{resnet18(1000), Shape{224, 224, 3}, Rng{1}});
  CHECK(resnet.parameters == 11'689'512);
  CHECK(resnet.measured == 9'600);
  CHECK(resnet.multiply_adds == 1'814'073'344);
  const Summary mobile = summary(Model{mobilenet_v2(1000), Shape{224, 224, 3}, Rng{1}});
  CHECK(mobile.parameters == 3'504'872);
  CHECK(mobile.measured == 34'112);
  CHECK(mobile.multiply_adds == 300'774'272);
  const Summary small = summary(Model{resnet20(10), Shape{32, 32, 3}, Rng{1}});
  CHECK(small.parameters == 269'722);
  CHECK(small.multiply_adds == 40'551'040);
}

TEST_CASE("the networks of papers take images of other sizes, and end in a row for each class") {
  for (const Network& network : {resnet18(7), mobilenet_v2(7)})
    for (const Shape in : {Shape{2, 32, 32, 3}, Shape{1, 97, 130, 1}}) CHECK(network.output_shape(in) == Shape{in[0], 7});
  CHECK(resnet20(5).output_shape(Shape{3, 33, 31, 1}) == Shape{3, 5});
  const std::string refused = refusal<ShapeError>([] { resnet20(0).output_shape(Shape{1, 32, 32, 3}); });
  CHECK(refused == "layer 72: Dense: expects units of at least 1 but got 0");
}

TEST_CASE("their layers have the names of PyTorch's modules, in a file, too") {
  const Model model{resnet20(10), Shape{32, 32, 3}, Rng{1}};
  const auto names = model.parameters().names();
  const std::set<std::string> all(names.begin(), names.end());
  for (const char* name : {"conv1.weight", "bn1.running_var", "layer2.0.conv1.weight", "layer3.2.bn2.bias", "linear.weight"}) CHECK(all.count(name) == 1);
  CHECK(all.size() == names.size());
  const Model loaded = load_model_bytes(save_bytes(model)).model;
  CHECK(std::ranges::equal(loaded.parameters().names(), names));
  CHECK(loaded.layers()[7].path == model.layers()[7].path);
  const auto x = drawn<float>(Shape{2, 32, 32, 3}, Rng{2});
  CHECK(same_bits(loaded(x), model(x)));

  const Model shortcuts{resnet18(10), Shape{32, 32, 3}, Rng{1}};
  CHECK(shortcuts.parameters().tensor<4>("layer2.0.downsample.0.weight").size() == 64 * 128);
  CHECK(Model{mobilenet_v2(10), Shape{32, 32, 3}, Rng{1}}.parameters().tensor<1>("features.2.conv.1.1.running_mean").size() == 96);
}
