// State dicts of PyTorch: a model takes all of a file or nothing, and the same again.

#include <lamina/io/load_pytorch.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

std::vector<std::byte> numbers_of(const Model& model) {
  std::vector<std::byte> all;
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    model.parameters()[i].visit([&](const auto& tensor) {
      const auto bytes = std::as_bytes(std::span(tensor.data(), static_cast<std::size_t>(tensor.size())));
      all.insert(all.end(), bytes.begin(), bytes.end());
    });
  return all;
}

void load(Model model, std::span<const std::byte> file, const PyTorchOptions& options) {
  const std::vector<std::byte> before = numbers_of(model);
  try {
    load_pytorch_bytes(model, file, options);
  } catch (const DataError&) {
    fuzz::require(numbers_of(model) == before, "a refused file has changed the model");
    throw;
  }
  const std::vector<std::byte> loaded = numbers_of(model);
  load_pytorch_bytes(model, file, options);
  fuzz::require(numbers_of(model) == loaded, "a file is not read again the same");
}

const Sequential plain{Conv{.filters = 2, .kernel = 2, .bias = false}, BatchNorm{}, Flatten{}, Dense{.units = 2}};

Network named() {
  Network network;
  network.push_back(Conv{.filters = 2, .kernel = 2, .bias = false}, "conv");
  network.push_back(BatchNorm{}, "bn");
  network.push_back(Flatten{}, "flatten");
  network.push_back(Dense{.units = 2}, "fc");
  return network;
}

/// The first byte chooses the network and the options.
void read(std::span<const std::byte> file) {
  if (file.empty()) throw DataError("is empty");
  static const Model by_order{plain, Shape{3, 3, 1}, Rng{1}}, by_name{named(), Shape{3, 3, 1}, Rng{1}};
  const unsigned choice = std::to_integer<unsigned>(file[0]);
  PyTorchOptions options{.strict = (choice & 2) == 0, .skip_other_shapes = (choice & 4) != 0};
  if (choice & 8) options.names = {"a", "b", "c"};
  load(choice & 1 ? by_name : by_order, file.subspan(1), options);
}

fuzz::Bytes file_of(unsigned choice, std::string_view conv, std::string_view norm, std::string_view dense) {
  std::string header = "{";
  int end = 0;
  const auto add = [&](std::string_view module, std::string_view name, std::string_view shape, int size) {
    header += str_cat(header.size() > 1 ? "," : "", "\"", module, ".", name, "\":{\"dtype\":\"F32\",\"shape\":[", shape,
                      "],\"data_offsets\":[", end, ",", end + 4 * size, "]}");
    end += 4 * size;
  };
  add(conv, "weight", "2,1,2,2", 8);
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) add(norm, name, "2", 2);
  add(dense, "weight", "2,8", 16);
  add(dense, "bias", "2", 2);
  header += "}";
  fuzz::Bytes file{static_cast<std::byte>(choice)};
  for (int i = 0; i < 8; ++i) file.push_back(static_cast<std::byte>(std::uint64_t{header.size()} >> 8 * i & 0xFF));
  for (const char c : header) file.push_back(static_cast<std::byte>(c));
  file.resize(file.size() + static_cast<std::size_t>(end), std::byte{63});
  return file;
}

std::vector<fuzz::Bytes> seeds() {
  return {file_of(0, "conv1", "bn1", "fc"), file_of(1, "conv", "bn", "fc"), file_of(1, "module.conv", "module.bn", "module.fc"),
          file_of(8, "a", "b", "c"), file_of(6, "0", "1", "4")};
}

const fuzz::Known known({"pytorch", read, [](std::size_t size) { return 128 * size + (std::size_t{1} << 17); }, seeds});

}  // namespace
