#pragma once

#include "../grouped_convolutions.hpp"

#include <algorithm>
#include <numeric>

namespace LAMINA_NAMESPACE::kernels {

/// With a dilation d and a stride s, g their greatest common divisor, the outputs p = a·d/g + i of one i see every d-th number
/// from i·s − padding on: an ordinary convolution with the stride s/g of what is there.
struct Phases {
  Index count, dilation, stride, padding, taps, outputs;

  Phases(Index d, Index s, Index before, Index R, Index P)
      : count(d / std::gcd(d, s)), dilation(d), stride(s), padding(before), taps(R), outputs(P) {}

  Index outputs_of(Index i) const { return (outputs - i + count - 1) / count; }
  Index used() const { return (std::min)(count, outputs); }
  Index step() const { return stride / std::gcd(dilation, stride); }
  Index inputs_of(Index i) const { return (outputs_of(i) - 1) * step() + taps; }
  Index input(Index i, Index t) const { return i * stride - padding + t * dilation; }
};

/// Group and phase of a convolution as an ordinary one, and where its numbers stand in scratch.
template <typename T>
class GroupedParts {
 public:
  explicit GroupedParts(const Window& whole)
      : g_(whole), rows_(whole.dilation_h, whole.stride_h, whole.padding_h, whole.R, whole.P),
        columns_(whole.dilation_w, whole.stride_w, whole.padding_w, whole.S, whole.Q), c_(whole.C / whole.groups),
        k_(whole.K / whole.groups) {
    // So many images at a time that their part stays in the cache.
    constexpr Index one = 1;
    block_ = (std::max)(one, (std::min)(whole.N, (one << 17) / (std::max)(one, image_size(0, 0))));
    x_size_ = padded(block_ * image_size(0, 0));
    y_size_ = padded(block_ * rows_.outputs_of(0) * columns_.outputs_of(0) * k_);
    w_size_ = padded(whole.R * whole.S * c_ * k_);
    b_size_ = padded(k_);
  }

  Index scratch() const {
    Index most = 0;  // parts differ by one row and one column of outputs at most
    for (const Index i : {Index{0}, rows_.used() - 1})
      for (const Index j : {Index{0}, columns_.used() - 1})
        most = (std::max)(most, convolutions<T>().conv_scratch(part(block_, i, j)));
    return 2 * x_size_ + y_size_ + 2 * w_size_ + b_size_ + most;
  }

  void forward(const T* x, const T* w, const T* b, T* y, T* scratch) const {
    T *const own_x = scratch, *const own_y = own_x + x_size_, *const own_w = own_y + y_size_;
    for (Index group = 0; group < g_.groups; ++group) {
      copy_weights(w, group, own_w);
      each_part([&](Index n, Index count, Index i, Index j) {
        gather_x(x, group, n, count, i, j, own_x);
        convolutions<T>().conv_forward(part(count, i, j), own_x, own_w, b + group * k_, own_y, own_w + w_size_);
        each_output(n, count, i, j, [&](Index in_part, Index whole) {
          std::copy_n(own_y + in_part, k_, y + whole + group * k_);
        });
      });
    }
  }

  void backward(const T* x, const T* w, const T* dy, T* dx, T* dw, T* db, T* scratch) const {
    T *const own_x = scratch, *const own_dx = own_x + x_size_, *const own_dy = own_dx + x_size_, *const own_w = own_dy + y_size_;
    T *const own_dw = own_w + w_size_, *const own_db = own_dw + w_size_;
    if (dx) std::fill_n(dx, g_.N * g_.H * g_.W * g_.C, T(0));
    std::fill_n(dw, g_.R * g_.S * c_ * g_.K, T(0));
    std::fill_n(db, g_.K, T(0));
    for (Index group = 0; group < g_.groups; ++group) {
      copy_weights(w, group, own_w);
      each_part([&](Index n, Index count, Index i, Index j) {
        gather_x(x, group, n, count, i, j, own_x);
        each_output(n, count, i, j, [&](Index in_part, Index whole) {
          std::copy_n(dy + whole + group * k_, k_, own_dy + in_part);
        });
        convolutions<T>().conv_backward(part(count, i, j), own_x, own_w, own_dy, dx ? own_dx : nullptr, own_dw, own_db,
                                        own_db + b_size_);
        if (dx)
          each_input(n, count, i, j, [&](Index in_part, Index whole) {
            if (whole >= 0) add(own_dx + in_part, c_, dx + whole + group * c_);
          });
        for (Index r = 0; r < g_.R * g_.S * c_; ++r) add(own_dw + r * k_, k_, dw + r * g_.K + group * k_);
        add(own_db, k_, db + group * k_);
      });
    }
  }

