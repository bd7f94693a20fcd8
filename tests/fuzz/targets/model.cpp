// Saved models with their cards: a file is loaded wholly or changes nothing, and what was loaded is saved and loaded the same.

#include <cstring>

#include <lamina/io/saved_model.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/models/sequential.hpp>

#include "../../io/parameter_bytes.hpp"
#include "../target.hpp"

namespace {

using namespace lamina;

constexpr Sequential layers{Conv{.filters = 2, .kernel = 2}, ReLU{}, Flatten{}, Dense{.units = 3}};
template <typename T>
BasicModel<T> small(std::uint64_t seed) {
  return {layers, Shape{3, 4, 1}, Rng{seed}};
}

template <typename T>
void load_as(std::span<const std::byte> file) {
  static const BasicModel<T> before = small<T>(1);
  BasicModel<T> model = before;
  Metadata metadata;
  try {
    metadata = load_bytes(model, file);
  } catch (const DataError&) {
    fuzz::require(parameter_bytes(model) == parameter_bytes(before), "a file that was refused has changed the model");
    throw;
  }
  BasicModel<T> again = before;
  const Metadata same = load_bytes(again, save_bytes(model, metadata));
  fuzz::require(parameter_bytes(again) == parameter_bytes(model), "a model is not loaded again the same");
  fuzz::require(same.class_names == metadata.class_names && same.normalisation.mean == metadata.normalisation.mean &&
                    same.normalisation.deviation == metadata.normalisation.deviation,
                "metadata is not read again the same");
}

void read(std::span<const std::byte> file) {
  fuzz::read_in_any_way([&] { load_as<float>(file); }, [&] { load_as<double>(file); },
                        [&] { detail::read_metadata(detail::parse_safetensors(file).metadata); });
}

std::vector<fuzz::Bytes> seeds() {
  const Metadata metadata{.normalisation = {{0.25}, {2}}, .class_names = {"cat", "d\"og\n", "\xC3\xA9"}};
  return {save_bytes(small<float>(2)), save_bytes(small<float>(3), metadata), save_bytes(small<double>(4), metadata)};
}

const fuzz::Known known({"model", read, [](std::size_t size) { return 64 * size + (std::size_t{1} << 16); }, seeds});

}  // namespace
