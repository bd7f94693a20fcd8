#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "any_layer.hpp"

namespace LAMINA_NAMESPACE {

/// The parameters of layers that are listed at run time: an entry per layer, also for those that learn nothing.
template <typename T, typename... Ls>
struct ListedParameters {
  using Listed = typename detail::Distinct<std::variant<None>, typename Ls::template Parameters<T>...>::type;
  using Scalar = T;

  std::vector<Listed> layers;

  /// Calls visitor(i, own, same…) for every layer. Throws ShapeError when these are parameters of different networks.
  template <typename Visitor, typename First, typename... Same>
  static void visit_layers(Visitor&& visitor, First& first, Same&... same) {
    for (std::size_t i = 0; i < first.layers.size(); ++i) {
      if (((same.layers.size() != first.layers.size() || same.layers[i].index() != first.layers[i].index()) || ...))
        throw ShapeError("Network: expects parameters of one network but got those of two");
      visit_own<0>(i, visitor, first.layers[i], same.layers[i]...);
    }
  }

 private:
  template <std::size_t I>
  static void visit_own(std::size_t place, auto& visitor, auto& own, auto&... same) {
    if (own.index() == I)
      visitor(place, *std::get_if<I>(&own), *std::get_if<I>(&same)...);
    else if constexpr (I + 1 < std::variant_size_v<Listed>)
      visit_own<I + 1>(place, visitor, own, same...);
  }
};

namespace detail {

/// Images or rows: a tensor whose rank is known at run time. The other is null.
template <typename Images, typename Rows>
struct Either {
  Images* images = nullptr;
  Rows* rows = nullptr;

  template <int Rank>
  auto* of() const {
    if constexpr (Rank == 4)
      return images;
    else
      return rows;
  }
};
template <typename T>
using Given = Either<const Tensor<T, 4>, const Tensor<T, 2>>;
template <typename T>
using Wanted = Either<Tensor<T, 4>, Tensor<T, 2>>;

template <typename To, typename X>
To either(X* x) {
  if constexpr (rank_v<std::remove_const_t<X>> == 4)
    return {.images = x};
  else
    return {.rows = x};
}

/// What stands between two layers: images or rows, whichever the rank says. The other stays empty.
template <typename T>
struct Between {
  Tensor<T, 4> images;  // (N, H, W, C)
  Tensor<T, 2> rows;    // (N, F)

  Wanted<T> room() { return {&images, &rows}; }
  Given<T> at(int rank) const {
    return rank == 4 ? Given<T>{.images = &images} : Given<T>{.rows = &rows};
  }
};

/// A variant as this one of its types, made anew if it is another.
template <typename W, typename Variant>
W& as(Variant& any) {
  W* const there = std::get_if<W>(&any);
  return there ? *there : any.template emplace<W>();
}

}  // namespace detail

/// What the stages of a network that is listed at run time leave for the backward pass, one after another.
template <typename T, typename... Stages>
struct ListedWorkspace {
  using Scalar = T;
  using Listed =
      typename detail::Distinct<std::variant<None>, typename detail::WorkspaceFor<Stages, Tensor<T, 4>>::type...,
                                typename detail::WorkspaceFor<Stages, Tensor<T, 2>>::type...>::type;
  struct Step {
    Listed workspace;
    detail::Between<T> y, dy;  // the stage's output, and its gradient; not of the last
    int rank = 0;              // of y
  };

  std::vector<Step> steps;
  bool winograd = true;  // of all convolutions, see allow_winograd
  Crew* crew = nullptr;  // of all layers, see lend_crew
  DrawKey key;           // of which every layer that draws has its part

  /// Uses what was prepared in another workspace, or in this; whether there is anything.
  bool take_prepared(const ListedWorkspace& from) {
    bool any = false;
    if (steps.size() != from.steps.size()) steps.resize(from.steps.size());
    for (std::size_t s = 0; s < steps.size(); ++s)
      std::visit(
          [&]<typename W>(const W& theirs) {
            if constexpr (requires { theirs.prepared; } || requires { theirs.conv.prepared; })
              any = share_prepared(theirs, detail::as<W>(steps[s].workspace)) || any;
          },
          from.steps[s].workspace);
    return any;
  }
};

namespace detail {

/// What a variant of layers, or of stages, has for parameters and workspaces.
template <typename V>
struct ListedTypes;
template <typename... Ls>
struct ListedTypes<std::variant<Ls...>> {
  template <typename T>
  using Parameters = ListedParameters<T, Ls...>;
  template <typename T>
  using Workspace = ListedWorkspace<T, Ls...>;
  template <typename... More>
  using With = std::variant<Ls..., More...>;
};

/// Does something for the layer at a place; what it throws says which.
template <typename Action>
decltype(auto) at_place(std::size_t place, Action&& action) {
  try {
    return action();
  } catch (const ShapeError& error) {
    throw ShapeError(message("layer ", place, ": ", error.what()));
  }
}

/// Says that a layer cannot take the output of the one before it.
template <int Rank>
[[noreturn]] void refuse_rank(std::string_view layer, const Shape<Rank>& in) {
  if constexpr (Rank == 4)
    throw ShapeError(message(layer, ": expects rows (N, F) but got images ", in, "; put Flatten{} before it"));
  else
    throw ShapeError(message(layer, ": expects images (N, H, W, C) but got rows ", in, "; put it before Flatten{}"));
}

/// Says that a network's last layer gives no rows.
[[noreturn]] void refuse_images(const Shape<4>& out);
}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/listed_values.ipp"
#endif
