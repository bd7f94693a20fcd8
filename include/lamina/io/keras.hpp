#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "saved_model.hpp"

namespace LAMINA_NAMESPACE {

// These functions use Keras's layouts in safetensors files, because Keras's own files are HDF5 archives. A convolution's
// kernel is (height, width, in, out), a dense layer's (in, out). Images are (N, H, W, C) as here, so that rows after a
// Flatten keep their order. The n-th layer with weights has "n.kernel" and "n.bias". Layers without weights are not
// counted, because an activation is often part of another layer in Keras. README.md shows the code on Keras's side.

/// Returns the bytes of a file with a model's parameters in Keras's layouts, and its metadata. Throws as save_bytes does.
template <typename T>
std::vector<std::byte> keras_bytes(const BasicModel<T>& model, const Metadata& metadata = {}) {
  std::map<std::string, std::string> entries;
  detail::check_own_metadata(metadata, model);
  detail::write_metadata(metadata, entries);
  entries["lamina.outputs"] = detail::meaning_text(model.meaning());
  detail::TensorViews<T> places;
  model.parameters().find(places);
  return detail::tensors_bytes(detail::stored_tensors(model, {.convention = detail::WeightLayout::keras}), places, std::move(entries));
}

/// Loads a model's parameters from the bytes of such a file. Behaves and throws as load_bytes does.
template <typename T>
LoadResult load_keras_bytes(BasicModel<T>& model, std::span<const std::byte> bytes, const LoadOptions& options = {}) {
  return detail::load_named(model, bytes, options, {.convention = detail::WeightLayout::keras});
}

/// Writes a model's parameters in Keras's layouts. The file is written completely or not at all. Throws as `save` does.
///
///   export_keras(model, "for-keras.safetensors");
template <typename T>
void export_keras(const BasicModel<T>& model, const std::filesystem::path& path, const Metadata& metadata = {}) {
  write_file(path, detail::for_file(path, [&] { return keras_bytes(model, metadata); }));
}

/// Loads a model's parameters from such a file. It is strict by default, as `load` is; after an error nothing has changed.
///
///   import_keras(model, "from-keras.safetensors");
template <typename T>
LoadResult import_keras(BasicModel<T>& model, const std::filesystem::path& path, const LoadOptions& options = {}) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  return detail::for_file(path, [&] { return load_keras_bytes(model, bytes, options); });
}

}  // namespace lamina
