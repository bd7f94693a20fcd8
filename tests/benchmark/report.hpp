#pragma once

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "../../include/lamina/core/text.hpp"
#include "../../include/lamina/kernels/instruction_sets.hpp"
#include "peak.hpp"

namespace bench {

using namespace lamina;

/// What was measured: one step, call or pass over a batch.
struct Row {
  std::string workload, mode;
  Index batch_size, threads;
  double seconds;
  double multiply_adds;  // as the definitions count them, whatever the algorithm does
};

/// Prints rows as they come: a table for people, or one JSON object a line.
class Report {
 public:
  explicit Report(bool json) : json_(json), instruction_set_(kernels::best<float>().key) {}

  void add(const Row& row) {
    const double flops = 2 * row.multiply_adds / row.seconds;
    const double share = flops / peak(row.threads);
    const double images = static_cast<double>(row.batch_size) / row.seconds;
    if (json_)
      return print_json(row, images, flops, share);
    if (!headed_) print_head();
    std::cout << align_left(row.workload, 14) << align_left(row.mode, 24)
              << align_right(std::to_string(row.batch_size), 6) << align_right(std::to_string(row.threads), 8) << "  "
              << align_left(instruction_set_, 9) << align_right(format_fixed(row.seconds * 1e6, row.seconds < 1e-4 ? 2 : 0), 11)
              << align_right(format_count(static_cast<Index>(images)), 12)
              << align_right(format_fixed(flops * 1e-9, 1), 8) << align_right(format_fixed(share * 100, 0), 6) << " %"
              << std::endl;
  }

  /// A remark for people.
  void say(const std::string& text) {
    if (!json_) std::cout << text << std::endl;
  }
  /// A number that is no row: {"workload": …, name: value}.
  void add(const std::string& workload, const std::string& name, double value, const std::string& text) {
    if (json_)
      std::cout << R"({"workload": ")" << workload << R"(", "isa": ")" << instruction_set_ << R"(", ")" << name << R"(": )"
                << format_fixed(value, 4) << "}" << std::endl;
    else
      std::cout << align_left(workload, 14) << text << std::endl;
  }

 private:
  double peak(Index threads) {
    double& known = peaks_[threads];
    if (known == 0) known = peak::measure(instruction_set_, threads);
    return known;
  }

  void print_head() {
    headed_ = true;
    std::cout << "Peak of multiply-adds in registers: " << format_fixed(peak(1) * 1e-9, 1)
              << " GFLOPS on one thread, instruction set " << instruction_set_
              << ".\nOperations are those of the definitions, two for a multiply-add; Winograd's algorithm needs "
                 "fewer, and may pass 100 %.\n\n"
              << align_left("workload", 14) << align_left("mode", 24) << align_right("batch", 6)
              << align_right("threads", 8) << "  " << align_left("isa", 9) << align_right("us", 11)
              << align_right("images/s", 12) << align_right("GFLOPS", 8) << align_right("peak", 8) << std::endl;
  }

  /// Returns the most memory that this program had so far, in MB; 0 where the system does not tell.
  static double peak_megabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    return 0;
  }

  void print_json(const Row& row, double images, double flops, double share) const {
    std::cout << R"({"workload": ")" << row.workload << R"(", "mode": ")" << row.mode << R"(", "batch_size": )"
              << row.batch_size << R"(, "threads": )" << row.threads << R"(, "isa": ")" << instruction_set_
              << R"(", "images_per_second": )" << format_fixed(images, 1) << R"(, "microseconds": )"
              << format_fixed(row.seconds * 1e6, 3) << R"(, "gflops": )" << format_fixed(flops * 1e-9, 2)
              << R"(, "peak_share": )" << format_fixed(share, 4) << R"(, "peak_megabytes": )"
              << format_fixed(peak_megabytes(), 0) << "}" << std::endl;
  }

  bool json_;
  bool headed_ = false;
  std::string instruction_set_;
  std::map<Index, double> peaks_;  // operations a second, by threads
};

}  // namespace bench
