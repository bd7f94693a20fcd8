#pragma once

#include "../model_card.hpp"

#include <algorithm>

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

LAMINA_FUNC void check_normalisation(const Normalisation& normalisation) {
  const std::size_t channels = std::max({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  affine(normalisation, static_cast<Index>(channels), 1);
}

LAMINA_FUNC void check_card(const ModelCard& card, Index channels, Index outputs) {
  const Index names = static_cast<Index>(card.class_names.size());
  if (names != 0 && names != outputs && !(names == 2 && outputs == 1))
    throw OptionError(message("model card: expects ", outputs, " class names, one for each output, but got ", names));
  affine(card.normalisation, channels, 1);
}

LAMINA_FUNC void write_card(const ModelCard& card, std::map<std::string, std::string>& metadata) {
  metadata["lamina"] = std::string(library_version);
  const auto& [mean, deviation] = card.normalisation;
  check_normalisation(card.normalisation);
  if (mean != Normalisation{}.mean || deviation != Normalisation{}.deviation)
    metadata["lamina.normalisation"] = "{\"mean\":" + json_strings(number_texts(mean)) +
                                       ",\"deviation\":" + json_strings(number_texts(deviation)) + "}";
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
      JsonReader json(found->second);
      json.object([&](const std::string& key) {
        if (key != "mean" && key != "deviation")
          throw DataError(message("has a member \"", JsonReader::printable(key), "\" that is unknown"));
        (key == "mean" ? card.normalisation.mean : card.normalisation.deviation) = read_numbers(json);
      });
      json.end();
      check_normalisation(card.normalisation);
    }
  } catch (const std::exception& error) {
    throw DataError(message("its model card is damaged: ", error.what()));
  }
  return card;
}

}  // namespace lamina::detail
