// Functions of the caller's that do the worst to a model in training, from every place where they are called.

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>

#include <lamina/io/saved_model.hpp>
#include <lamina/models/network.hpp>
#include <lamina/training/checkpoint.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "small.hpp"

using namespace small;

namespace {

using Act = std::function<void()>;

/// Does something once, the n-th time that it is asked, whoever asks.
struct Once {
  const Act* act = nullptr;
  std::atomic<int>* left = nullptr;
  void operator()() const {
    if (left && --*left == 0) (*act)();
  }
};

/// A loss, a layer and an optimizer that do something in between.
struct ActingLoss : SoftmaxCrossEntropy {
  Once once{};
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    once();
    return SoftmaxCrossEntropy::operator()(z, y, batch, dz);
  }
};

struct ActingOptimizer : SGD {
  Once once{};
  template <typename T>
  bool update(const ParameterSlice<T>& slice, double rate) const {
    const bool finite = SGD::update(slice, rate);
    once();  // when this piece has moved
    return finite;
  }
};

struct ActingLayer {
  Once once{};
  bool backwards = false;

  static constexpr std::string_view name = "ActingLayer";
  template <typename>
  using Parameters = None;
  template <AnyTensor X>
  using Workspace = None;

  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  None initialize(const Shape<2>&, Rng) const {
    return {};
  }
  template <typename T>
  void forward(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    if (!backwards) once();
    y = x;
  }
  template <typename T>
  void backward(const None&, const Tensor<T, 2>&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&, Tensor<T, 2>* dx,
                None&) const {
    if (backwards) once();
    if (dx) *dx = dy;
  }
};

/// A store of checkpoints that acts when one of its functions is called.
struct ActingKeeper {
  Once find_once{}, due_once{}, keep_once{};
  std::optional<Checkpoint> find() {
    find_once();
    return std::nullopt;
  }
  bool due(const RunPosition&) {
    due_once();
    return false;
  }
  void keep(const Checkpoint&) { keep_once(); }
};

enum class Place { on_batch, on_epoch, reducer, schedule, find, due, keep, loss, forward, backward, optimizer, augmentation };
constexpr Place on_callers_thread[]{Place::on_batch, Place::on_epoch, Place::reducer, Place::schedule,
                                    Place::find,     Place::due,      Place::keep};
constexpr Place inside_a_step[]{Place::loss, Place::forward, Place::backward, Place::optimizer, Place::augmentation};

/// A run in which something is done from one place, the `asked`-th time that it is asked.
struct Scene {
  Place place;
  bool with_all;  // that may be asked for: an average, early stopping, a plateau
  Index threads;
  int asked = 1;
  Act act{};
  std::atomic<int> left{0};
  Dataset<3> data = bars(48), validation = bars(20, 3);
  Model model;
  Trainer<ActingLoss, ActingOptimizer> trainer;
  bool batch_stops = false, epoch_stops = false;

  Scene(Place where, bool all, Index count)
      : place(where), with_all(all), threads(count), model{network(), image, Rng{7}},
        trainer{ActingLoss{{}, once(Place::loss)},
                ActingOptimizer{{.learning_rate = 0.05, .momentum = 0.9}, once(Place::optimizer)}} {}

  Once once(Place of) { return of == place ? Once{&act, &left} : Once{}; }
  BasicNetwork<ActingLayer> network() {
    return BasicNetwork<ActingLayer>{Flatten{}, Dense{.units = 6}, ActingLayer{once(Place::forward), false}, ActingLayer{once(Place::backward), true},
            Tanh{}, Dense{.units = classes}};
  }

  History fit() {
    left = asked;
    ActingKeeper store{once(Place::find), once(Place::due), once(Place::keep)};
    FitOptions<3> options{.epochs = 3, .batch_size = 16, .threads = threads};
    if (with_all) {
      options.validation = &validation;
      options.early_stopping = EarlyStopping{.monitor = Monitor::loss, .patience = 9};
      options.on_plateau = ReduceOnPlateau{.monitor = Monitor::loss};
      options.average = EMA{.decay = 0.5};
    }
    options.on_batch = [&](BatchEnd& end) {
      once(Place::on_batch)();
      end.stop_training = batch_stops;
    };
    options.on_epoch = [&](EpochEnd& end) {
      once(Place::on_epoch)();
      end.stop_training = epoch_stops;
    };
    if (place == Place::reducer) options.reduce = [&](StepGradient<float>&) { once(Place::reducer)(); };
    options.schedule = [&](double) {
      once(Place::schedule)();
      return 1.0;
    };
    if (place == Place::augmentation) options.augment = [&](auto&, Rng) { once(Place::augmentation)(); };
    if (place == Place::find || place == Place::due || place == Place::keep) options.checkpoint = store;
    return trainer.fit(model, data, options);
  }

  /// Says how the run ended.
  std::string epilogue() {
    try {
      return fit().stopped ? "stopped" : "whole";
    } catch (const std::exception& error) {
      return error.what();
    } catch (int number) {
      return std::to_string(number);
    }
  }

