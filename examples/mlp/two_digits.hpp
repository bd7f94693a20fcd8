#pragma once

// Several labels at once: pictures with two digits on them, and how well a network names both.

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/metrics.hpp>
#include <lamina/terminal.hpp>

namespace examples {

/// Pictures (28, 56, 1) of two digits side by side, as many as there are digits: each digit stands once on the left and once
/// on the right, its neighbours drawn from rng. What is to be learned of a picture is a row of ten numbers: 1 for each
/// digit that is on it, two of them or, where both are the same, one.
inline lamina::Dataset<3> two_digits(const lamina::Dataset<3>& digits, const lamina::Rng& rng) {
  using lamina::Index;
  const Index N = digits.size(), side = 28, K = digits.classes();
  const auto left = lamina::epoch_order(N, rng.split(0)), right = lamina::epoch_order(N, rng.split(1));
  lamina::Tensor<std::uint8_t, 4> pictures(N, side, 2 * side, Index{1});
  lamina::Tensor<float, 2> answers(N, K);
  answers.setZero();
  std::uint8_t* place = pictures.data();
  for (Index n = 0; n < N; ++n) {
    const Index pair[] = {left[static_cast<std::size_t>(n)], right[static_cast<std::size_t>(n)]};
    for (const Index digit : pair) answers(n, digits.labels()[static_cast<std::size_t>(digit)]) = 1;
    for (Index row = 0; row < side; ++row)
      for (const Index digit : pair) place = std::copy_n(digits.bytes().data() + (digit * side + row) * side, side, place);
  }
  return {std::move(pictures), std::move(answers), {.class_names = digits.class_names()}};
}

/// How well logits (N, K) answer N · K questions: is this label on that picture? Yes from 0 on, which is a probability of a half.
class LabelScores {
 public:
  LabelScores(const lamina::Dataset<3>& data, const lamina::Tensor<float, 2>& logits)
      : found_(static_cast<std::size_t>(data.classes())),
        precision_(lamina::average_precision(data.targets(), logits)) {
    const auto [N, K] = lamina::shape(logits);
    lamina::Index right = 0, whole = 0, on = 0;
    for (lamina::Index n = 0; n < N; ++n) {
      lamina::Index right_here = 0;
      for (lamina::Index k = 0; k < K; ++k) {
        const bool wanted = data.targets()(n, k) == 1, said = logits(n, k) >= 0;
        Counts& counts = found_[static_cast<std::size_t>(k)];
        counts.wanted += wanted;
        counts.said += said;
        counts.both += wanted && said;
        right_here += wanted == said;
        on += wanted;
      }
      right += right_here;
      whole += right_here == K;
    }
    labels_right = share(right, N * K);
    pictures_right = share(whole, N);
    silent = 1 - share(on, N * K);
    for (std::size_t k = 0; k < found_.size(); ++k) found_[k].name = data.class_name(static_cast<lamina::Index>(k));
  }

  double labels_right = 0;    // share of the questions
  double pictures_right = 0;  // share of the pictures of which every question was answered right
  double silent = 0;          // labels_right of one who always says no

  friend std::ostream& operator<<(std::ostream& out, const LabelScores& scores) {
    using lamina::align_right, lamina::format_fixed;
    double mean = 0;
    out << "  label  precision  recall      F1  average precision  pictures\n";
    const auto line = [&](const std::string& name, const auto&... cells) {
      out << align_right(name, 7), ((out << cells), ...), out << '\n';
    };
    for (std::size_t k = 0; k < scores.found_.size(); ++k) {
      const auto& [name, wanted, said, both] = scores.found_[k];
      mean += share(2 * both, wanted + said) / static_cast<double>(scores.found_.size());
      line(name, cell(share(both, said), 11), cell(share(both, wanted), 8), cell(share(2 * both, wanted + said), 8),
           cell(scores.precision_.classes[k], 19), align_right(lamina::format_count(wanted), 10));
    }
    line("mean", std::string(19, ' '), cell(mean, 8), cell(scores.precision_.macro, 19));
    return out;
  }

 private:
  struct Counts {
    std::string name{};
    lamina::Index wanted = 0, said = 0, both = 0;
  };

  static double share(lamina::Index part, lamina::Index whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  }
  static std::string cell(double value, lamina::Index width) { return lamina::align_right(lamina::format_fixed(value, 3), width); }

  std::vector<Counts> found_;
  lamina::PerClass precision_;
};

/// "3 and 7", the labels of one row that are at least `least`; "nothing" where none is.
inline std::string named_labels(const lamina::Dataset<3>& data, const float* row, float least) {
  std::vector<std::string> names;
  for (lamina::Index k = 0; k < data.classes(); ++k)
    if (row[k] >= least) names.push_back(data.class_name(k));
  std::string text = names.empty() ? "nothing" : names.front();
  for (std::size_t i = 1; i < names.size(); ++i) text.append(i + 1 < names.size() ? ", " : " and ").append(names[i]);
  return text;
}

/// The first picture that was named wholly right and the first two that were not.
inline void show_pictures(std::ostream& out, const lamina::Dataset<3>& data, const lamina::Tensor<float, 2>& logits,
                          const lamina::Terminal& terminal) {
  const lamina::Index K = data.classes();
  std::vector<lamina::TextPicture> pictures;
  for (const bool right : {true, false}) {
    std::size_t left = right ? 1 : 2;
    for (lamina::Index n = 0; n < data.size() && left > 0; ++n) {
      const std::string is = named_labels(data, data.targets().data() + n * K, 0.5f);
      const std::string said = named_labels(data, logits.data() + n * K, 0.0f);
      if ((is == said) != right) continue;
      pictures.push_back(lamina::text_picture(data.at(n), terminal, "is " + is + ", taken for " + said));
      --left;
    }
  }
  out << lamina::side_by_side(pictures, terminal);
}

}  // namespace examples
