#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../exec/lowering.hpp"
#include "../layers/check_layer.hpp"
#include "../layers/layer.hpp"
#include "any_layer.hpp"
#include "layer_names.hpp"
#include "listed_lowering.hpp"
#include "listed_shapes.hpp"
#include "network_errors.hpp"
#include "network_workspace.hpp"

namespace LAMINA_NAMESPACE {

/// A list of layers that is built at run time, whereas Sequential's is fixed at compile time. Use it if the depth is
/// searched for or the network is read from a file.
///
///   Network deep{Flatten{}};
///   for (Index i = 0; i < depth; ++i) {
///     deep.push_back(Dense{.units = 100});
///     deep.push_back(ReLU{});
///   }
///   deep.push_back(Dense{.units = 10});
///   Model model{deep, Shape{28, 28, 1}, Rng{42}};
///
/// It is itself a layer, from images (N, H, W, C) or rows (N, F) to rows (N, K). It runs the same fused layers as Sequential
/// and gives the same bits; its parameters have the same names: "3.weight" belongs to layer 3. Mistakes that do not
/// compile in a Sequential, such as rows passed to a Conv, are a ShapeError here, which names the layer's place.
///
/// BasicNetwork<Mine> can also hold layers of the user's type Mine.
template <typename... Own>
class BasicNetwork {
 public:
  using Listed = detail::AnyLayer<Own...>;

 private:
  static constexpr bool are_layers = (detail::check_layer_members<Own>() && ... && true);

  template <typename L>
  static constexpr bool is_listable = requires(Listed& any, const L& layer) { any = detail::listed(layer); };
  template <typename L>
  static constexpr bool is_block = requires(const L& layer, BasicNetwork& network) { layer.append_to(network); };

  /// Lists a layer, or the layers of a block.
  template <typename L>
  void list(const L& layer) {
    if constexpr (is_listable<L>)
      layers_.push_back(Listed(detail::listed(layer)));
    else if constexpr (is_block<L>)
      layer.append_to(*this);
    else if constexpr (detail::check_layer_members<L>())
      static_assert(is_listable<L>, "Network: lists the library's layers only: use BasicNetwork<Mine> for those of type Mine, too");
  }

 public:
  static constexpr std::string_view name = "Network";

  template <typename T>
  using Parameters = detail::ModelParameters<T>;

  template <AnyTensor X>
  using Workspace = detail::NetworkWorkspace<scalar_t<X>>;

  BasicNetwork() = default;
  template <typename... Ls>
    requires(sizeof...(Ls) > 0 && !(std::is_same_v<Ls, BasicNetwork> || ...))
  explicit BasicNetwork(const Ls&... layers) {
    layers_.reserve(sizeof...(Ls));
    (list(layers), ...);
  }

  /// Appends a layer; or the layers of a block, one after another: of a Residual, Add, Mul or Concat, whose branches may be
  /// Networks, and of a Sequential or Network. Behind a branch stands a From, at the end a merge, see layers/merges.hpp.
  template <typename L>
  void push_back(const L& layer) {
    list(layer);
    mark_ = std::make_shared<const char>();
    if (!names_.empty()) names_.resize(size());
  }

  /// Appends a layer, or a block, that has a name, as PyTorch's modules have: its parameters are then "conv1.weight". The layers of
  /// a block are called "layer1.conv1" if they have names of their own, otherwise "layer1.0", "layer1.1", … Throws OptionError for
  /// a name that does not begin with a letter; a model does if two layers have one name.
  ///
  ///   network.push_back(Conv{.filters = 16}, "conv1");
  ///   network.push_back(Residual{body}, "layer1");
  template <typename L>
  void push_back(const L& layer, std::string_view called) {
    detail::check_layer_name(called);
    const std::size_t first = size();
    push_back(layer);
    names_.resize(size());
    detail::name_layers(names_, first, called, !is_listable<L>);
  }

  /// Appends the layers to another list. They keep their names.
  void append_to(BasicNetwork& network) const {
    const std::vector<Listed> layers = layers_;
    const std::vector<std::string> names = names_;
    if (!names.empty()) network.names_.resize(network.size());
    network.layers_.insert(network.layers_.end(), layers.begin(), layers.end());
    network.names_.insert(network.names_.end(), names.begin(), names.end());
    if (!network.names_.empty()) network.names_.resize(network.size());
  }

  /// Returns the name of layer i, empty if it has none.
  std::string_view layer_name(std::size_t i) const { return names_.empty() ? std::string_view() : std::string_view(names_[i]); }

  /// Returns the layers in order; each is a variant, for std::visit.
  std::size_t size() const { return layers_.size(); }
  const Listed& operator[](std::size_t i) const { return layers_[i]; }
  auto begin() const { return layers_.begin(); }
  auto end() const { return layers_.end(); }

  /// Sets how many numbers a sample must hold, whatever its extents; without it only the layers decide.
  void expect_inputs(Index numbers) { inputs_ = numbers; }
  const std::optional<Index>& inputs() const { return inputs_; }

  /// Returns whether the last layer outputs probabilities, so that a loss on logits must not follow.
  bool ends_in_probabilities() const {
    if (layers_.empty()) return false;
    return std::visit([](const auto& last) { return gives_probabilities<std::remove_cvref_t<decltype(last)>>(); },
                      layers_.back());
  }

