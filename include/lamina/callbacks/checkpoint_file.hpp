#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/version.hpp"
#include "../training/carry_run.hpp"
#include "../training/run_checksums.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The limits of a file with a checkpoint.
struct CheckpointLimits {
  std::uint64_t max_bytes = std::uint64_t{64} << 30;
};

/// The texts of a checkpoint besides its numbers; digest is a check value of these texts and the numbers.
struct CheckpointTexts {
  std::string position, settings, checksum;

  static constexpr const char* kind = "lamina.run";
  static constexpr const char* this_kind = "1";

  void write(std::map<std::string, std::string>& metadata) const {
    metadata = {{"lamina", std::string(library_version)}, {kind, this_kind}, {"lamina.run.position", position},
                {"lamina.run.settings", settings}, {"lamina.run.digest", checksum}};
  }

  /// Reads the texts. Throws DataError for a file of another kind.
  static CheckpointTexts read(const std::map<std::string, std::string>& metadata);
};

std::string digest_of(const Checkpoint& run, const CheckpointTexts& texts);

std::string position_text(const RunPosition& at);

RunPosition read_position(const std::string& text);

/// Returns settings as a JSON list of names and values in turn.
std::string settings_text(const std::vector<RunSetting>& settings);

std::vector<RunSetting> read_settings(const std::string& text);

/// Converts numbers between this machine's byte order and the file's, which is little-endian.
void reorder(std::span<std::byte> numbers, std::size_t size);

/// Returns the bytes of a safetensors file with a checkpoint: its parts as tensors with their names, position and settings
/// as JSON in the metadata, and a check value of everything. Tensors have the layouts of memory, not PyTorch's.
std::vector<std::byte> checkpoint_bytes(const Checkpoint& run);

/// Returns the run in the bytes of such a file. Throws DataError unless everything is as checkpoint_bytes wrote it.
Checkpoint read_checkpoint(std::vector<std::byte> file, const CheckpointLimits& limits = {});

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checkpoint_file.ipp"
#endif
