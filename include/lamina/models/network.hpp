#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "../exec/program.hpp"
#include "../layers/layer.hpp"
#include "../layers/stages.hpp"
#include "any_layer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The program of the network that it served last.
template <typename T>
struct NetworkWorkspace {
  Program<T> program{};
  typename Program<T>::Memory memory{};
  std::shared_ptr<const char> of{};
  std::vector<Index> in{};
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
  template <typename L>
  static constexpr bool listable = requires(Listed& any, const L& layer) { any = detail::listed(layer); };

 public:
  static constexpr std::string_view name = "Network";

  template <typename T>
  using Parameters = ModelParameters<T>;

  template <AnyTensor X>
  using Workspace = detail::NetworkWorkspace<scalar_t<X>>;

  BasicNetwork() = default;
  template <typename... Ls>
    requires(sizeof...(Ls) > 0 && (listable<Ls> && ...))
  explicit BasicNetwork(const Ls&... layers) : layers_{Listed(detail::listed(layers))...} {}

  /// Appends a layer.
  template <typename L>
    requires listable<L>
  void push_back(const L& layer) {
    layers_.push_back(Listed(detail::listed(layer)));
    mark_ = std::make_shared<const char>();
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
    return program<T>(in).initialize(rng);
  }

  /// Adds the layers, and the stages that run them, to a program: what detail::lower asks.
  template <AnyTensor X>
  void lower(detail::Lowering<scalar_t<X>>& to) const {
    Shape<rank_v<X>> in;
    std::copy(to.extents().begin(), to.extents().end(), in.extents.begin());
    output_shape(in);
    std::uint64_t draw = 0;  // how many of the stages before it draw
    for (std::size_t i = 0; i < size(); i += lower_stage<scalar_t<X>>(i, draw, to)) {}
  }

  template <AnyTensor X>
  void forward(const Parameters<scalar_t<X>>& p, const X& x, Workspace<X>& ws, Tensor<scalar_t<X>, 2>& y,
               const Context& context) const {
    make_ready(p, x, ws, context).forward(p.of_layers(), x, ws.memory, y);
  }

  template <AnyTensor X>
  void infer(const Parameters<scalar_t<X>>& p, const X& x, Workspace<X>& ws, Tensor<scalar_t<X>, 2>& y,
             const Context& context = {}) const {
    make_ready(p, x, ws, context).infer(p.of_layers(), x, ws.memory, y);
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
    std::vector<AnyShape> inputs;
    for (std::size_t i = 0; i < size(); ++i) {
      inputs.push_back(at);
      if (const Add* add = std::get_if<Add>(&layers_[i])) detail::at_place(i, [&] { check_sum(*add, inputs); });
      at = std::visit([&](const auto& layer, const auto& x) { return step(i, layer, x, action); }, layers_[i], at);
    }
    return at;
  }

 private:
  template <typename T, int Rank>
  detail::Program<T> program(const Shape<Rank>& in) const {
    detail::Lowering<T> to(in.extents);
    lower<Tensor<T, Rank>>(to);
    return to.program();
  }

  /// Gives a workspace this network's program, where it served another network, or samples of other extents.
  template <AnyTensor X>
  const detail::Program<scalar_t<X>>& make_ready(const Parameters<scalar_t<X>>& p, const X& x, Workspace<X>& ws,
                                               const Context& context) const {
    Shape<rank_v<X>> in = shape(x);
    in[0] = 1;
    if (!ws.of || ws.of != mark_ || !std::ranges::equal(ws.in, in.extents)) {
      ws.program = program<scalar_t<X>>(in);
      ws.of = mark_;
      ws.in.assign(in.extents.begin(), in.extents.end());
    }
    ws.program.check(p);
    ws.memory.winograd = context.winograd;
    ws.memory.crew = context.crew;
    ws.memory.draws = context.draws;
    ws.memory.first = context.first;
    return ws.program;
  }

