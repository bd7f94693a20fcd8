// A program's own functions and types have the names that the library uses, in the namespace of its layers, losses,
// optimizers, callbacks and so on. The library's calls never reach them: a call that so much as looks at one of these
// functions does not compile.
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/augment.hpp>
#include <lamina/checkpoint.hpp>
#include <lamina/diagnose.hpp>
#include <lamina/digits.hpp>
#include <lamina/lamina.hpp>
#include <lamina/logging.hpp>
#include <lamina/network.hpp>
#include <lamina/report.hpp>
#include <lamina/testing.hpp>
#include <lamina/tune.hpp>

#include "../catch.hpp"

namespace user_names {

template <typename... A>
struct Hijacked {
  static_assert(sizeof...(A) > 100, "a call inside lamina has found a function of the program's: qualify it");
  using type = void;
};

#define TAKEN(name)       \
  template <typename... A> \
  typename Hijacked<A...>::type name(A&&...);
TAKEN(all_finite) TAKEN(apply) TAKEN(augment) TAKEN(backward) TAKEN(batch_shape) TAKEN(batches) TAKEN(check)
TAKEN(check_extents) TAKEN(check_layer) TAKEN(check_loss) TAKEN(check_written) TAKEN(copy) TAKEN(counted_parameters)
TAKEN(describe) TAKEN(diagnose) TAKEN(evaluate) TAKEN(fill_normal) TAKEN(fit) TAKEN(forward) TAKEN(gather)
TAKEN(gives_probabilities) TAKEN(has_independent_outputs) TAKEN(infer) TAKEN(initialize) TAKEN(is_regression) TAKEN(join)
TAKEN(layer_count) TAKEN(overfit) TAKEN(listed) TAKEN(load) TAKEN(look_at_gradient) TAKEN(look_at_losses) TAKEN(lower)
TAKEN(make_node) TAKEN(make_step) TAKEN(matrix) TAKEN(meaning_of) TAKEN(message) TAKEN(move) TAKEN(multiply_adds) TAKEN(name)
TAKEN(option_text) TAKEN(option_texts) TAKEN(option_value) TAKEN(option_values) TAKEN(output_shape) TAKEN(parameter_count)
TAKEN(plain) TAKEN(prepare) TAKEN(print) TAKEN(read_layers) TAKEN(read_option) TAKEN(read_option_of) TAKEN(reshape)
TAKEN(resize) TAKEN(row_vector) TAKEN(run) TAKEN(sample_shape) TAKEN(save) TAKEN(search) TAKEN(share) TAKEN(shape)
TAKEN(shortest) TAKEN(shuffle) TAKEN(softmax_row) TAKEN(split) TAKEN(step) TAKEN(sum) TAKEN(summary) TAKEN(tell) TAKEN(text)
TAKEN(together) TAKEN(trace) TAKEN(try_steps) TAKEN(update) TAKEN(visit) TAKEN(visit_buffers) TAKEN(visit_from)
TAKEN(visit_named) TAKEN(visit_named_from) TAKEN(visit_named_parameters) TAKEN(visit_named_tensors) TAKEN(visit_parameters)
TAKEN(visit_some) TAKEN(walk) TAKEN(weight_of) TAKEN(zeros_like)
#undef TAKEN

// The standard library looks for these itself; they must not be chosen.
#define TAKEN(name)        \
  template <typename... A> \
  void name(A&&...) = delete;
TAKEN(begin) TAKEN(data) TAKEN(end) TAKEN(get) TAKEN(size) TAKEN(swap)
#undef TAKEN

using lamina::Index, lamina::Rng, lamina::Shape, lamina::Tensor;

/// y = x · g, which measures, and has everything that a layer may have.
struct Scale {
  double power = 1;

