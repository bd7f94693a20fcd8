#pragma once

#include "../model_card.hpp"

#include <algorithm>
#include <iterator>

#include "../../core/version.hpp"
#include "../format_safetensors.hpp"
#include "../number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string json_strings(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) list.append(list.size() > 1 ? "," : "").append(json_string(text));
  return list + "]";
}

LAMINA_FUNC std::vector<std::string> number_texts(const std::vector<double>& numbers) {
  std::vector<std::string> texts;
  for (const double number : numbers) texts.push_back(number_text(number));
  return texts;
}

LAMINA_FUNC std::vector<double> read_numbers(JsonReader& json) {
  std::vector<double> numbers;
  json.array([&] { numbers.push_back(read_number_text(json)); });
  return numbers;
}

LAMINA_FUNC std::string json_normalisation(const Normalisation& normalisation) {
  return "{\"mean\":" + json_strings(number_texts(normalisation.mean)) +
         ",\"deviation\":" + json_strings(number_texts(normalisation.deviation)) + "}";
}

LAMINA_FUNC Normalisation read_normalisation(const std::string& text) {
  Normalisation normalisation;
  JsonReader json(text);
  json.object([&](const std::string& key) {
    if (key != "mean" && key != "deviation")
      throw DataError(message("has a member \"", JsonReader::printable(key), "\" that is unknown"));
    (key == "mean" ? normalisation.mean : normalisation.deviation) = read_numbers(json);
  });
  json.end();
  return normalisation;
}

/// Checks the normalisation of any number of targets.
LAMINA_FUNC void check_any_targets(const Normalisation& normalisation) {
  const auto K = (std::max)({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  check_target_normalisation("model card", normalisation, static_cast<Index>(K));
}

LAMINA_FUNC void check_normalisation(const Normalisation& normalisation) {
  const std::size_t channels = (std::max)({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  affine(normalisation, static_cast<Index>(channels), 1);
}

LAMINA_FUNC void check_card(const ModelCard& card, Index channels, Index outputs) {
  const Index names = static_cast<Index>(card.class_names.size());
  if (names != 0 && names != outputs && !(names == 2 && outputs == 1))
    throw OptionError(message("model card: expects ", outputs, " class names, one for each output, but got ", names));
  affine(card.normalisation, channels, 1);
  check_target_normalisation("model card", card.target_normalisation, outputs);
}

LAMINA_FUNC void write_card(const ModelCard& card, std::map<std::string, std::string>& metadata) {
  metadata["lamina"] = std::string(library_version);
  const auto write = [&](const char* key, const Normalisation& normalisation) {
    if (normalisation.mean != Normalisation{}.mean || normalisation.deviation != Normalisation{}.deviation)
      metadata[key] = json_normalisation(normalisation);
  };
  check_normalisation(card.normalisation);
  check_any_targets(card.target_normalisation);
  write("lamina.normalisation", card.normalisation);
  write("lamina.target_normalisation", card.target_normalisation);
  if (!card.class_names.empty()) metadata["lamina.class_names"] = json_strings(card.class_names);
}

LAMINA_FUNC ModelCard read_card(const std::map<std::string, std::string>& metadata) {
  ModelCard card;
  if (const auto found = metadata.find("lamina"); found != metadata.end()) card.version = found->second;
  try {
    if (const auto found = metadata.find("lamina.class_names"); found != metadata.end()) {
      JsonReader json(found->second);
      json.array([&] { card.class_names.push_back(json.string()); });
      json.end();
    }
    if (const auto found = metadata.find("lamina.normalisation"); found != metadata.end()) {
      card.normalisation = read_normalisation(found->second);
      check_normalisation(card.normalisation);
    }
    if (const auto found = metadata.find("lamina.target_normalisation"); found != metadata.end()) {
      card.target_normalisation = read_normalisation(found->second);
      check_any_targets(card.target_normalisation);
    }
  } catch (const std::exception& error) {
    throw DataError(message("its model card is damaged: ", error.what()));
  }
  return card;
}

LAMINA_FUNC OutputMeaning read_meaning(const std::map<std::string, std::string>& metadata, bool ends_in_probabilities,
                                       Index outputs, ModelCard& card) {
  const auto found = metadata.find("lamina.outputs");
  if (found == metadata.end()) {
    if (!ends_in_probabilities && outputs == 1 && card.class_names.size() == 2)
      card.warnings.push_back(
          "the file does not say what its single output means: it is taken for a score of one class; if it is a logit that "
          "tells two classes apart, call set_meaning(OutputMeaning::sigmoid)");
    return ends_in_probabilities ? OutputMeaning::probabilities : OutputMeaning::softmax;
  }
  const auto name = std::find(std::begin(meaning_names), std::end(meaning_names), found->second);
  if (name == std::end(meaning_names))
    throw DataError(message("its outputs are \"", JsonReader::printable(found->second),
                            "\", which this version does not know; it knows softmax, sigmoid, probabilities and values"));
  const auto meaning = static_cast<OutputMeaning>(name - std::begin(meaning_names));
  if (ends_in_probabilities && (meaning == OutputMeaning::softmax || meaning == OutputMeaning::sigmoid))
    throw DataError(message("its outputs are said to be logits, ", found->second, ", but its network ends in probabilities"));
  return meaning;
}

}  // namespace lamina::detail
