#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../layers/layer.hpp"
#include "listed_stages.hpp"
#include "trace.hpp"
#include "walk.hpp"

namespace LAMINA_NAMESPACE {

/// Layers one after another, listed at run time: what Sequential is for layers that are known while compiling. For
/// networks whose depth is searched for, or that are read from a file.
///
///   Network deep{Flatten{}};
///   for (Index i = 0; i < depth; ++i) {
///     deep.push_back(Dense{.units = 100});
///     deep.push_back(ReLU{});
///   }
///   deep.push_back(Dense{.units = 10});
///   Model model{deep, Shape{28, 28, 1}, Rng{42}};
///
/// Itself a layer, from images (N, H, W, C) or rows (N, F) to rows (N, K). It runs the stages that Sequential runs and
/// gives the same bits; its parameters have the same names: "3.weight" belongs to layer 3. What the compiler says of a
/// Sequential, such as rows given to a Conv, is here a ShapeError, which names the layer's place.
///
/// BasicNetwork<Mine> lists layers of one's own type Mine, too.
template <typename... Own>
class BasicNetwork {
 public:
  using Listed = AnyLayer<Own...>;

 private:
  using Stages = detail::ListedStages<Listed>;
  using Pass = typename Stages::Pass;

  template <typename L>
  static constexpr bool listable = requires(Listed& any, const L& layer) { any = detail::listed(layer); };

 public:
  static constexpr std::string_view name = "Network";

  template <typename T>
  using Parameters = typename Stages::template Parameters<T>;
  template <AnyTensor X>
  using Workspace = typename Stages::template Workspace<scalar_t<X>>;

  BasicNetwork() = default;
  template <typename... Ls>
    requires(sizeof...(Ls) > 0 && (listable<Ls> && ...))
  explicit BasicNetwork(const Ls&... layers) : layers_{Listed(detail::listed(layers))...} {
    stages_.arrange(layers_);
  }

  /// Appends a layer.
  template <typename L>
    requires listable<L>
  void push_back(const L& layer) {
    layers_.push_back(Listed(detail::listed(layer)));
    stages_.arrange(layers_);
  }

  /// The layers, in order: each a variant, for std::visit.
  std::size_t size() const { return layers_.size(); }
  const Listed& operator[](std::size_t i) const { return layers_[i]; }
  auto begin() const { return layers_.begin(); }
  auto end() const { return layers_.end(); }

  /// How many numbers a sample must hold, whatever its extents; nothing where the layers alone decide.
  void expect_inputs(Index numbers) { inputs_ = numbers; }
  const std::optional<Index>& inputs() const { return inputs_; }

  /// Whether the last layer gives probabilities, so that a loss on logits must not follow.
  bool ends_in_probabilities() const {
    if (layers_.empty()) return false;
    return std::visit([](const auto& last) { return gives_probabilities<std::remove_cvref_t<decltype(last)>>(); },
                      layers_.back());
  }

  /// Throws ShapeError, which names the layer's place, where a layer cannot take what comes, and where the last one gives
  /// no rows.
  template <int Rank>
  Shape<2> output_shape(const Shape<Rank>& in) const {
    const AnyShape out = for_each_layer(in, [](std::size_t, const auto&, const auto&) {});
    if (const auto* images = std::get_if<Shape<4>>(&out)) detail::refuse_images(*images);
    return std::get<Shape<2>>(out);
  }

  template <int Rank>
  Index multiply_adds(const Shape<Rank>& in) const {
    Index sum = 0;
    for_each_layer(in, [&](std::size_t, const auto& layer, const auto& x) { sum += lamina::multiply_adds(layer, x); });
    return sum;
  }

  /// Layer i draws from the i-th stream: what one layer draws depends on no other.
  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng rng) const {
    output_shape(in);
    Parameters<T> p;
    p.layers.resize(size());
    for_each_layer(in, [&](std::size_t i, const auto& layer, const auto& x) {
      p.layers[i] = layer.template initialize<T>(x, rng.split(i));
    });
    return p;
  }

  template <typename W>
  void make_ready(W& ws) const {
    stages_.template make_ready<typename W::Scalar>(ws);
  }
  template <typename P, typename W>
  void prepare(const P& p, W& ws, Turns& turns) const {
    stages_.template prepare<typename W::Scalar>(p, ws, turns);
  }