  static constexpr std::string_view name = "Scale";
  template <typename T>
  struct Parameters {
    Tensor<T, 1> gain;
    lamina::Buffer<T, 1> seen;
    template <typename V, typename... P>
    static void visit(V&& v, P&... p) {
      v("gain", p.gain...);
      v("seen", p.seen...);
    }
  };
  template <lamina::AnyTensor X>
  struct Workspace {
    X kept;
  };
  template <typename V, typename... S>
  static void visit_options(V&& v, S&... s) {
    v("power", s.power...);
  }
  constexpr Shape<2> output_shape(const Shape<2>& in) const { return in; }
  constexpr Index multiply_adds(const Shape<2>& in) const { return in[1]; }
  constexpr Index parameter_count(const Shape<2>& in) const { return 2 * in[1]; }
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng) const {
    Parameters<T> p;
    p.gain = Tensor<T, 1>(in[1]);
    p.gain.setConstant(T(1));
    p.seen = p.gain;
    return p;
  }
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y,
               const lamina::Context&) const {
    ws.kept = x;
    forward_inference(p, x, ws, y);
  }
  template <typename T>
  void forward_inference(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>&, Tensor<T, 2>& y) const {
    lamina::reshape(y, lamina::shape(x));
    lamina::matrix(y) = lamina::matrix(x).array().rowwise() * lamina::row_vector(p.gain).array();
  }
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>&, const Tensor<T, 2>& dy,
                Workspace<Tensor<T, 2>>&, Tensor<T, 2>* dx, Parameters<T>& dp) const {
    lamina::reshape(dp.gain, lamina::shape(p.gain));
    dp.seen = p.seen;
    lamina::row_vector(dp.gain) = (lamina::matrix(dy).array() * lamina::matrix(x).array()).colwise().sum();
    if (!dx) return;
    lamina::reshape(*dx, lamina::shape(x));
    lamina::matrix(*dx) = lamina::matrix(dy).array().rowwise() * lamina::row_vector(p.gain).array();
  }
};

struct Classes {
  double factor = 1;

  static constexpr std::string_view name = "Classes";
  static constexpr bool expects_logits = true;
  template <typename V, typename... S>
  static void visit_options(V&& v, S&... s) {
    v("factor", s.factor...);
  }
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<lamina::TargetView<T>>& y, Index batch,
                    Tensor<T, 2>& dz) const {
    return lamina::SoftmaxCrossEntropy{}(z, y, batch, dz);
  }
  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<lamina::TargetView<T>>& y) const {
    return lamina::SoftmaxCrossEntropy{}.correct(z, y);
  }
  template <typename T>
  double weight(const lamina::TargetView<T>& y) const {
    return static_cast<double>(y.size());
  }
};

struct Descent {
  double learning_rate = 0.5, weight_decay = 0;

  static constexpr std::string_view name = "Descent";
  template <typename V, typename... S>
  static void visit_options(V&& v, S&... s) {
    v("learning_rate", s.learning_rate...);
  }
  void check() const {}
  std::size_t state_tensors() const { return 1; }
  template <typename T>
  bool update(const lamina::ParameterSlice<T>& slice, double rate) const noexcept {
    return lamina::SGD{.learning_rate = learning_rate, .momentum = 0.5}.update(slice, rate);
  }
};

struct Watch {
  int* events;
  void operator()(lamina::EpochEnd&) { ++*events; }
  void operator()(lamina::BatchEnd&) { ++*events; }
};

struct Nothing {
  double probability = 0.5;
  void check() const {}
  template <typename T>
  void operator()(lamina::Canvas<T>& image, Rng) const {
    image.pixels();
  }
};

struct Ramp {
  double operator()(double done) const { return 1 - done; }
};

struct Keep {
  int kept = 0;
  std::optional<lamina::Checkpoint> find() { return {}; }
  bool due(const lamina::RunPosition&) { return true; }
  void keep(const lamina::Checkpoint&) { ++kept; }
};

struct Same {
  template <typename T>
  void operator()(lamina::StepGradient<T>&) const {}
};

struct Start {
  double operator()(Rng& rng, lamina::detail::Fans) const { return rng.uniform() - 0.5; }
};

const auto network = lamina::Sequential{
    lamina::Flatten{}, lamina::BasicDense{.units = 6, .weight_initializer = Start{}}, Scale{},
    lamina::Residual{lamina::Sequential{Scale{}, lamina::Tanh{}}}, lamina::Dense{.units = 10}};

