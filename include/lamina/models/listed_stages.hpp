#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "listed_values.hpp"

namespace LAMINA_NAMESPACE::detail {

/// What a Network executes: the stages that Sequential would, see layers/stages.hpp, found at run time. Each call of a
/// stage is one visit of a variant. Between stages stand images or rows, as the types of the stages say.
template <typename Layers>
class ListedStages {
  using Any = typename ListedTypes<Layers>::template With<ConvReLU<ListedConv>, ConvReLUMaxPool<ListedConv>,
                                                          FlattenDense<ListedDense>>;
  struct Entry {
    Any stage;
    std::size_t owner;  // the layer whose parameters it uses
  };

 public:
  template <typename T>
  using Parameters = typename ListedTypes<Layers>::template Parameters<T>;
  template <typename T>
  using Workspace = typename ListedTypes<Any>::template Workspace<T>;

  enum class Pass { training, inference };

  /// Finds the stages of these layers, the longest first.
  void arrange(const std::vector<Layers>& layers) {
    entries_.clear();
    for (std::size_t i = 0; i < layers.size();) {
      std::size_t count = begin<ListedConv, ReLU, MaxPool>(layers, i);
      if (count == 0) count = begin<ListedConv, ReLU>(layers, i);
      if (count == 0) count = begin<Flatten, ListedDense>(layers, i);
      if (count == 0) {
        std::visit([&](const auto& layer) { entries_.push_back({layer, i}); }, layers[i]);
        count = 1;
      }
      i += count;
    }
  }

  /// Gives a workspace the parts that `prepare` writes to; several workers may do that at once.
  template <typename T>
  void make_ready(Workspace<T>& ws) const {
    make_room(ws);
    for_each_that_prepares<T>([&](std::size_t s, const auto& stage) {
      const Tensor<T, 4>* const images = nullptr;
      workspace(stage, images, ws, s);
    });
  }
  template <typename T>
  void prepare(const Parameters<T>& p, Workspace<T>& ws, Turns& turns) const {
    for_each_that_prepares<T>([&](std::size_t s, const auto& stage) {
      using W = workspace_t<std::remove_cvref_t<decltype(stage)>, Tensor<T, 4>>;
      stage.prepare(own<T>(stage, p, s), *std::get_if<W>(&ws.steps[s].workspace), turns);
    });
  }

  template <Pass pass, typename T>
  void run(const Parameters<T>& p, Given<T> x, Workspace<T>& ws, Tensor<T, 2>& y) const {
    if (entries_.empty()) throw ShapeError("Network: expects at least one layer");
    make_room(ws);
    std::uint64_t keys = 0;  // given, as hand_out_keys gives them in a Sequential
    for (std::size_t s = 0; s < entries_.size(); ++s) {
      auto& step = ws.steps[s];
      const Wanted<T> out = s + 1 == entries_.size() ? Wanted<T>{.rows = &y} : step.y.room();
      at_place(entries_[s].owner, [&] {
        visit(s, x, [&](const auto& stage, const auto& in) {
          auto& mine = workspace(stage, &in, ws, s);
          if constexpr (draws<std::remove_cvref_t<decltype(mine)>>())
            hand_out_keys(mine, ws.key.rng.split(keys++), ws.key.first);
          step.rank = run_stage<pass>(stage, own<T>(stage, p, s), in, mine, out);
        });
      });
      x = step.y.at(step.rank);
    }
  }

  /// dx is wanted where it is not null.
  template <typename T>
  void backward(const Parameters<T>& p, Given<T> x, const Tensor<T, 2>& y, const Tensor<T, 2>& dy, Workspace<T>& ws,
                Wanted<T> dx, Parameters<T>& dp) const {
    make_alike(p, dp);
    for (std::size_t s = entries_.size(); s-- > 0;) {
      auto& step = ws.steps[s];
      const bool last = s + 1 == entries_.size();
      const Given<T> in = s == 0 ? x : ws.steps[s - 1].y.at(ws.steps[s - 1].rank);
      const Given<T> out = last ? Given<T>{.rows = &y} : step.y.at(step.rank);
      const Given<T> dout = last ? Given<T>{.rows = &dy} : step.dy.at(step.rank);
      const Wanted<T> din = s == 0 ? dx : ws.steps[s - 1].dy.room();
      visit(s, in, [&](const auto& stage, const auto& own_x) {
        using S = std::remove_cvref_t<decltype(stage)>;
        using X = std::remove_cvref_t<decltype(own_x)>;
        constexpr int rank = rank_v<output_t<S, X>>;
        stage.backward(own<T>(stage, p, s), own_x, *out.template of<rank>(), *dout.template of<rank>(),
                       workspace(stage, &own_x, ws, s), din.template of<rank_v<X>>(), own<T>(stage, dp, s));
      });
    }
  }

