#pragma once

#include "../html_report.hpp"

#include <span>

#include "../../core/version.hpp"
#include "../../core/write_file.hpp"
#include "../report_sections.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Index> spread(Index many, Index size) {
  std::vector<Index> samples(static_cast<std::size_t>(std::clamp<Index>(many, 0, size)));
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<Index>(i) * size / std::ssize(samples);
  return samples;
}

LAMINA_FUNC void write_page(const std::filesystem::path& path, const ReportFacts& facts) {
  const std::string below =
      str_cat("Written by lamina ", library_version, ", ", date_and_time(std::chrono::system_clock::now()), ".");
  const std::string text = report_text(facts, below);
  write_file(path, std::as_bytes(std::span(text)));
}

}  // namespace lamina::detail