  /// Adds the longest stage that begins at layer i, or the layer, and returns how many layers that takes.
  template <typename T, std::size_t F = 0>
  std::size_t lower_stage(std::size_t i, std::uint64_t& draw, detail::Lowering<T>& to) const {
    if constexpr (F < std::tuple_size_v<Fusions>) {
      const std::size_t count = lower_fusion(i, to, std::tuple_element_t<F, Fusions>{});
      return count > 0 ? count : lower_stage<T, F + 1>(i, draw, to);
    } else {
      to.enter(i, draw);
      if (const Add* sum = std::get_if<Add>(&layers_[i])) {
        to.add_sum(static_cast<std::size_t>(sum->back));
      } else {
        add<T>(i, to);
        draw += to.run_last() ? 1U : 0U;
      }
      to.leave();
      return 1;
    }
  }

  template <typename T, typename S, std::size_t Owner, typename... Ls>
  std::size_t lower_fusion(std::size_t i, detail::Lowering<T>& to, Fusion<S, Owner, Ls...>) const {
    if (i + sizeof...(Ls) > size()) return 0;
    return [&]<std::size_t... J>(std::index_sequence<J...>) -> std::size_t {
      if (!(std::holds_alternative<detail::listed_t<Ls>>(layers_[i + J]) && ...) || is_parted(i, sizeof...(Ls))) return 0;
      const S stage{detail::plain(std::get<detail::listed_t<Ls>>(layers_[i + J]))...};
      const bool images = to.extents().size() == 4;
      for (std::size_t j = 0; j < sizeof...(Ls); ++j) {
        to.enter(i + j, 0);
        add<T>(i + j, to);
        to.leave();
      }
      to.enter(i + Owner, 0);
      if constexpr (detail::Takes<S, 2>)
        if (!images) to.template run_stage<Tensor<T, 2>>(stage, sizeof...(Ls), Owner);
      if (images) to.template run_stage<Tensor<T, 4>>(stage, sizeof...(Ls), Owner);
      to.leave();
      return sizeof...(Ls);
    }(std::index_sequence_for<Ls...>{});
  }

  /// Whether an Add takes the input of a layer after layer i among the next `count`, which then cannot run as one.
  bool is_parted(std::size_t i, std::size_t count) const {
    for (std::size_t j = i + 1; j < size(); ++j)
      if (const Add* sum = std::get_if<Add>(&layers_[j])) {
        const std::size_t from = j - static_cast<std::size_t>(sum->back);
        if (from > i && from < i + count) return true;
      }
    return false;
  }

  /// Throws ShapeError when an Add cannot take the last of these inputs of layers, its own, and an earlier one.
  static void check_sum(const Add& add, const std::vector<AnyShape>& inputs) {
    const auto before = static_cast<Index>(inputs.size()) - 1;
    if (add.back < 1 || add.back > before)
      throw ShapeError(message("Add: expects .back from 1 to ", before, ", the layers before it, but got ", add.back));
    const AnyShape& other = inputs[static_cast<std::size_t>(before - add.back)];
    if (other == inputs.back()) return;
    const auto text = [](const AnyShape& shape) { return std::visit([](const auto& own) { return message(own); }, shape); };
    throw ShapeError(message("Add: expects layers between that keep the shape, but they make ", text(inputs.back()), " of ",
                             text(other), "; give them the filters, units and padding that do"));
  }

  /// Adds layer i, which output_shape has found to take what comes.
  template <typename T>
  void add(std::size_t i, detail::Lowering<T>& to) const {
    std::visit(
        [&]<typename L>(const L& layer) {
          if constexpr (!std::is_same_v<L, Add>) {
            if constexpr (detail::Takes<L, 4>)
              if (to.extents().size() == 4) return to.template add<Tensor<T, 4>>(layer);
            if constexpr (detail::Takes<L, 2>) to.template add<Tensor<T, 2>>(layer);
          }
        },
        layers_[i]);
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

  std::vector<Listed> layers_;
  std::optional<Index> inputs_;
  std::shared_ptr<const char> mark_ = std::make_shared<const char>();  // another one whenever the layers change
};

using Network = BasicNetwork<>;

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/network.ipp"
#endif
