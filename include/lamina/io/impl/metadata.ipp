#pragma once

#include "../metadata.hpp"

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
      throw DataError(str_cat("has a member \"", JsonReader::printable(key), "\" that is unknown"));
    (key == "mean" ? normalisation.mean : normalisation.deviation) = read_numbers(json);
  });
  json.end();
  return normalisation;
}

/// Checks the normalisation of any number of targets.
LAMINA_FUNC void check_any_targets(const Normalisation& normalisation) {
  const auto K = (std::max)({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  check_target_normalisation("metadata", normalisation, static_cast<Index>(K));
}

LAMINA_FUNC void check_normalisation(const Normalisation& normalisation) {
  const std::size_t channels = (std::max)({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  affine(normalisation, static_cast<Index>(channels), 1);
}

LAMINA_FUNC void check_metadata(const Metadata& metadata, Index channels, Index outputs) {
  const Index names = static_cast<Index>(metadata.class_names.size());
  if (names != 0 && names != outputs && !(names == 2 && outputs == 1))
    throw OptionError(str_cat("metadata: expects ", outputs, " class names, one for each output, but got ", names));
  affine(metadata.normalisation, channels, 1);
  check_target_normalisation("metadata", metadata.target_normalisation, outputs);
}

LAMINA_FUNC void write_metadata(const Metadata& metadata, std::map<std::string, std::string>& entries) {
  entries["lamina"] = std::string(library_version);
  const auto write = [&](const char* key, const Normalisation& normalisation) {
    if (normalisation.mean != Normalisation{}.mean || normalisation.deviation != Normalisation{}.deviation)
      entries[key] = json_normalisation(normalisation);
  };
  check_normalisation(metadata.normalisation);
  check_any_targets(metadata.target_normalisation);
  write("lamina.normalisation", metadata.normalisation);
  write("lamina.target_normalisation", metadata.target_normalisation);
  if (!metadata.class_names.empty()) entries["lamina.class_names"] = json_strings(metadata.class_names);
}

LAMINA_FUNC Metadata read_metadata(const std::map<std::string, std::string>& entries) {
  Metadata metadata;
  if (const auto found = entries.find("lamina"); found != entries.end()) metadata.version = found->second;
  try {
    if (const auto found = entries.find("lamina.class_names"); found != entries.end()) {
      JsonReader json(found->second);
      json.array([&] { metadata.class_names.push_back(json.string()); });
      json.end();
    }
    if (const auto found = entries.find("lamina.normalisation"); found != entries.end()) {
      metadata.normalisation = read_normalisation(found->second);
      check_normalisation(metadata.normalisation);
    }
    if (const auto found = entries.find("lamina.target_normalisation"); found != entries.end()) {
      metadata.target_normalisation = read_normalisation(found->second);
      check_any_targets(metadata.target_normalisation);
    }
  } catch (const std::exception& error) {
    throw DataError(str_cat("its metadata is damaged: ", error.what()));
  }
  return metadata;
}

LAMINA_FUNC OutputMeaning read_meaning(const std::map<std::string, std::string>& entries, bool ends_in_probabilities,
                                       Index outputs, Metadata& metadata) {
  const auto found = entries.find("lamina.outputs");
  if (found == entries.end()) {
    if (!ends_in_probabilities && outputs == 1 && metadata.class_names.size() == 2)
      metadata.warnings.push_back(
          "the file does not say what its single output means: it is taken for a score of one class; if it is a logit that "
          "tells two classes apart, call set_meaning(OutputMeaning::sigmoid)");
    return ends_in_probabilities ? OutputMeaning::probabilities : OutputMeaning::softmax;
  }
  const auto name = std::find(std::begin(meaning_names), std::end(meaning_names), found->second);
  if (name == std::end(meaning_names))
    throw DataError(str_cat("its outputs are \"", JsonReader::printable(found->second),
                            "\", which this version does not know; it knows softmax, sigmoid, probabilities and values"));
  const auto meaning = static_cast<OutputMeaning>(name - std::begin(meaning_names));
  if (ends_in_probabilities && (meaning == OutputMeaning::softmax || meaning == OutputMeaning::sigmoid))
    throw DataError(str_cat("its outputs are said to be logits, ", found->second, ", but its network ends in probabilities"));
  return meaning;
}

}  // namespace lamina::detail