  /// Returns whether a run from here on, in which nothing is done, is as one of a trainer and a model that are new.
  bool goes_on() {
    act = [] {};
    batch_stops = epoch_stops = false;
    Scene other(place, with_all, 1);
    other.act = act;
    other.model.parameters() = model.parameters();
    other.fit();
    fit();
    return digest(model) == digest(other.model);
  }
};

/// Calls check(scene) for a run of each kind.
template <typename Places, typename Check>
void each_scene(const Places& places, Check check) {
  for (const Place place : places)
    for (const bool with_all : {false, true})
      for (const Index threads : {1, 3}) {
        CAPTURE(static_cast<int>(place), with_all, threads);
        Scene scene(place, with_all, threads);
        check(scene);
      }
}

const std::string other_network =
    "fit: expects the network that it began to train, but the model was assigned another one meanwhile; assign it before or "
    "after";
const std::string moved = "Model: was moved from, and has no parameters; use the model that it was moved to";
const std::string in_training =
    ": the model is being trained already, by a fit or step that this one was called from; train a copy";

}  // namespace

TEST_CASE("what is thrown anywhere reaches the caller, and the model is as a whole step left it") {
  const auto check = [](Scene& scene, int asked) {
    scene.asked = asked;
    std::uint64_t before = 0;
    const auto noting = [&](auto thrown) {
      return [&before, &scene, thrown] {
        if (scene.place != Place::optimizer) before = digest(scene.model);  // which has moved in part
        throw thrown;
      };
    };
    scene.act = noting(std::runtime_error("enough"));
    Model start = scene.model;
    CHECK(scene.epilogue() == "enough");
    if (scene.place == Place::optimizer) before = digest(start);
    CHECK(digest(scene.model) == before);
    start = scene.model;
    scene.act = noting(42);
    CHECK(scene.epilogue() == "42");
    if (scene.place == Place::optimizer) before = digest(start);
    CHECK(digest(scene.model) == before);
    CHECK(scene.goes_on());
  };
  each_scene(on_callers_thread, [&](Scene& scene) { check(scene, 1); });
  each_scene(inside_a_step, [&](Scene& scene) { check(scene, scene.place == Place::optimizer ? 3 : 2); });
}

TEST_CASE("a step whose loss, layer, optimizer or reducer throws was not made, and the next one is as if it had not been asked") {
  for (const Place place : {Place::loss, Place::forward, Place::backward, Place::optimizer, Place::reducer})
    for (const Index threads : {1, 3}) {
      CAPTURE(static_cast<int>(place), threads);
      Scene scene(place, false, threads), plain(place, false, 1);
      scene.act = [] { throw 42; };
      plain.act = [] {};
      Batch<Tensor<float, 4>> batch;
      for (const auto& first : batches(scene.data, {.batch_size = 48})) batch = first;
      const auto step = [&](Scene& of) {
        const auto reduce = [&](StepGradient<float>&) { of.once(Place::reducer)(); };
        of.trainer.step(of.model, batch, {.threads = of.threads, .reduce = reduce});
      };
      for (int i = 0; i < 3; ++i) {
        const auto before = digest(scene.model);
        scene.left = 2;
        if (place == Place::reducer) scene.left = 1;
        CHECK_THROWS_AS(step(scene), int);
        CHECK(digest(scene.model) == before);
        scene.left = 0;
        step(scene);
        step(plain);
        CHECK(digest(scene.model) == digest(plain.model));
        CHECK(scene.model.steps() == plain.model.steps());
      }
    }
}

TEST_CASE("another network that is assigned from anywhere between two steps ends the run, and the model is what was assigned") {
  const Network layers{Flatten{}, Dense{.units = 900}, Tanh{}, Dense{.units = classes}};
  const Network few{Flatten{}, Dense{.units = classes}};
  for (const Model& other : {Model{layers, image, Rng{2}}, Model{few, Shape{4, 4, 1}, Rng{2}}})
    each_scene(on_callers_thread, [&](Scene& scene) {
      scene.act = [&] { scene.model = other; };
      CHECK(scene.epilogue() == other_network);
      CHECK(digest(scene.model) == digest(other));
      scene.model = Model{scene.network(), image, Rng{7}};
      CHECK(scene.goes_on());
    });
}

TEST_CASE("other parameters, drawn anew, loaded or assigned between two steps, are trained from there on") {
  const Scratch folder("hostile-callers");
  const std::filesystem::path file = folder.path / "model.safetensors";
  each_scene(on_callers_thread, [&](Scene& scene) {
    const Model other{scene.network(), image, Rng{8}};
    save(other, file);
    std::vector<std::uint64_t> ends;
    for (const Act& act : {Act([&] { scene.model = other; }), Act([&] { load(scene.model, file); }),
                           Act([&] { scene.model.reset_parameters(Rng{8}); }),
                           Act([&] { scene.model = Model(other); })}) {
      scene.model = Model{scene.network(), image, Rng{7}};
      scene.act = act;
      CHECK(scene.epilogue() == "whole");
      ends.push_back(digest(scene.model));
      CHECK(scene.goes_on());
    }
    CHECK(ends == std::vector<std::uint64_t>(4, ends[0]));
  });
}

