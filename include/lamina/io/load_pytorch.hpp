#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "saved_model.hpp"

namespace LAMINA_NAMESPACE {

/// The options of load_pytorch. `strict` and `skip_other_shapes` are those of LoadOptions.
///
///   load_pytorch(model, "net.safetensors", {.names = {"stem.conv", "stem.norm", "head"}});
struct PyTorchOptions {
  std::vector<std::string> names{};  // the module of each layer that has parameters, in the order of the layers
  bool strict = true;
  bool skip_other_shapes = false;
};

namespace detail {

/// Returns the name of the module in a file whose tensors belong to each of a model's layers; these have the paths
/// `paths` and the tensors `stored`. The name is, in this order:
///
///   1. that of `names`, if there are some;
///   2. the layer's own, if the model has layers with names, or the file has all of the model's tensors;
///   3. that of the module in the same place of the order, among those with the same tensors of the same shapes.
///
/// The order is the file's, as a state dict has it. A file that is sorted by name has lost it; then names that differ
/// in numbers alone are ordered by these, conv2 before conv10. "module." or "_orig_mod.", which PyTorch's wrappers put before
/// every name, is added to the layers' own names. Throws DataError for others, OptionError for another
/// number of names than layers.
std::vector<std::string> pytorch_modules(const SafeTensors& file, const std::vector<StoredTensor>& stored,
                                         std::vector<std::string> paths, const std::vector<std::string>& names);

/// Throws DataError for what torch.save wrote.
void refuse_torch_save(std::span<const std::byte> bytes);

}  // namespace detail

/// Loads the parameters of a model from the bytes of a safetensors file with a state dict of PyTorch: F32, F64, F16 or
/// BF16 in PyTorch's layouts. The running statistics of a BatchNorm are loaded, too; num_batches_tracked is ignored.
/// Modules belong to layers by name if the network has names, as resnet18 has, or the file has exactly the model's
/// names; otherwise by their order, see detail::pytorch_modules, or as options.names says. Throws DataError for a
/// damaged file, for tensors of other shapes or types, for those that are missing or left over, and if the order is not
/// clear. Throws OptionError for a wrong number of names. After an error nothing has changed.
template <typename T>
LoadResult load_pytorch_bytes(BasicModel<T>& model, std::span<const std::byte> bytes,
                              const PyTorchOptions& options = {}) {
  detail::refuse_torch_save(bytes);
  std::vector<std::string> paths;
  for (const auto& layer : model.layers()) paths.push_back(layer.path);
  const auto modules = detail::pytorch_modules(
      detail::parse_safetensors(bytes), detail::stored_tensors(std::as_const(model)), std::move(paths), options.names);
  return detail::load_named(model, bytes, {.strict = options.strict, .skip_other_shapes = options.skip_other_shapes},
                            {.places = &modules});
}

/// Loads the parameters of a model from a file, as load_pytorch_bytes. Throws DataError, which names the file.
///
///   Model model{resnet18(1000), Shape{224, 224, 3}, Rng{1}};
///   load_pytorch(model, "resnet18.safetensors");
template <typename T>
LoadResult load_pytorch(BasicModel<T>& model, const std::filesystem::path& path, const PyTorchOptions& options = {}) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  return detail::for_file(path, [&] { return load_pytorch_bytes(model, bytes, options); });
}

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/load_pytorch.ipp"
#endif