  /// Checks while compiling that layers of one's own are ones. Returns whether they are.
  template <AnyTensor X>
  static consteval bool check() {
    static_assert(rank_v<X> == 2 || rank_v<X> == 4,
                  "Network: takes images (N, H, W, C) or rows (N, F): a Model is given the shape of a sample, (H, W, C) or (F)");
    if constexpr (are_layers && (rank_v<X> == 2 || rank_v<X> == 4))
      return (check_own<Own, scalar_t<X>>() && ... && true);
    else
      return false;
  }

  /// Returns the shape of the output. Throws ShapeError, which names the layer's place, if a layer cannot take its input,
  /// or if the last one does not output rows.
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

  /// Draws the parameters. Layer i draws from the i-th stream, so that its numbers do not depend on other layers.
  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng rng) const {
    return program<T>(in).initialize(detail::Draw{&rng});
  }

  /// Adds the layers, and the fused layers that run them, to a program; detail::lower calls it.
  template <AnyTensor X>
  void lower(detail::Lowering<scalar_t<X>>& to) const;

  template <AnyTensor X>
  void forward(const Parameters<scalar_t<X>>& p, const X& x, Workspace<X>& ws, Tensor<scalar_t<X>, 2>& y,
               const Context& context) const {
    make_ready(p, x, ws, context).forward(p.of_layers(), x, ws.memory, y);
  }

  template <AnyTensor X>
  void forward_inference(const Parameters<scalar_t<X>>& p, const X& x, Workspace<X>& ws, Tensor<scalar_t<X>, 2>& y,
             const Context& context = {}) const {
    make_ready(p, x, ws, context).forward_inference(p.of_layers(), x, ws.memory, y);
  }

  template <AnyTensor X>
  void backward(const Parameters<scalar_t<X>>& p, const X& x, const Tensor<scalar_t<X>, 2>& y,
                const Tensor<scalar_t<X>, 2>& dy, Workspace<X>& ws, X* dx, Parameters<scalar_t<X>>& dp) const {
    if (!std::ranges::equal(dp.names(), p.names())) {
      Parameters<scalar_t<X>> fresh = p.empty();
      dp.swap(fresh);
    }
    ws.program.check(dp);
    ws.program.backward(p.of_layers(), x, y, dy, ws.memory,
                        dx ? detail::TensorSlot<scalar_t<X>>(*dx) : detail::TensorSlot<scalar_t<X>>(), dp.of_layers());
  }

  using AnyShape = detail::AnyShape;

  /// Calls action(i, layer, shape of its input) for every layer; for a merge the shape is that of its output. Returns the shape
  /// of the last layer's output. Throws as output_shape does.
  template <int Rank, typename Action>
  AnyShape for_each_layer(const Shape<Rank>& in, Action&& action) const {
    static_assert(Rank == 2 || Rank == 4, "Network: takes images (N, H, W, C) or rows (N, F)");
    return detail::for_each_listed_layer(layers_, inputs_, in, action);
  }

 private:
  template <typename L, typename T>
  static consteval bool check_own() {
    bool all = true;
    if constexpr (detail::Takes<L, 2>) all = all && detail::check_calls<L, Tensor<T, 2>>();
    if constexpr (detail::Takes<L, 4>) all = all && detail::check_calls<L, Tensor<T, 4>>();
    return all;
  }

  template <typename T, int Rank>
  detail::Program<T> program(const Shape<Rank>& in) const {
    detail::Lowering<T> to(in.extents);
    lower<Tensor<T, Rank>>(to);
    return to.program();
  }

  template <AnyTensor X>
  const detail::Program<scalar_t<X>>& make_ready(const Parameters<scalar_t<X>>& p, const X& x, Workspace<X>& ws,
                                               const Context& context) const {
    Shape<rank_v<X>> in = shape(x);
    in[0] = 1;
    return ws.make_ready(mark_, in.extents, p, context, [&] { return program<scalar_t<X>>(in); });
  }

  std::vector<Listed> layers_;
  std::vector<std::string> names_;  // of the layers, "" for none; empty if no layer has a name
  std::optional<Index> inputs_;
  std::shared_ptr<const char> mark_ = std::make_shared<const char>();  // replaced whenever the layers change
};

template <typename... Own>
template <AnyTensor X>
void BasicNetwork<Own...>::lower(detail::Lowering<scalar_t<X>>& to) const {
  Shape<rank_v<X>> in;
  std::copy(to.extents().begin(), to.extents().end(), in.extents.begin());
  output_shape(in);
  detail::check_layer_names(names_);
  detail::ListedLowering<Listed, scalar_t<X>>(layers_, names_, to).run();
}

using Network = BasicNetwork<>;

#ifdef LAMINA_COMPILED
extern template void Network::lower<Tensor<float, 2>>(detail::Lowering<float>& to) const;
extern template void Network::lower<Tensor<float, 4>>(detail::Lowering<float>& to) const;
extern template void Network::lower<Tensor<double, 2>>(detail::Lowering<double>& to) const;
extern template void Network::lower<Tensor<double, 4>>(detail::Lowering<double>& to) const;
#endif

}  // namespace lamina