TEST_CASE("a network of a program's own parts is trained, judged, saved and checked by the library's functions alone") {
  auto [images, labels] = lamina::draw_digits(60, Rng{1});
  const lamina::Dataset<3> all{images, labels};
  const auto [train, test] = lamina::split(all, lamina::Fractions{0.7, 0.3}, Rng{2});
  lamina::Model model{network, all.sample_shape(), Rng{3}};
  int events = 0;
  Keep keep;
  auto callbacks = lamina::CallbackList{Watch{&events}, [](lamina::EpochEnd&) {}};
  lamina::Trainer trainer{Classes{}, Descent{}, {lamina::ParameterGroup{.parameters = {"1"}, .rate = 0.5}}};
  const lamina::History history = trainer.fit(
      model, train,
      {.epochs = 2, .schedule = Ramp{}, .validation = test, .reduce = Same{}, .augment = Nothing{}, .checkpoint = keep,
       .on_batch = std::ref(callbacks), .on_epoch = std::ref(callbacks)});
  CHECK(history.epochs.size() == 2);
  CHECK(events == 2 * 2 + 2);
  CHECK(keep.kept > 0);
  for (const auto& batch : lamina::batches(train, {.batch_size = 20, .shuffle = Rng{5}, .augment = Nothing{}})) trainer.step(model, batch);

  CHECK(lamina::evaluate(model, test, Classes{}).mean_loss.has_value());
  std::ostringstream out;
  out << lamina::summary(model) << lamina::diagnose(trainer, model, train, {.validation = test});
  CHECK(out.str().find("Scale") != std::string::npos);

  const std::vector<std::byte> file = lamina::save_bytes(model);
  lamina::Model again{network, all.sample_shape(), Rng{4}};
  lamina::load_bytes(again, file);
  const Tensor<float, 4> x(Tensor<float, 4>(2, 28, 28, 1).setConstant(0.5F));
  lamina::Predictor predict{again};
  CHECK(lamina::matrix(predict(x)) == lamina::matrix(model(x)));
  CHECK(lamina::predict_classes(model, test).size() == static_cast<std::size_t>(test.size()));
}

TEST_CASE("a program's own layer is listed, rebuilt and checked by the library's functions alone") {
  using Listed = lamina::BasicNetwork<Scale>;
  Listed list{Scale{}, lamina::Tanh{}};
  list.push_back(lamina::Dense{.units = 3});
  const lamina::Model model{list, Shape{4}, Rng{3}};
  const auto loaded = lamina::load_model_bytes<Listed>(lamina::save_bytes(model));
  CHECK(loaded.model.parameter_count() == model.parameter_count());
  CHECK(lamina::check_gradient(network, Shape{2, 5, 4, 1}).passed());
  CHECK(lamina::check_gradient(list, Shape{2, 4}).passed());
  const Tensor<double, 2> z(Tensor<double, 2>(2, 3).setConstant(0.5));
  const std::vector<std::int32_t> labels{0, 2};
  CHECK(lamina::check_loss_gradient(Classes{}, z, labels, 2).passed());
  auto p = network.initialize<double>(Shape{1, 5, 4, 1}, Rng{1});
  CHECK(lamina::parameter_count(lamina::detail::zeros_like(p)) == lamina::parameter_count(p));
}

}  // namespace user_names

namespace user_types {

struct backward {};
struct check {};
struct data {};
struct forward {};
struct infer {};
struct join {};
struct matrix {};
struct message {};
struct move {};
struct name {};
struct print {};
struct reshape {};
struct resize {};
struct shape {};
struct size {};
struct split {};
struct sum {};
struct swap {};
struct text {};
struct trace {};
struct visit {};
struct walk {};

struct Layer : user_names::Scale {};

TEST_CASE("types of a program's own may have the names of the library's functions") {
  CHECK(lamina::check_gradient(lamina::Sequential{Layer{}, lamina::Dense{.units = 3}}, lamina::Shape{2, 4}).passed());
  lamina::Model model{Layer{}, lamina::Shape{4}, lamina::Rng{1}};
  CHECK(model(lamina::Tensor<float, 2>(3, 4)).dimension(0) == 3);
}

}  // namespace user_types