 private:
  static Index padded(Index n) {
    constexpr Index line = 64 / sizeof(T);
    return (n + line - 1) / line * line;
  }

  Index image_size(Index i, Index j) const { return rows_.inputs_of(i) * columns_.inputs_of(j) * c_; }

  Window part(Index count, Index i, Index j) const {
    return {.N = count, .H = rows_.inputs_of(i), .W = columns_.inputs_of(j), .C = c_, .K = k_, .R = g_.R, .S = g_.S,
            .stride_h = rows_.step(), .stride_w = columns_.step(), .padding_h = 0, .padding_w = 0,
            .P = rows_.outputs_of(i), .Q = columns_.outputs_of(j), .winograd = g_.winograd};
  }

  /// Calls body(first image, images, phase of the rows, phase of the columns).
  template <typename Body>
  void each_part(const Body& body) const {
    for (Index n = 0; n < g_.N; n += block_)
      for (Index i = 0; i < rows_.used(); ++i)
        for (Index j = 0; j < columns_.used(); ++j)
          body(n, (std::min)(block_, g_.N - n), i, j);
  }

  /// Calls body(place in the part, place of the pixel in the image or −1 in the border) for each pixel that a part sees.
  template <typename Body>
  void each_input(Index n, Index count, Index i, Index j, const Body& body) const {
    Index at = 0;
    for (Index m = n; m < n + count; ++m)
      for (Index t = 0; t < rows_.inputs_of(i); ++t)
        for (Index u = 0; u < columns_.inputs_of(j); ++u, at += c_) {
          const Index h = rows_.input(i, t), w = columns_.input(j, u);
          const bool inside = h >= 0 && h < g_.H && w >= 0 && w < g_.W;
          body(at, inside ? ((m * g_.H + h) * g_.W + w) * g_.C : Index{-1});
        }
  }

  template <typename Body>
  void each_output(Index n, Index count, Index i, Index j, const Body& body) const {
    Index at = 0;
    for (Index m = n; m < n + count; ++m)
      for (Index p = i; p < g_.P; p += rows_.count)
        for (Index q = j; q < g_.Q; q += columns_.count, at += k_) body(at, ((m * g_.P + p) * g_.Q + q) * g_.K);
  }

  void gather_x(const T* x, Index group, Index n, Index count, Index i, Index j, T* own) const {
    each_input(n, count, i, j, [&](Index in_part, Index whole) {
      if (whole >= 0)
        std::copy_n(x + whole + group * c_, c_, own + in_part);
      else
        std::fill_n(own + in_part, c_, T(0));
    });
  }

  void copy_weights(const T* w, Index group, T* own) const {
    for (Index r = 0; r < g_.R * g_.S * c_; ++r) std::copy_n(w + r * g_.K + group * k_, k_, own + r * k_);
  }

  static void add(const T* from, Index n, T* to) {
    for (Index i = 0; i < n; ++i) to[i] += from[i];
  }

  const Window& g_;
  Phases rows_, columns_;
  Index c_, k_;  // channels of a group of x and of y
  Index block_ = 1, x_size_ = 0, y_size_ = 0, w_size_ = 0, b_size_ = 0;
};

template <typename T>
Index grouped_scratch(const Window& window) {
  return GroupedParts<T>(window).scratch();
}

template <typename T>
void grouped_forward(const Window& window, const T* x, const T* w, const T* b, T* y, T* scratch) {
  GroupedParts<T>(window).forward(x, w, b, y, scratch);
}

template <typename T>
void grouped_backward(const Window& window, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db, T* scratch) {
  GroupedParts<T>(window).backward(x, w, dy, dx, dw, db, scratch);
}

}  // namespace lamina::kernels
