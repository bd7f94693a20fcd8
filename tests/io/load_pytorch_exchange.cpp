// State dicts that PyTorch drew just now (tests/io/load_pytorch_exchange.py) give in lamina's networks what PyTorch predicts. Where
// there is no torchvision, this is skipped.
#include <iostream>

#include <lamina/architectures.hpp>
#include <lamina/pytorch.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../refusal.hpp"
#include "other_program.hpp"
#include "read_floats.hpp"

using namespace lamina;

namespace {

/// The same layers without their names.
Network unnamed(const Network& network) {
  Network same;
  for (const auto& layer : network) std::visit([&](const auto& own) { same.push_back(own); }, layer);
  return same;
}

const Sequential lenet_like{Conv{.filters = 6, .kernel = 5, .padding = 2}, ReLU{}, MaxPool{.window = 2},
                            Conv{.filters = 6, .kernel = 3, .stride = 2, .dilation = 2, .groups = 2}, BatchNorm{}, ReLU{}, Flatten{},
                            Dense{.units = 12}, ReLU{}, Dense{.units = 12}, ReLU{}, Dense{.units = 5}};

// Without the Dropout, so that the places are not those of nn.Sequential.
const Sequential plain{Conv{.filters = 8, .padding = 1, .bias = false}, BatchNorm{}, ReLU6{},
                       Conv{.filters = 8, .padding = 1, .groups = 8}, BatchNorm{}, ReLU{}, MaxPool{.window = 2}, Flatten{},
                       Dense{.units = 10}, BatchNorm{}, ReLU{}, Dense{.units = 4}};

}  // namespace

TEST_CASE("state dicts of PyTorch give the outputs of PyTorch, and PyTorch reads them when they were saved again") {
  const Scratch scratch("load-pytorch-exchange");
  const std::string arguments = str_cat("'", scratch.path.string(), "' '", LAMINA_TESTS_DIR, "/../include/lamina/io/README.md'");
  if (!runs_python("load_pytorch_exchange.py", arguments)) {
    std::cout << "skipped: io/load_pytorch_exchange: python3 has no torch and torchvision (python3-torchvision)" << std::endl;
    return;
  }
  const auto check = [&](const std::string& name, Model model, const PyTorchOptions& options = {}) {
    const auto path = scratch.path / (name + ".safetensors");
    const LoadResult result = load_pytorch(model, path, options);
    const double apart = difference_of<3>(model, path, 0);
    std::cout << name << ": largest difference of an output, relative to the largest: " << apart << '\n';
    CHECK(apart <= 1e-4);
    CHECK(apart > 0);
    CHECK((result.missing.empty() && result.unexpected.empty()));
    CHECK(difference_of<3>(load_model_bytes(save_bytes(model)).model, path, 0) <= 1e-4);
    if (model.layers()[0].path != "0" && name.ends_with("-96")) save(model, scratch.path / (name + ".saved"));
  };
  for (const Index size : {96, 224}) {
    const Shape sample{size, size, 3};
    check(str_cat("resnet18-", size), Model{resnet18(1000), sample, Rng{1}});
    check(str_cat("mobilenet_v2-", size), Model{mobilenet_v2(1000), sample, Rng{1}});
  }
  const Shape small{96, 96, 3};
  check("resnet18-96", Model{unnamed(resnet18(1000)), small, Rng{1}});
  check("mobilenet_v2-96", Model{unnamed(mobilenet_v2(1000)), small, Rng{1}});
  Model guess{unnamed(resnet18(1000)), Shape{224, 224, 3}, Rng{1}};
  CHECK(refusal<DataError>([&] { load_pytorch(guess, scratch.path / "resnet18-224.safetensors"); }).find("does not tell the order of the modules bn1, layer1.0.bn1, ") != std::string::npos);

  check("module", Model{lenet_like, Shape{24, 20, 1}, Rng{1}});
  check("module-sorted", Model{lenet_like, Shape{24, 20, 1}, Rng{1}});
  check("module-sorted", Model{lenet_like, Shape{24, 20, 1}, Rng{1}}, {.names = {"conv1", "conv2", "norm", "fc1", "fc2", "fc3"}});
  for (const char* type : {"float32", "float16", "bfloat16"}) check(str_cat("sequential-", type), Model{plain, Shape{6, 8, 3}, Rng{1}});

  CHECK(std::filesystem::exists(scratch.path / "mobilenet_v2-96.saved"));
  CHECK(runs_python("load_pytorch_exchange.py", arguments));

  Model model{lenet_like, Shape{24, 20, 1}, Rng{1}};
  CHECK(refusal<DataError>([&] { load_pytorch(model, scratch.path / "module.pt"); }) ==
        (scratch.path / "module.pt").string() + ": expects a safetensors file but got one of torch.save; in Python, write "
        "safetensors.torch.save_file(net.state_dict(), \"net.safetensors\")");
}