 private:
  /// The stage that begins with these layers at layer i, if they are there: how many layers it takes, else 0.
  template <typename... Ls>
  std::size_t begin(const std::vector<Layers>& layers, std::size_t i) {
    if (i + sizeof...(Ls) > layers.size()) return 0;
    return [&]<std::size_t... J>(std::index_sequence<J...>) -> std::size_t {
      if (!(std::holds_alternative<Ls>(layers[i + J]) && ...)) return 0;
      entries_.push_back({typename Run<Ls...>::stage{std::get<Ls>(layers[i + J])...}, i + Run<Ls...>::owner});
      return Run<Ls...>::count;
    }(std::index_sequence_for<Ls...>{});
  }

  void make_room(auto& ws) const {
    if (ws.steps.size() != entries_.size()) ws.steps.resize(entries_.size());
  }

  /// action(s, stage) for every stage that has something to prepare.
  template <typename T, typename Action>
  void for_each_that_prepares(Action&& action) const {
    for (std::size_t s = 0; s < entries_.size(); ++s)
      std::visit(
          [&]<typename S>(const S& stage) {
            if constexpr (prepares<S, T>) action(s, stage);
          },
          entries_[s].stage);
  }

  /// Gives dp an entry for each of p's, of its kind.
  template <typename T>
  static void make_alike(const Parameters<T>& p, Parameters<T>& dp) {
    if (dp.layers.size() != p.layers.size()) dp.layers.resize(p.layers.size());
    for (std::size_t i = 0; i < p.layers.size(); ++i)
      if (dp.layers[i].index() != p.layers[i].index()) dp.layers[i] = p.layers[i];
  }

  /// action(stage s, x), both as what they are. Throws ShapeError where the stage does not take x.
  template <typename T, typename Action>
  void visit(std::size_t s, Given<T> x, Action&& action) const {
    const auto with = [&](const auto& stage, const auto& in) {
      using S = std::remove_cvref_t<decltype(stage)>;
      if constexpr (Takes<S, rank_v<std::remove_cvref_t<decltype(in)>>>)
        action(stage, in);
      else
        refuse_rank(S::name, shape(in));
    };
    std::visit(
        [&](const auto& stage) {
          if (x.images)
            with(stage, *x.images);
          else
            with(stage, *x.rows);
        },
        entries_[s].stage);
  }

  /// Runs one stage and returns the rank of its output.
  template <Pass pass, typename S, typename P, AnyTensor X, typename W, typename T>
  static int run_stage(const S& stage, const P& p, const X& x, W& ws, Wanted<T> out) {
    constexpr int rank = rank_v<output_t<S, X>>;
    auto* y = out.template of<rank>();
    if constexpr (rank == 4)
      if (!y) refuse_images(stage.output_shape(shape(x)));
    if constexpr (pass == Pass::training)
      stage.forward(p, x, ws, *y);
    else
      lamina::infer(stage, p, x, ws, *y);
    return rank;
  }

  /// The parameters of stage s. Throws ShapeError when they are another network's.
  template <typename T, typename S, typename P>
  auto& own(const S&, P& p, std::size_t s) const {
    const std::size_t owner = entries_[s].owner;
    auto* found = owner < p.layers.size() ? std::get_if<typename S::template Parameters<T>>(&p.layers[owner]) : nullptr;
    if (!found) throw ShapeError(message(S::name, ": expects its own parameters but got those of another network"));
    return *found;
  }

  template <typename S, AnyTensor X>
  static auto& workspace(const S&, const X*, Workspace<scalar_t<X>>& ws, std::size_t s) {
    auto& mine = as<workspace_t<S, X>>(ws.steps[s].workspace);
    allow_winograd(mine, ws.winograd);
    lend_crew(mine, ws.crew);
    return mine;
  }

  /// Whether a stage on images has something to prepare.
  template <typename S, typename T>
  static constexpr bool prepares = requires(const S& stage, const typename S::template Parameters<T>& p,
                                            workspace_t<S, Tensor<T, 4>>& ws, Turns& turns) {
    stage.prepare(p, ws, turns);
  };

  std::vector<Entry> entries_;
};

}  // namespace lamina::detail
