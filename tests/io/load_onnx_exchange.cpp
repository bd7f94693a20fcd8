// ONNX files that torch.onnx.export and python3-onnx wrote just now (tests/io/load_onnx_exchange.py) are loaded, and
// predict what PyTorch predicts. Where there is no PyTorch or no onnx, this is skipped.
#include <fstream>
#include <iostream>
#include <lamina/io/load_onnx.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "other_program.hpp"
#include "read_floats.hpp"

using namespace lamina;

TEST_CASE(
    "networks that PyTorch and python3-onnx write predict what PyTorch predicts, or are refused with every reason") {
  const Scratch scratch("load-onnx-exchange");
  if (!runs_python("load_onnx_exchange.py", "'" + scratch.path.string() + "'")) {
    std::cout << "skipped: io/load_onnx_exchange: python3 has no torch, onnx and numpy (python3-torch, python3-onnx)"
              << std::endl;
    return;
  }
  std::size_t loaded = 0, refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path)) {
    if (entry.path().extension() != ".onnx") continue;
    INFO(entry.path().filename());
    if (auto reasons = std::ifstream(std::filesystem::path(entry.path()).replace_extension(".refused"))) {
      const std::string text = refusal<DataError>([&] { load_onnx(entry.path()); });
      INFO(text);
      for (std::string reason; std::getline(reasons, reason);) CHECK(text.find(reason) != std::string::npos);
      ++refused;
    } else {
      const auto bytes = detail::read_file(entry.path());
      const bool rows = detail::read_onnx_model(bytes).sample.size() == 1;
      const auto model = load_onnx(entry.path()).model;
      CHECK((rows ? difference_of<1>(model, entry.path(), 1) : difference_of<3>(model, entry.path(), 1)) <= 1e-5);
      ++loaded;
    }
  }
  CHECK(loaded == 77);
  CHECK(refused == 2);
}
