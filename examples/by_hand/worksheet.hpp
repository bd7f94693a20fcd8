#pragma once

// The tensors of the path as README.md shows them: a name and a shape, then the numbers in rows.

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <lamina/core/text.hpp>

#include "backward_pass.hpp"

namespace by_hand {

struct Worksheet {
  std::string name;
  std::vector<Index> extents;  // those above 1, or one of 1; none for a plain number
  std::vector<double> numbers;
};

/// A number with at most four digits behind the point and no zeros after the last: 0.6931, -3.75, 2.
inline std::string format(double number) {
  std::string text = format_fixed(number, 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

template <typename T, int Rank>
Worksheet worksheet(std::string name, const Tensor<T, Rank>& tensor) {
  Worksheet table{std::move(name), {}, {tensor.data(), tensor.data() + tensor.size()}};
  for (const Index extent : shape(tensor).extents)
    if (extent > 1) table.extents.push_back(extent);
  if (table.extents.empty()) table.extents.push_back(1);
  return table;
}

inline std::ostream& operator<<(std::ostream& out, const Worksheet& table) {
  out << table.name;
  for (std::size_t i = 0; i < table.extents.size(); ++i) out << (i == 0 ? " (" : ", ") << table.extents[i];
  out << (table.extents.empty() ? "\n" : ")\n");
  const std::size_t columns = table.extents.empty() ? 1 : static_cast<std::size_t>(table.extents.back());
  std::size_t width = 0;
  for (const double number : table.numbers) width = std::max(width, format(number).size());
  for (std::size_t i = 0; i < table.numbers.size(); ++i) {
    const std::string text = format(table.numbers[i]);
    out << std::string(2 + width - text.size(), ' ') << text << (i % columns + 1 == columns ? "\n" : "");
  }
  return out;
}

/// g·g, all gradients in one row.
inline double squared(const Parameters& dp) {
  double sum = 0;
  const auto add = [&](const auto& g) {
    for (Index i = 0; i < g.size(); ++i) sum += g.data()[i] * g.data()[i];
  };
  visit_parameters(add, dp.conv);
  visit_parameters(add, dp.dense);
  return sum;
}

/// What a 2×2 filter and the gradient of its 2×2 output give to an image of these windows.
inline std::vector<Worksheet> strides() {
  const auto input_gradient = [](Index stride, Index side, Conv::Parameters<double>& p, Image& dy) {
    const Conv slid{.filters = 1, .kernel = 2, .stride = stride};
    fill(p.weight, Shape{2, 2, 1, 1}, {1, 2, 3, 4});
    fill(p.bias, Shape{1}, {0});
    fill(dy, Shape{1, 2, 2, 1}, {1, 0, 0, -1});
    Image x(1, side, side, 1), y, dx;
    x.setZero();
    Conv::Workspace<Image> ws;
    Conv::Parameters<double> dp;
    slid.forward(p, x, ws, y);
    slid.backward(p, x, y, dy, ws, &dx, dp);
    return dx;
  };
  Conv::Parameters<double> p;
  Image dy;
  const Image right = input_gradient(2, 4, p, dy), wrong = input_gradient(1, 3, p, dy);
  return {worksheet("k", p.weight), worksheet("dy", dy), worksheet("dx, stride 2", right),
          worksheet("dx, stride forgotten", wrong)};
}

/// The loss where e^z would overflow.
inline double loss_of_large_logits() {
  Row z, dz;
  fill(z, Shape{1, 2}, {1000, 999});
  return SoftmaxCrossEntropy{}(z, label, 1, dz);
}

/// All numbers of the path, in its order.
inline std::vector<Worksheet> worksheets() {
  const Image x = image();
  Parameters p = parameters();
  Forward f = forward(p, x);
  const Gradients g = backward(p, x, f);
  const Parameters moved = step(p, g.dp);
  const Forward after = forward(moved, x);
  std::vector<Worksheet> all{
      worksheet("x", x),
      worksheet("w1", p.conv.weight), worksheet("b1", p.conv.bias),
      worksheet("w2", p.dense.weight), worksheet("b2", p.dense.bias),
      worksheet("z1", f.z1), worksheet("a1", f.a1), worksheet("m1", f.m1), worksheet("winner", f.pool.winner),
      worksheet("r", f.r), worksheet("z2", f.z2), worksheet("a2", f.a2), {"J", {}, {f.J}},
      worksheet("dz2", f.dz2), worksheet("dw2", g.dp.dense.weight), worksheet("db2", g.dp.dense.bias), worksheet("dr", g.dr),
      worksheet("dm1", g.dm1), worksheet("da1", g.da1), worksheet("dz1", g.dz1),
      worksheet("dw1", g.dp.conv.weight), worksheet("db1", g.dp.conv.bias), worksheet("dx", g.dx),
      worksheet("w1 after", moved.conv.weight), worksheet("b1 after", moved.conv.bias),
      worksheet("w2 after", moved.dense.weight), worksheet("b2 after", moved.dense.bias),
      worksheet("z1 after", after.z1), worksheet("m1 after", after.m1), worksheet("z2 after", after.z2),
      worksheet("a2 after", after.a2), {"J after", {}, {after.J}}, {"gg", {}, {squared(g.dp)}},
      worksheet("quotients w2", quotients(p, p.dense.weight, x)), worksheet("quotients w1", quotients(p, p.conv.weight, x)),
  };
  for (Worksheet& table : strides()) all.push_back(std::move(table));
  all.push_back({"J, large logits", {}, {loss_of_large_logits()}});
  return all;
}

}  // namespace by_hand
