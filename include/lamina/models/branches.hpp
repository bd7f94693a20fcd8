#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../exec/lowering.hpp"
#include "../exec/merge.hpp"
#include "../layers/layer.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the merged shape of two branches, which has the larger rank of the two.
template <int A, int B>
constexpr auto merged_shape(Merge merge, const Shape<A>& a, const Shape<B>& b) {
  static_assert(A == B || A == 2 || B == 2, "branches that become one make images, or rows, or images and rows");
  Shape<(A > B ? A : B)> out;
  merge_extents(merge, a.extents, b.extents, out.extents);
  return out;
}

/// The workspace, the output and the output's gradient of one branch.
template <typename B, AnyTensor X>
struct BranchMemory {
  workspace_t<B, X> inner;
  output_t<B, X> y, dy;
};

/// A layer made of branches. All branches take the layer's input; `Listed` says how their outputs b_0(x), b_1(x), … are
/// merged. With y = m(b_0(x), b_1(x), …):
///
///   dy_k = ∂⟨m, dy⟩/∂b_k        dp_k = branch k's own        dx = Σ_k ∂⟨b_k(x), dy_k⟩/∂x
///
/// Parameters is a tuple with one entry for each branch. "2.1.0.weight" is the weight of layer 0 in branch 1 of layer 2. A
/// model, or a list of layers, has the layers of all branches in order, a From before each but the first, and then the merge.
template <typename Listed, typename... Bs>
class Branches {
  static constexpr std::size_t count = sizeof...(Bs);
  static_assert(count >= 2, "expects at least two branches");
  using All = std::tuple<Bs...>;
  template <std::size_t K>
  using branch_t = std::tuple_element_t<K, All>;
  static constexpr bool at_once = Listed::merge == Merge::concat;  // merges all branches at once, else each with those before it

 public:
  template <typename T>
  using Parameters = std::tuple<typename Bs::template Parameters<T>...>;
  template <AnyTensor X>
  struct Workspace {
    std::tuple<BranchMemory<Bs, X>...> branches;
    X dx;  // of one branch
  };

  constexpr explicit Branches(Bs... branches) : branches_(std::move(branches)...) {}

  constexpr const All& branches() const { return branches_; }

  /// Returns the merged shape. Throws ShapeError if the branches' outputs cannot be merged.
  template <int Rank>
  constexpr auto output_shape(const Shape<Rank>& in) const {
    return std::apply([&](const auto& first, const auto&... others) { return merge_all(first.output_shape(in), others.output_shape(in)...); },
                      branches_);
  }

  template <int Rank>
  constexpr Index multiply_adds(const Shape<Rank>& in) const {
    return std::apply([&](const auto&... branch) { return (lamina::multiply_adds(branch, in) + ...); }, branches_);
  }

