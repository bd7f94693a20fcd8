#pragma once

#include "../grouped_convolutions.hpp"

#include <algorithm>
#include <numeric>

namespace LAMINA_NAMESPACE::kernels {

/// One axis of a dilated convolution. With dilation d, stride s and g = gcd(d, s), the outputs p = a·d/g + i of phase i read
/// every d-th input from i·s − padding on. On these inputs they are an ordinary convolution with stride s/g.
struct Phases {
  Index dilation, stride, padding, taps, outputs;

  Index common() const { return std::gcd(dilation, stride); }
  Index count() const { return (std::min)(dilation / common(), outputs); }
  Index outputs_of(Index i) const { return (outputs - i + dilation / common() - 1) / (dilation / common()); }
  Index inputs_of(Index i) const { return (outputs_of(i) - 1) * (stride / common()) + taps; }
};

/// A part of images (·, H, W, C): `depth` channels from `channel` on, of the pixels (h + t·down, w + u·across) with t < rows
/// and u < columns. It is stored as images (·, rows, columns, depth), with 0 for pixels outside the image.
struct Pixels {
  Index H, W, C, channel;
  Index h, down, w, across;
  Index rows, columns, depth;
};

template <typename T>
void gather(const Pixels& p, Index images, const T* whole, T* part) {
  for (Index n = 0; n < images; ++n, whole += p.H * p.W * p.C)
    for (Index t = 0; t < p.rows; ++t)
      for (Index u = 0; u < p.columns; ++u, part += p.depth) {
        const Index h = p.h + t * p.down, w = p.w + u * p.across;
        const bool inside = h >= 0 && h < p.H && w >= 0 && w < p.W;
        const T* const from = whole + (inside ? (h * p.W + w) * p.C + p.channel : 0);
        for (Index c = 0; c < p.depth; ++c) part[c] = inside ? from[c] : T(0);
      }
}

/// Adds a part to the images that it was taken from. Pixels outside the image are ignored.
template <typename T>
void give_back(const Pixels& p, Index images, const T* part, T* whole) {
  for (Index n = 0; n < images; ++n, whole += p.H * p.W * p.C)
    for (Index t = 0; t < p.rows; ++t)
      for (Index u = 0; u < p.columns; ++u, part += p.depth) {
        const Index h = p.h + t * p.down, w = p.w + u * p.across;
        if (h < 0 || h >= p.H || w < 0 || w >= p.W) continue;
        T* const to = whole + (h * p.W + w) * p.C + p.channel;
        for (Index c = 0; c < p.depth; ++c) to[c] += part[c];
      }
}

/// An ordinary convolution that computes one group and one phase, and the memory that it needs.
struct GroupedPart {
  Pixels x, y, w;     // w (1, 1, R·S·C/groups, K): the group's columns
  ConvShape window;
  Index images;       // at a time, so few that they stay in the cache
  Index sizes[4];     // of the part's x, y, w, b

