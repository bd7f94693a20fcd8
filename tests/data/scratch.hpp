#pragma once

#include <filesystem>
#include <string>

/// A folder of a test's own, gone afterwards.
struct Scratch {
  std::filesystem::path path;

  explicit Scratch(const std::string& name) : path(std::filesystem::temp_directory_path() / ("lamina-test-" + name)) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Scratch() {
    std::error_code trouble;
    std::filesystem::remove_all(path, trouble);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};
