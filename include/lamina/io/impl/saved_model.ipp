#pragma once

#include "../saved_model.hpp"

#include <utility>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ModelCard read_model_card(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  ModelCard card;
  detail::for_file(path, [&] { card = detail::read_card(parse_safetensors(bytes).metadata); });
  return card;
}

template <typename T>
[[gnu::cold]] LoadResult detail::load_named(BasicModel<T>& model, std::span<const std::byte> bytes,
                                            const LoadOptions& options, const Naming& naming) {
  const SafeTensors file = parse_safetensors(bytes);
  const auto stored = stored_tensors(model, naming);
  auto [missing, unexpected, other_shapes] = match_tensors(
      file, stored, options, options.strict || options.skip_other_shapes ? load_remedy : loose_load_remedy);
  LoadResult result{read_card(file.metadata), std::move(missing), std::move(unexpected), std::move(other_shapes)};
  if (options.strict && result.other_shapes.empty()) check_read_card(result, model);
  ModelParameters<T> p = std::as_const(model).parameters();  // a copy, because memory may run out
  Places<T> places;
  p.find(places);
  read_tensors(file, bytes, stored, places);
  const OutputMeaning meaning = meaning_in(file.metadata, model, result);
  model.parameters() = std::move(p);
  model.set_meaning(meaning);
  take_class_names(model, result.other_shapes.empty() ? result.class_names : std::vector<std::string>());
  return result;
}

template <typename T>
[[gnu::cold]] std::vector<std::byte> save_bytes(const BasicModel<T>& model, const ModelCard& card) {
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  detail::check_own_card(card, model);
  detail::write_card(card, metadata);
  std::vector<detail::LayerText> layers;
  const auto stored = detail::stored_tensors(model, {}, &layers);
  const auto sample = model.sample_extents();
  metadata["lamina.architecture"] = detail::architecture_text({sample.begin(), sample.end()}, model.inputs(), layers);
  metadata["lamina.self_test"] = detail::self_test_text(model);
  metadata["lamina.outputs"] = detail::meaning_text(model.meaning());
  Places<T> places;
  model.parameters().find(places);
  return detail::tensors_bytes(stored, places, std::move(metadata));
}

}  // namespace lamina
