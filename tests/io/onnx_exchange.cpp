// Exported ONNX files are checked by Debian's python3-onnx and computed by the operators' definitions
// (tests/io/onnx_exchange.py), and run by ONNX Runtime where node finds it (tests/io/onnx_exchange.cjs): in
// node_modules of the folder LAMINA_ONNXRUNTIME, or among node's own. What is not there is skipped.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <lamina/io/onnx.hpp>
#include <lamina/layers/identity.hpp>
#include <lamina/models/add.hpp>
#include <lamina/models/concat.hpp>
#include <lamina/models/mul.hpp>
#include <lamina/models/residual.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../lenet.hpp"
#include "exchanged_networks.hpp"
#include "other_program.hpp"

using namespace lamina;

namespace {

/// A file of floats in ONNX's order, images (N, C, H, W).
template <typename T, int Rank>
void write_floats(const std::filesystem::path& path, const Tensor<T, Rank>& tensor) {
  std::vector<float> floats;
  const auto extents = shape(tensor);
  const Index N = extents[0], C = Rank == 4 ? extents[Rank - 1] : 1, pixels = tensor.size() / (N * C);
  for (Index n = 0; n < N; ++n)
    for (Index c = 0; c < C; ++c)
      for (Index i = 0; i < pixels; ++i) floats.push_back(static_cast<float>(tensor.data()[(n * pixels + i) * C + c]));
  write_file(path, std::as_bytes(std::span(floats)));
}

/// NAME.onnx, samples NAME.input, a sample's extents in ONNX's order NAME.sample and what lamina makes of them, NAME.output.
struct Exported {
  std::filesystem::path folder;
  int count = 0;

  template <int In = 4, int Out = 2, typename T>
  void add(const BasicModel<T>& model) {
    if (model.sample_extents().size() + 1 != In) return add<2>(model);
    const auto path = folder / ("network-" + std::to_string(count++));
    const auto at = [&](const char* epilogue) { return std::filesystem::path(path).concat(epilogue); };
    Tensor<T, In> x;
    reshape(x, model.template input_shape<In>(5));
    Rng rng{2};
    for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(rng.normal());
    export_onnx(model, at(".onnx"));
    write_floats(at(".input"), x);
    const auto own = model.sample_extents();
    std::vector<Index> extents(own.begin(), own.end());
    if (extents.size() == 3) std::rotate(extents.begin(), extents.end() - 1, extents.end());
    std::ofstream sample(at(".sample"));
    for (std::size_t i = 0; i < extents.size(); ++i) sample << (i == 0 ? "[" : ",") << extents[i];
    sample << "]";
    write_floats(at(".output"), model.template output<Out>(x));
  }
};

}  // namespace

TEST_CASE(
    "ONNX's checker takes every exported network, and its operators and ONNX Runtime predict what lamina predicts") {
  const Scratch scratch("onnx-exchange");
  Exported exported{scratch.path};
  give_networks([&](const auto& model) { exported.add(model); }, 200);
  exported.add(Model{lenet, Shape{28, 28, 1}, Rng{1}});
  exported.add(Model{Dense{.units = 3}, Shape{5}, Rng{1}});
  exported.add(Model{Network{Dense{.units = 5}, Dropout{}, Flatten{}, Dense{.units = 2}}, Shape{6}, Rng{1}});
  exported.add<4, 4>(Model{Sequential{Conv{.filters = 3}, Sequential{Tanh{}}, AvgPool{}}, Shape{6, 9, 2}, Rng{1}});
  exported.add(Model{Sequential{Conv{.filters = 3}, Flatten{}, ReLU{}}, Shape{6, 5, 2}, Rng{1}});
  exported.add(Model{Network{Flatten{}, Dropout{}, Softmax{}}, Shape{2, 3, 4}, Rng{1}});
  exported.add(
      Model{Sequential{Concat{Conv{.filters = 2, .kernel = 1}, Identity{}},
                       Mul{Identity{}, Sequential{GlobalAveragePool{}, Conv{.filters = 5, .kernel = 1}, Sigmoid{}}},
                       Residual{Conv{.filters = 8, .padding = 1}, Subsample{.stride = 1, .channels = 8}}, Flatten{},
                       Add{Dense{.units = 4}, Dense{.units = 4}, Dense{.units = 4}}},
            Shape{6, 5, 3}, Rng{1}});

  const std::string tests = LAMINA_TESTS_DIR, folder = "'" + scratch.path.string() + "'";
  const bool checked = runs_python("onnx_exchange.py", folder);
  const bool run = runs("node '" + tests + "/io/onnx_exchange.cjs' " + folder);
  // Only when all else is well: such a line hides what went wrong.
  if (!checked) std::cout << "skipped: io/onnx_exchange: python3 has no onnx and numpy (python3-onnx)" << std::endl;
  if (!run)
    std::cout
        << "skipped: io/onnx_exchange: node or ONNX Runtime was not found (npm install onnxruntime-node in a folder, "
           "and LAMINA_ONNXRUNTIME=<folder>)"
        << std::endl;
}