  template <typename P, AnyTensor X>
  void forward(const P& p, const X& x, Workspace<X>& ws, Tensor<scalar_t<X>, 2>& y) const {
    stages_.template run<Pass::training, scalar_t<X>>(p, given(x), ws, y);
  }

  template <typename P, AnyTensor X>
  void infer(const P& p, const X& x, Workspace<X>& ws, Tensor<scalar_t<X>, 2>& y) const {
    stages_.template run<Pass::inference, scalar_t<X>>(p, given(x), ws, y);
  }

  template <typename P, AnyTensor X>
  void backward(const P& p, const X& x, const Tensor<scalar_t<X>, 2>& y, const Tensor<scalar_t<X>, 2>& dy,
                Workspace<X>& ws, X* dx, P& dp) const {
    using T = scalar_t<X>;
    stages_.template backward<T>(p, given(x), y, dy, ws, detail::either<detail::Wanted<T>>(dx), dp);
  }

  /// What walk does for this network.
  template <int Rank, typename P, typename Visitor>
  void walk_layers(const Shape<Rank>& in, P& p, Visitor& visit, const std::string& path) const {
    check(p);
    for_each_layer(in, [&](std::size_t i, const auto& layer, const auto& x) {
      walk(layer, x, own(layer, p, i), visit, detail::place_in(path, i));
    });
  }

  /// What trace does for this network.
  template <typename P, AnyTensor X, typename Visitor>
  Tensor<scalar_t<X>, 2> trace_layers(const P& p, const X& x, Visitor& visit, const std::string& path) const {
    check(p);
    std::variant<Tensor<scalar_t<X>, 2>, Tensor<scalar_t<X>, 4>> at = x;
    for_each_layer(shape(x), [&](std::size_t i, const auto& layer, const auto& in) {
      const auto& own_x = std::get<Tensor<scalar_t<X>, std::remove_cvref_t<decltype(in)>::rank>>(at);
      at = trace(layer, own(layer, p, i), own_x, visit, detail::place_in(path, i));
    });
    return std::get<0>(std::move(at));
  }

  /// The shape of images or of rows.
  using AnyShape = std::variant<Shape<2>, Shape<4>>;

  /// action(i, layer, the shape of its input) for every layer; returns the shape of the last one's output. Throws as
  /// output_shape does.
  template <int Rank, typename Action>
  AnyShape for_each_layer(const Shape<Rank>& in, Action&& action) const {
    static_assert(Rank == 2 || Rank == 4, "Network: takes images (N, H, W, C) or rows (N, F)");
    if (layers_.empty()) throw ShapeError("Network: expects at least one layer");
    if (inputs_ && sample_shape(in).size() != *inputs_)
      throw ShapeError(message("Network: expects samples of ", *inputs_, " numbers but got ", in));
    AnyShape at = in;
    for (std::size_t i = 0; i < size(); ++i)
      at = std::visit([&](const auto& layer, const auto& x) { return step(i, layer, x, action); }, layers_[i], at);
    return at;
  }

 private:
  template <AnyTensor X>
  static detail::Given<scalar_t<X>> given(const X& x) {
    return detail::either<detail::Given<scalar_t<X>>>(&x);
  }

  template <typename L, int Rank, typename Action>
  AnyShape step(std::size_t i, const L& layer, const Shape<Rank>& x, Action& action) const {
    if constexpr (detail::Takes<L, Rank>) {
      const AnyShape out = detail::at_place(i, [&] {
        if (std::is_same_v<L, Softmax> && i > 0 && std::holds_alternative<Softmax>(layers_[i - 1]))
          throw ShapeError("Softmax: follows Softmax: its input would be probabilities already; remove one of the two");
        return layer.output_shape(x);
      });
      action(i, layer, x);
      return out;
    } else {
      detail::at_place(i, [&] { detail::refuse_rank(L::name, x); });
      return x;
    }
  }

  void check(const auto& p) const {
    if (p.layers.size() != size())
      throw ShapeError("Network: expects its own parameters but got those of another network");
  }
  template <typename L, typename P>
  static auto& own(const L&, P& p, std::size_t i) {
    return std::get<typename L::template Parameters<typename P::Scalar>>(p.layers[i]);
  }

  std::vector<Listed> layers_;
  Stages stages_;
  std::optional<Index> inputs_;
};

using Network = BasicNetwork<>;

}  // namespace lamina
