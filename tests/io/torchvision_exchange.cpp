// torchvision's networks, with random weights and running statistics, as torch.onnx.export writes them just now
// (tests/io/torchvision_exchange.py), predict what PyTorch predicts. Where there is no torchvision, this is skipped.
#include <iostream>
#include <lamina/io/load_onnx.hpp>
#include <lamina/io/onnx.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "other_program.hpp"
#include "read_floats.hpp"

using namespace lamina;

TEST_CASE("torchvision's networks predict what PyTorch predicts, read from ONNX and exported again") {
  const Scratch scratch("torchvision-exchange");
  for (const std::string name : {"resnet18", "densenet121", "mobilenet_v3_small", "efficientnet_b0", "googlenet", "shufflenet_v2_x1_0"}) {
    if (!runs_python("torchvision_exchange.py", "'" + scratch.path.string() + "' " + name + " 96")) {
      std::cout << "skipped: io/torchvision_exchange: python3 has no torch and torchvision (python3-torchvision)" << std::endl;
      return;
    }
    const auto path = scratch.path / (name + ".onnx");
    const Model model = load_onnx(path).model;
    const double apart = difference_of<3>(model, path, 0);
    std::cout << name << ": " << model.layers().size() << " layers, largest difference of a logit, relative to the largest: " << apart << '\n';
    CHECK(apart <= 1e-4);
    CHECK(difference_of<3>(load_onnx_bytes(onnx_bytes(model)).model, path, 0) <= 1e-4);
  }
}