TEST_CASE("a model that is moved from between two steps ends the run, and can be trained where it was moved to") {
  each_scene(on_callers_thread, [&](Scene& scene) {
    std::optional<Model> taken;
    scene.act = [&] { taken.emplace(std::move(scene.model)); };
    CHECK(scene.epilogue() == moved);
    REQUIRE(taken);
    CHECK_NOTHROW(scene.trainer.fit(*taken, scene.data));
    CHECK(refusal<OptionError>([&] { scene.trainer.fit(scene.model, scene.data); }) == moved);
    scene.model = std::move(*taken);
    CHECK(scene.goes_on());
  });
}

TEST_CASE("the model in training is trained by nobody else, and another one by the same trainer, from anywhere") {
  Batch<Tensor<float, 4>> batch;
  const auto check = [&](Scene& scene) {
    for (const auto& first : batches(scene.data, {.batch_size = 16})) batch = first;
    scene.act = [&] { scene.trainer.fit(scene.model, scene.data); };
    CHECK(scene.epilogue() == "fit" + in_training);
    scene.act = [&] { scene.trainer.step(scene.model, batch); };
    CHECK(scene.epilogue() == "step" + in_training);
    const Model start = scene.model;
    scene.act = [] {};
    scene.fit();
    const auto expected = digest(scene.model);
    scene.model = start;
    Model copy = scene.model;
    scene.act = [&] {
      scene.trainer.fit(copy, scene.data, {.threads = 1});
      scene.trainer.step(copy, batch, {.threads = 1});
      static_cast<void>(evaluate(scene.model, scene.data, {.threads = 1}));
    };
    CHECK(scene.epilogue() == "whole");
    CHECK(digest(scene.model) == expected);
    CHECK(digest(copy) != digest(start));
    CHECK(scene.goes_on());
  };
  each_scene(on_callers_thread, check);
  each_scene(inside_a_step, check);
}

TEST_CASE("a run ends where a callback says so, whatever else was done there") {
  for (const bool at_epoch : {false, true}) {
    Scene scene(at_epoch ? Place::on_epoch : Place::on_batch, true, 2);
    scene.act = [&] { scene.model.reset_parameters(Rng{9}); };
    scene.batch_stops = !at_epoch;
    scene.epoch_stops = at_epoch;
    CHECK(scene.epilogue() == "stopped");
    CHECK(scene.goes_on());
  }
}

TEST_CASE("a trainer's step is not entered again, by a model of other numbers either, and its memory survives an assignment") {
  const auto data = bars(16);
  Batch<Tensor<float, 4>> batch;
  Batch<Tensor<double, 4>> exact_batch;
  std::vector<Index> all(16);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Index>(i);
  gather(data, all, batch);
  gather(data, all, exact_batch);
  auto model = convolutional_model(), other = model;
  BasicModel<double> exact{convolutional, image, Rng{7}};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
  const auto before = digest(model);
  for (const Reducer& again : {Reducer([&](StepGradient<float>&) { trainer.step(exact, exact_batch); }),
                               Reducer([&](StepGradient<float>&) { trainer.step(other, batch); })})
    CHECK(refusal<OptionError>([&] { trainer.step(model, batch, {.reduce = again}); }) ==
          "step: was called while a step of this trainer is being made, by its reducer, loss, layer or optimizer; use another "
          "trainer there");
  CHECK(digest(model) == before);
  const Network layers{Flatten{}, Dense{.units = 9}, Tanh{}, Dense{.units = classes}};
  Model changing{layers, image, Rng{1}};
  const Reducer changes = [&](StepGradient<float>&) { changing = Model{Network{Flatten{}, Dense{.units = classes}}, image, Rng{2}}; };
  CHECK(refusal<OptionError>([&] { trainer.step(changing, batch, {.reduce = changes}); }) ==
        "step: expects the network that it began to train, but the model was assigned another one meanwhile; assign it before or "
        "after");
  const Reducer takes = [&](StepGradient<float>&) { other = std::move(changing); };
  CHECK(refusal<OptionError>([&] { trainer.step(changing, batch, {.reduce = takes}); }) == moved);
  CHECK_NOTHROW(trainer.step(other, batch));
  const Reducer copies = [&](StepGradient<float>&) { Trainer{trainer}.step(exact, exact_batch); };
  CHECK_NOTHROW(trainer.step(model, batch, {.reduce = copies}));
  const Reducer assigns = [&](StepGradient<float>&) { trainer = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.2}}; };
  CHECK_NOTHROW(trainer.step(model, batch, {.reduce = assigns}));
  const Model start = model;
  trainer.step(model, batch);
  auto expected = start;
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.2}}.step(expected, batch);
  CHECK(digest(model) == digest(expected));  // without the momentum of what it was
}