  GroupedPart(const ConvShape& g, Index group, Index i, Index j, Index line) {
    const Phases rows{g.dilation_h, g.stride_h, g.padding_h, g.R, g.P}, columns{g.dilation_w, g.stride_w, g.padding_w, g.S, g.Q};
    const Index C = g.C / g.groups, K = g.K / g.groups, P = rows.outputs_of(i), Q = columns.outputs_of(j);
    x = {g.H, g.W, g.C, group * C, i * g.stride_h - g.padding_h, g.dilation_h, j * g.stride_w - g.padding_w, g.dilation_w,
         rows.inputs_of(i), columns.inputs_of(j), C};
    y = {g.P, g.Q, g.K, group * K, i, g.dilation_h / rows.common(), j, g.dilation_w / columns.common(), P, Q, K};
    w = {1, g.R * g.S * C, g.K, group * K, 0, 1, 0, 1, 1, g.R * g.S * C, K};
    constexpr Index one = 1;
    images = (std::max)(one, (std::min)(g.N, (one << 17) / (rows.inputs_of(0) * columns.inputs_of(0) * C)));
    window = {.N = images, .H = x.rows, .W = x.columns, .C = C, .K = K, .R = g.R, .S = g.S,
              .stride_h = g.stride_h / rows.common(), .stride_w = g.stride_w / columns.common(), .padding_h = 0, .padding_w = 0,
              .P = P, .Q = Q, .winograd = g.winograd};
    const Index numbers[4] = {images * rows.inputs_of(0) * columns.inputs_of(0) * C,
                              images * rows.outputs_of(0) * columns.outputs_of(0) * K, g.R * g.S * C * K, K};
    for (int k = 0; k < 4; ++k) sizes[k] = (numbers[k] + line - 1) / line * line;
  }
};

/// Calls body(part, first image) for every group, every phase and every few images.
template <typename T, typename Body>
void each_grouped_part(const ConvShape& g, const Body& body) {
  const Phases rows{g.dilation_h, g.stride_h, g.padding_h, g.R, g.P}, columns{g.dilation_w, g.stride_w, g.padding_w, g.S, g.Q};
  for (Index group = 0; group < g.groups; ++group)
    for (Index i = 0; i < rows.count(); ++i)
      for (Index j = 0; j < columns.count(); ++j) {
        GroupedPart part(g, group, i, j, 64 / sizeof(T));
        for (Index n = 0; n < g.N; n += part.images) {
          part.window.N = (std::min)(part.images, g.N - n);
          body(part, n);
        }
      }
}

template <typename T>
Index grouped_scratch(const ConvShape& g) {
  const Phases rows{g.dilation_h, g.stride_h, g.padding_h, g.R, g.P}, columns{g.dilation_w, g.stride_w, g.padding_w, g.S, g.Q};
  Index most = 0;  // parts differ by one row and one column of outputs at most
  for (const Index i : {Index{0}, rows.count() - 1})
    for (const Index j : {Index{0}, columns.count() - 1})
      most = (std::max)(most, convolutions<T>().conv_scratch(GroupedPart(g, 0, i, j, 64 / sizeof(T)).window));
  const GroupedPart part(g, 0, 0, 0, 64 / sizeof(T));
  return 2 * (part.sizes[0] + part.sizes[1] + part.sizes[2]) + part.sizes[3] + most;
}

template <typename T>
void grouped_forward(const ConvShape& g, const T* x, const T* w, const T* b, T* y, T* scratch) {
  std::fill_n(y, g.N * g.P * g.Q * g.K, T(0));
  each_grouped_part<T>(g, [&](const GroupedPart& part, Index n) {
    const Index images = part.window.N;
    T *const own_x = scratch, *const own_y = own_x + part.sizes[0], *const own_w = own_y + part.sizes[1];
    gather(part.w, 1, w, own_w);
    gather(part.x, images, x + n * g.H * g.W * g.C, own_x);
    convolutions<T>().conv_forward(part.window, own_x, own_w, b + part.y.channel, own_y, own_w + part.sizes[2]);
    give_back(part.y, images, own_y, y + n * g.P * g.Q * g.K);
  });
}

template <typename T>
void grouped_backward(const ConvShape& g, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db, T* scratch) {
  if (dx) std::fill_n(dx, g.N * g.H * g.W * g.C, T(0));
  if (dw) std::fill_n(dw, g.R * g.S * (g.C / g.groups) * g.K, T(0));
  if (dw) std::fill_n(db, g.K, T(0));
  each_grouped_part<T>(g, [&](const GroupedPart& part, Index n) {
    const Index images = part.window.N;
    T *const own_x = scratch, *const own_dx = own_x + part.sizes[0], *const own_dy = own_dx + part.sizes[0];
    T *const own_w = own_dy + part.sizes[1], *const own_dw = own_w + part.sizes[2], *const own_db = own_dw + part.sizes[2];
    gather(part.w, 1, w, own_w);
    if (dw) gather(part.x, images, x + n * g.H * g.W * g.C, own_x);
    gather(part.y, images, dy + n * g.P * g.Q * g.K, own_dy);
    convolutions<T>().conv_backward(part.window, own_x, own_w, own_dy, dx ? own_dx : nullptr, dw ? own_dw : nullptr, own_db,
                                    own_db + part.sizes[3]);
    if (dx) give_back(part.x, images, own_dx, dx + n * g.H * g.W * g.C);
    if (!dw) return;
    give_back(part.w, 1, own_dw, dw);
    for (Index k = 0; k < part.window.K; ++k) db[part.y.channel + k] += own_db[k];
  });
}

}  // namespace lamina::kernels
