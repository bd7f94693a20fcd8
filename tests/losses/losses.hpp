#pragma once

// What the losses' tests share.

#include <lamina/testing/gradient_check.hpp>

#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using Labels = std::vector<std::int32_t>;
using Rows = lamina::Tensor<double, 2>;

/// Rows of probabilities well inside (0, 1), each summing to 1.
inline Rows probabilities(lamina::Index N, lamina::Index K, lamina::Rng rng) {
  Rows p(N, K);
  for (lamina::Index n = 0; n < N; ++n) {
    double sum = 0;
    for (lamina::Index k = 0; k < K; ++k) sum += p(n, k) = rng.uniform(0.3, 1.0);
    for (lamina::Index k = 0; k < K; ++k) p(n, k) /= sum;
  }
  return p;
}

inline Rows one_hot_rows(const Labels& labels, lamina::Index K) {
  Rows rows(std::ssize(labels), K);
  rows.setZero();
  for (lamina::Index n = 0; n < std::ssize(labels); ++n) rows(n, labels[static_cast<std::size_t>(n)]) = 1;
  return rows;
}

/// Rows first … last of x.
inline Rows rows_of(const Rows& x, lamina::Index first, lamina::Index last) {
  return x.slice(Eigen::array<lamina::Index, 2>{first, 0},
                 Eigen::array<lamina::Index, 2>{last - first, x.dimension(1)});
}

/// What every loss promises, at outputs z (5, 4) that it takes. `share` is how far rows may be from probabilities.
template <lamina::Loss F>
void check_loss(const F& loss, const Rows& z) {
  using namespace lamina;
  const Labels labels{3, 0, 2, 2, 1};
  const Rows hot = one_hot_rows(labels, 4), soft = probabilities(5, 4, Rng{9});

  // The gradient is the value's derivative, for labels and for rows, alone and as a shard of a larger batch.
  for (const Index batch : {Index{5}, Index{17}}) {
    for (const TargetView<double>& y : {TargetView<double>(labels), TargetView<double>(hot), TargetView<double>(soft)}) {
      const auto report = check_loss_gradient(loss, z, y, batch);
      INFO(report);
      CHECK(report.passed());
      CHECK(report.checked == 20);
    }
  }

  // Labels are their one-hot rows.
  Rows by_label, by_row;
  const double value = loss(z, labels, 5, by_label);
  CHECK(loss(z, hot, 5, by_row) == value);
  CHECK(same_bits(by_label, by_row));

  // Two shards add up to the batch.
  const Labels head{3, 0}, tail{2, 2, 1};
  Rows first, second;
  const double sum = loss(rows_of(z, 0, 2), head, 5, first) + loss(rows_of(z, 2, 5), tail, 5, second);
  CHECK(sum == Approx(value).epsilon(1e-14));
  CHECK(same_bits(first, rows_of(by_label, 0, 2)));
  CHECK(same_bits(second, rows_of(by_label, 2, 5)));

  // The gradient is overwritten, whatever stood there, and so is its shape.
  Rows used(9, 9);
  used.setConstant(std::nan(""));
  CHECK(loss(z, labels, 5, used) == value);
  CHECK(same_bits(used, by_label));

  // Float agrees up to rounding.
  const Tensor<float, 2> z_float = z.cast<float>();
  Tensor<float, 2> dz_float;
  CHECK(loss(z_float, labels, 5, dz_float) == Approx(value).epsilon(1e-5));
  CHECK(distance(dz_float, by_label) < 1e-5 * largest(by_label));

  // TargetView that do not fit are refused.
  const std::string name(F::name);
  Rows dz;
  CHECK(refusal<ShapeError>([&] { loss(z, head, 5, dz); }) ==
        name + ": expects 5 labels, one per output row, but got 2");
  CHECK(refusal<ShapeError>([&] { loss(z, Rows(5, 3), 5, dz); }) ==
        name + ": expects target rows (5, 4), as many as outputs, but got (5, 3)");
  CHECK(refusal<ShapeError>([&] { loss(z, Rows(4, 4), 5, dz); }) ==
        name + ": expects target rows (5, 4), as many as outputs, but got (4, 4)");
  CHECK(refusal<DataError>([&] {
          loss(z, Labels{3, 0, 4, 2, 1}, 5, dz);
        }) ==
        name +
            ": label 4 of sample 2 is outside the 4 classes 0 … 3; give the last layer more units or mend the label");
  CHECK(refusal<DataError>([&] { loss(z, Labels{3, 1, 4, 2, 1}, 5, dz); }) ==
        name + ": label 4 of sample 2 is outside the 4 classes 0 … 3; where labels begin at 1, subtract 1 from each");
  CHECK(refusal<DataError>([&] {
          loss(z, Labels{3, 0, 0, 2, -1}, 5, dz);
        }) ==
        name +
            ": label -1 of sample 4 is outside the 4 classes 0 … 3; give the last layer more units or mend the label");
}