  /// Draws the parameters of every branch, those of branch k from rng.split(k).
  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, const Rng& rng) const {
    output_shape(in);
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return Parameters<T>{std::get<K>(branches_).template initialize<T>(in, rng.split(K))...};
    }(indices());
  }

  /// Adds the branches' layers and the merge to a program. detail::lower calls it.
  template <AnyTensor X, typename Lowering>
  void lower(Lowering& to) const {
    Shape<rank_v<X>> in;
    std::copy(to.extents().begin(), to.extents().end(), in.extents.begin());
    output_shape(in);
    list(
        to, [&](const auto& branch) { detail::lower<X>(branch, to); }, [&](const auto& listed) { to.merge(listed); },
        [&](std::size_t place) { to.enter(place, place); }, [&] { to.leave(); });
  }

  /// Appends the branches' layers and the merge to a list of layers.
  template <typename Network>
  void append_to(Network& network) const {
    const auto push = [&](const auto& layer) { network.push_back(layer); };
    list(network, push, push, [](std::size_t) {}, [] {});
  }

  /// Runs the branches and merges their outputs. The context may be left out if no branch draws random numbers.
  template <typename P, AnyTensor X, AnyTensor Y>
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context) const {
    each([&](auto k) {
      auto& own = std::get<k>(ws.branches);
      detail::forward(std::get<k>(branches_), std::get<k>(p), x, own.inner, own.y, context.child(k));
    });
    merge<X>(ws, y);
  }
  template <typename P, AnyTensor X, AnyTensor Y>
    requires(!(draws<Bs, X> || ...))
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y) const {
    forward(p, x, ws, y, Context{});
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void forward_inference(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context = {}) const {
    each([&](auto k) {
      auto& own = std::get<k>(ws.branches);
      lamina::forward_inference(std::get<k>(branches_), std::get<k>(p), x, own.inner, own.y, context.child(k));
    });
    merge<X>(ws, y);
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void backward(const P& p, const X& x, const Y& /*y*/, const Y& dy, Workspace<X>& ws,
                X* dx, P& dp, const Context& context = {}) const {
    using T = scalar_t<X>;
    each([&](auto from_last) {
      constexpr std::size_t k = count - 1 - from_last;
      auto& own = std::get<k>(ws.branches);
      give<X>(dy, k, ws);
      X* const part = k + 1 == count ? dx : &ws.dx;
      detail::backward(std::get<k>(branches_), std::get<k>(p), x, std::as_const(own.y), std::as_const(own.dy), own.inner,
                       dx ? part : nullptr, std::get<k>(dp), context.child(k));
      if (dx && part != dx) pass_on<T>(ws.dx, *dx, true);
    });
  }

 private:
  static constexpr auto indices() { return std::make_index_sequence<count>{}; }

  template <typename Action>
  static void each(const Action& action) {
    [&]<std::size_t... K>(std::index_sequence<K...>) { (action(std::integral_constant<std::size_t, K>{}), ...); }(indices());
  }

  template <int A>
  static constexpr Shape<A> merge_all(const Shape<A>& all) {
    return all;
  }
  template <int A, int B, typename... Shapes>
  static constexpr auto merge_all(const Shape<A>& a, const Shape<B>& b, const Shapes&... others) {
    static_assert(A == B || Listed::merge == Merge::mul,
                  "branches that are added or put side by side all make images or all make rows; put Flatten{} at the end of "
                  "those that make images");
    return merge_all(merged_shape(Listed::merge, a, b), others...);
  }

  /// Returns the outputs of the branches.
  template <AnyTensor X>
  static std::array<TensorRef<scalar_t<X>>, count> values(const Workspace<X>& ws) {
    return std::apply([](const auto&... own) { return std::array<TensorRef<scalar_t<X>>, count>{TensorRef<scalar_t<X>>(own.y)...}; },
                      ws.branches);
  }

  template <AnyTensor X>
  static void merge(const Workspace<X>& ws, auto& y) {
    using T = scalar_t<X>;
    const auto all = values(ws);
    if constexpr (at_once || count == 2) {
      merge_forward<T>(Listed::merge, all, y);
    } else {
      merge_forward<T>(Listed::merge, std::span(all).first(2), y);
      for (std::size_t k = 2; k < count; ++k) pass_on<T>(all[k], y, true);
    }
  }

  /// Writes the gradient of branch k's output.
  template <AnyTensor X>
  static void give(const auto& dy, std::size_t k, Workspace<X>& ws) {
    using T = scalar_t<X>;
    const auto all = values(ws);
    std::array<TensorSlot<T>, count> gradients =
        std::apply([](auto&... own) { return std::array<TensorSlot<T>, count>{TensorSlot<T>(own.dy)...}; }, ws.branches);
    merge_backward<T>(Listed::merge, all, k, dy, gradients[k], false);
  }

  /// Visits the branches and the merges between them, in the order of a list.
  template <typename To, typename AddBranch, typename AddMerge, typename Enter, typename Leave>
  void list(To& to, const AddBranch& add_branch, const AddMerge& add_merge, const Enter& enter, const Leave& leave) const {
    const std::size_t start = to.size();
    const auto back_to = [&](std::size_t place) { return static_cast<Index>(to.size() - place); };
    std::array<std::size_t, count> ends{};
    std::size_t made = 0;  // the end of the branches that are merged already
    each([&](auto k) {
      enter(k);
      if (k > 0 && to.size() > start) add_merge(From(back_to(start)));
      add_branch(std::get<k>(branches_));
      leave();
      ends[k] = to.size();
      if (k > 0 && !at_once) {
        enter(count + k - 1);
        if constexpr (!at_once) add_merge(Listed(back_to(made)));
        leave();
      }
      made = to.size();
    });
    if constexpr (at_once) {
      std::vector<Index> back;
      for (std::size_t k = 0; k + 1 < count; ++k) back.push_back(back_to(ends[k]));
      enter(count);
      add_merge(Listed(std::move(back)));
      leave();
    }
  }

  All branches_;
};

}  // namespace lamina::detail
