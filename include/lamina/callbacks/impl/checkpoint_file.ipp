#pragma once

#include "../checkpoint_file.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "../../core/checksum.hpp"
#include "../../core/tensor.hpp"
#include "../../data/batches.hpp"
#include "../../io/format_safetensors.hpp"
#include "../../io/json_reader.hpp"
#include "../../io/safetensors.hpp"
#include "../../training/checkpoint.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC CheckpointTexts CheckpointTexts::read(const std::map<std::string, std::string>& metadata) {
  const auto find = [&](const char* key) {
    const auto found = metadata.find(key);
    if (found == metadata.end())
      throw DataError(str_cat("is not a checkpoint: its metadata has no \"", key, "\""));
    return found->second;
  };
  if (const std::string found = find(kind); found != this_kind)
    throw DataError(str_cat("is a checkpoint in format \"", JsonReader::printable(found),
                            "\", but this version of lamina reads format ", this_kind));
  return {find("lamina.run.position"), find("lamina.run.settings"), find("lamina.run.digest")};
}

LAMINA_FUNC std::string digest_of(const Checkpoint& run, const CheckpointTexts& texts) {
  Checksum checksum;
  checksum.add(texts.position).add(texts.settings);
  std::vector<const Checkpoint::Part*> parts;  // sorted by name, because tensors without numbers have no order in a file
  for (const Checkpoint::Part& part : run.parts) parts.push_back(&part);
  std::sort(parts.begin(), parts.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  for (const Checkpoint::Part* part : parts)
    checksum.add(part->name).add(part->dtype).add(std::as_bytes(std::span(part->shape))).add(part->numbers);
  return checksum.text();
}

LAMINA_FUNC std::string position_text(const RunPosition& at) {
  return str_cat("{\"epoch\":", std::to_string(at.epoch), ",\"epochs\":", std::to_string(at.epochs),
                 ",\"batch\":", std::to_string(at.batch), ",\"batches\":", std::to_string(at.batches),
                 ",\"steps\":", std::to_string(at.steps), ",\"finished\":", at.finished ? 1 : 0, "}");
}

LAMINA_FUNC RunPosition read_position(const std::string& text) {
  std::map<std::string, std::uint64_t> numbers;
  JsonReader json(text);
  json.object([&](const std::string& key) { numbers[key] = json.number(); });
  json.end();
  const auto take = [&](const char* key, std::uint64_t most) {
    const auto found = numbers.find(key);
    if (found == numbers.end() || found->second > most) throw DataError(str_cat("has no valid ", key));
    return found->second;
  };
  const auto count = [&](const char* key) {
    return static_cast<Index>(take(key, static_cast<std::uint64_t>((std::numeric_limits<Index>::max)())));
  };
  if (numbers.size() != 6) throw DataError("has a position with members that are unknown");
  return {.epoch = count("epoch"), .epochs = count("epochs"), .batch = count("batch"), .batches = count("batches"),
          .steps = take("steps", (std::numeric_limits<std::uint64_t>::max)()), .finished = take("finished", 1) == 1};
}

LAMINA_FUNC std::string settings_text(const std::vector<RunSetting>& settings) {
  std::string list = "[";
  for (const auto& [name, value] : settings)
    list.append(list.size() > 1 ? "," : "").append(json_string(name)).append(",").append(json_string(value));
  return list + "]";
}

LAMINA_FUNC std::vector<RunSetting> read_settings(const std::string& text) {
  std::vector<RunSetting> settings;
  bool is_name = true;
  JsonReader json(text);
  json.array([&] {
    if (is_name)
      settings.push_back({json.string(), {}});
    else
      settings.back().value = json.string();
    is_name = !is_name;
  });
  json.end();
  if (!is_name) throw DataError("has a setting without a value");
  const auto steers = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };  // could control a terminal
  for (const auto& [name, value] : settings)
    if (std::any_of(name.begin(), name.end(), steers) || std::any_of(value.begin(), value.end(), steers))
      throw DataError("has a setting with control characters");
  return settings;
}

LAMINA_FUNC void reorder(std::span<std::byte> numbers, std::size_t size) {
  if constexpr (std::endian::native == std::endian::big)
    for (; !numbers.empty(); numbers = numbers.subspan(size)) std::reverse(numbers.data(), numbers.data() + size);
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<std::byte> checkpoint_bytes(const Checkpoint& run) {
  detail::CheckpointTexts texts{detail::position_text(run.position), detail::settings_text(run.settings), {}};
  texts.checksum = detail::digest_of(run, texts);
  SafeTensors file;
  texts.write(file.metadata);
  std::uint64_t end = 0;
  for (const auto& part : run.parts) {
    file.entries.push_back({part.name, part.dtype, part.shape, end, end + part.numbers.size()});
    end += part.numbers.size();
  }
  const std::string header = format_safetensors_header(file);
  std::vector<std::byte> bytes(header.size() + end);
  std::copy_n(reinterpret_cast<const std::byte*>(header.data()), header.size(), bytes.data());
  std::byte* place = bytes.data() + header.size();
  for (const auto& part : run.parts) {
    std::copy(part.numbers.begin(), part.numbers.end(), place);
    detail::reorder({place, part.numbers.size()}, SafeTensors::bits(part.dtype) / 8);
    place += part.numbers.size();
  }
  return bytes;
}

LAMINA_FUNC Checkpoint read_checkpoint(std::vector<std::byte> file, const CheckpointLimits& limits) {
  if (file.size() > limits.max_bytes)
    throw DataError(str_cat("has ", file.size(), " bytes, more than the ", limits.max_bytes, " allowed"));
  const SafeTensors tensors = parse_safetensors(file);
  const auto texts = detail::CheckpointTexts::read(tensors.metadata);
  Checkpoint run;
  run.position = detail::read_position(texts.position);
  run.settings = detail::read_settings(texts.settings);
  run.file = std::move(file);
  for (const auto& entry : tensors.entries) {
    if (entry.dtype != "F32" && entry.dtype != "F64" && entry.dtype != "I64")
      throw DataError(str_cat(JsonReader::printable(entry.name), ": expects F32, F64 or I64 but got ", entry.dtype));
    const auto numbers = std::span(run.file).subspan(tensors.numbers + static_cast<std::size_t>(entry.begin),
                                                     static_cast<std::size_t>(entry.end - entry.begin));
    detail::reorder(numbers, SafeTensors::bits(entry.dtype) / 8);
    run.parts.push_back({entry.name, entry.dtype, entry.shape, numbers});
  }
  if (detail::digest_of(run, texts) != texts.checksum)
    throw DataError("is damaged: its numbers are not those that were written");
  return run;
}

}  // namespace lamina::detail
