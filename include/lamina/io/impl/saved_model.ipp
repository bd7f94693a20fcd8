#pragma once

#include "../saved_model.hpp"

#include <utility>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Metadata read_metadata(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  Metadata metadata;
  detail::for_file(path, [&] { metadata = detail::read_metadata(detail::parse_safetensors(bytes).metadata); });
  return metadata;
}

template <typename T>
[[gnu::cold]] LoadResult detail::load_named(BasicModel<T>& model, std::span<const std::byte> bytes,
                                            const LoadOptions& options, const Naming& naming) {
  const detail::SafeTensors file = detail::parse_safetensors(bytes);
  const auto stored = stored_tensors(model, naming);
  auto [missing, unexpected, other_shapes] = match_tensors(
      file, stored, options, options.strict || options.skip_other_shapes ? load_remedy : loose_load_remedy);
  LoadResult result{read_metadata(file.metadata), std::move(missing), std::move(unexpected), std::move(other_shapes)};
  if (options.strict && result.other_shapes.empty()) check_read_card(result, model);
  detail::ModelParameters<T> p = std::as_const(model).parameters();  // a copy, because memory may run out
  detail::TensorViews<T> places;
  p.find(places);
  read_tensors(file, bytes, stored, places);
  const OutputMeaning meaning = meaning_in(file.metadata, model, result);
  model.parameters() = std::move(p);
  model.set_meaning(meaning);
  take_class_names(model, result.other_shapes.empty() ? result.class_names : std::vector<std::string>());
  return result;
}

template <typename T>
[[gnu::cold]] std::vector<std::byte> save_bytes(const BasicModel<T>& model, const Metadata& metadata) {
  std::map<std::string, std::string> entries{{"format", "pt"}};
  detail::check_own_metadata(metadata, model);
  detail::write_metadata(metadata, entries);
  std::vector<detail::LayerText> layers;
  const auto stored = detail::stored_tensors(model, {}, &layers);
  const auto sample = model.sample_extents();
  entries["lamina.architecture"] = detail::architecture_text({sample.begin(), sample.end()}, model.inputs(), layers);
  entries["lamina.self_test"] = detail::self_test_text(model);
  entries["lamina.outputs"] = detail::meaning_text(model.meaning());
  detail::TensorViews<T> places;
  model.parameters().find(places);
  return detail::tensors_bytes(stored, places, std::move(entries));
}

}  // namespace lamina
