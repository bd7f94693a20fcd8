#include <algorithm>
#include <vector>

#include "../catch.hpp"
#include "reference.hpp"

using namespace reference;

namespace {

/// Extents that Winograd's algorithm serves in every instruction set that has it: channels are counted in the widest
/// registers.
template <typename T>
ConvShape wide(ConvShape g) {
  constexpr Index lanes = 64 / sizeof(T);
  g.C *= lanes;
  g.K *= lanes;
  return window(g);
}

/// The largest difference as a share of the largest true number.
template <typename T>
double error(const Buffer<T>& computed, const Buffer<T>& truth) {
  double difference = 0, largest = 0;
  for (Index i = 0; i < truth.size(); ++i) {
    const double d = std::fabs(static_cast<double>(computed[i]) - static_cast<double>(truth[i]));
    difference = d <= difference ? difference : d;  // NaN comes through
    largest = std::max(largest, std::fabs(static_cast<double>(truth[i])));
  }
  return largest > 0 ? difference / largest : difference;
}

template <typename T>
struct Results {
  Buffer<T> y, y_relu, y_pool, dx, dw, db, dx_relu, dw_relu, db_relu, dx_pool, dw_pool, db_pool, dw_alone;

  /// winner and relu_output are those that the gradients go by.
  Results(const Kernels<T>& kernels, const ConvShape& g, std::uint64_t seed, const unsigned char* winner,
          const T* relu_output)
      : y(g.N * g.P * g.Q * g.K),
        y_relu(y.size()),
        y_pool(g.N * (g.P / 2) * (g.Q / 2) * g.K),
        dx(g.N * g.H * g.W * g.C),
        dw(9 * g.C * g.K),
        db(g.K),
        dx_relu(dx.size()),
        dw_relu(dw.size()),
        db_relu(g.K),
        dx_pool(dx.size()),
        dw_pool(dw.size()),
        db_pool(g.K),
        dw_alone(dw.size()) {
    Numbers draw(seed);
    const auto x = draw.buffer<T>(dx.size());
    const auto w = draw.buffer<T>(dw.size());
    const auto b = draw.buffer<T>(g.K);
    const auto dy = draw.buffer<T>(y.size());
    Scratch<T> scratch(kernels.conv_scratch(g));
    T* const s = scratch.data();
    Buffer<unsigned char> found(y_pool.size());
    kernels.conv_forward(g, x.data(), w.data(), b.data(), y.data(), s);
    kernels.conv_relu_forward(g, x.data(), w.data(), b.data(), y_relu.data(), s);
    kernels.conv_relu_pool_forward(g, x.data(), w.data(), b.data(), y_pool.data(), found.data(), s);
    kernels.conv_backward(g, x.data(), w.data(), dy.data(), dx.data(), dw.data(), db.data(), s);
    kernels.conv_backward(g, x.data(), w.data(), dy.data(), nullptr, dw_alone.data(), db.data(), s);
    kernels.conv_relu_backward(g, x.data(), w.data(), relu_output, dy.data(), dx_relu.data(), dw_relu.data(),
                               db_relu.data(), s);
    kernels.conv_relu_pool_backward(g, x.data(), w.data(), dy.data(), winner, dx_pool.data(), dw_pool.data(),
                                    db_pool.data(), s);
    CHECK(scratch.intact());
    CHECK((y.intact() && y_relu.intact() && y_pool.intact() && found.intact() && dx.intact() && dw.intact() &&
           db.intact()));
    CHECK((dx_relu.intact() && dw_relu.intact() && dx_pool.intact() && dw_pool.intact() && db_pool.intact()));
  }
};

/// The worst error of any result against the definition, of all instruction sets.
template <typename T>
double worst_error(const ConvShape& g) {
  ConvShape direct = g;
  direct.winograd = false;
  Numbers draw(7);
  Buffer<unsigned char> winner(g.N * (g.P / 2) * (g.Q / 2) * g.K);
  for (Index i = 0; i < winner.size(); ++i) winner[i] = static_cast<unsigned char>(draw.below(5));
  const auto relu_output = draw.buffer<T>(g.N * g.P * g.Q * g.K);
  double worst = 0;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << sizeof(T) << " bytes, " << text(g));
    const Results<T> a(*instruction_set, g, 3, winner.data(), relu_output.data());
    const Results<T> b(*instruction_set, direct, 3, winner.data(), relu_output.data());
    bool alone = true;
    for (Index i = 0; i < a.dw.size(); ++i) alone = alone && a.dw[i] == a.dw_alone[i];
    CHECK(alone);
    const double errors[] = {error(a.y, b.y),
                             error(a.y_relu, b.y_relu),
                             error(a.y_pool, b.y_pool),
                             error(a.dx, b.dx),
                             error(a.dw, b.dw),
                             error(a.db, b.db),
                             error(a.dx_relu, b.dx_relu),
                             error(a.dw_relu, b.dw_relu),
                             error(a.db_relu, b.db_relu),
                             error(a.dx_pool, b.dx_pool),
                             error(a.dw_pool, b.dw_pool),
                             error(a.db_pool, b.db_pool)};
    for (const double e : errors) worst = e <= worst ? worst : e;
  }
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("Winograd's algorithm is the direct convolution in all directions, up to rounding", "", float,
                   double) {
  const ConvShape geometries[] = {
      // N, H, W, C, K, R, S, stride_h, stride_w, padding_h, padding_w; C and K in registers
      {1, 6, 6, 1, 1, 3, 3, 1, 1, 0, 0, 0, 0},    // one tile
      {2, 8, 6, 1, 2, 3, 3, 1, 1, 1, 1, 0, 0},    // a border all around
      {3, 13, 11, 2, 3, 3, 3, 1, 1, 0, 0, 0, 0},  // tiles that reach beyond the image
      {2, 9, 14, 3, 1, 3, 3, 1, 1, 2, 1, 0, 0},   // a border wider than the kernel needs
      {1, 7, 9, 1, 1, 3, 3, 1, 1, 4, 3, 0, 0},    // tiles of nothing but border
      {20, 8, 8, 1, 1, 3, 3, 1, 1, 1, 1, 0, 0},   // blocks that span images
      {1, 40, 33, 1, 1, 3, 3, 1, 1, 1, 1, 0, 0},  // several blocks in an image
      {0, 8, 8, 1, 1, 3, 3, 1, 1, 1, 1, 0, 0},    // no image
  };
  const double bound = sizeof(TestType) == 4 ? 1e-5 : 1e-12;
  for (const ConvShape& g : geometries) {
    const double worst = worst_error<TestType>(wide<TestType>(g));
    INFO(text(wide<TestType>(g)));
    CHECK(worst <= bound);
    if (g.N > 0 && !instruction_sets<TestType>().empty() &&
        std::string(instruction_sets<TestType>().front()->key) != "baseline")
      CHECK(worst > 0);  // it was another algorithm
  }
}

TEMPLATE_TEST_CASE("Winograd's algorithm takes larger blocks where weights are large, and is as right", "", float,
                   double) {
  constexpr Index lanes = 64 / sizeof(TestType);
  // 131 tiles: more than one block of the largest size
  const ConvShape g = wide<TestType>({131, 5, 5, 128 / lanes, 256 / lanes, 3, 3, 1, 1, 0, 0, 0, 0});
  CHECK(worst_error<TestType>(g) <= (sizeof(TestType) == 4 ? 1e-5 : 3e-14));
}

TEMPLATE_TEST_CASE("weights that were packed give the very bits of those that were not", "", float, double) {
  const ConvShape g = wide<TestType>({3, 13, 11, 2, 3, 3, 3, 1, 1, 1, 0, 0, 0});
  const Index pooled = g.N * (g.P / 2) * (g.Q / 2) * g.K;
  Numbers draw(5);
  const auto x = draw.buffer<TestType>(g.N * g.H * g.W * g.C), w = draw.buffer<TestType>(9 * g.C * g.K);
  const auto b = draw.buffer<TestType>(g.K), dy = draw.buffer<TestType>(g.N * g.P * g.Q * g.K);
  for (const Kernels<TestType>* instruction_set : instruction_sets<TestType>()) {
    INFO(instruction_set->name);
    Buffer<TestType> packed(instruction_set->conv_packed_size(g));
    instruction_set->conv_pack(g, w.data(), packed.data());
    CHECK(packed.intact());
    CHECK((packed.size() > 0) == (std::string(instruction_set->key) != "baseline"));
    const lamina::kernels::ConvWeights<TestType> both[] = {w.data(),
                                                           {w.data(), packed.size() > 0 ? packed.data() : nullptr}};
    std::vector<std::vector<TestType>> results;
    for (const auto& weights : both) {
      Buffer<TestType> y(dy.size()), y_relu(dy.size()), y_pool(pooled), dx(x.size()), dw(w.size()), db(g.K);
      Buffer<unsigned char> winner(pooled);
      Scratch<TestType> scratch(instruction_set->conv_scratch(g));
      std::vector<TestType>& result = results.emplace_back();
      const auto note = [&result](const Buffer<TestType>& numbers) {
        result.insert(result.end(), numbers.data(), numbers.data() + numbers.size());
      };
      instruction_set->conv_forward(g, x.data(), weights, b.data(), y.data(), scratch.data());
      instruction_set->conv_relu_forward(g, x.data(), weights, b.data(), y_relu.data(), scratch.data());
      instruction_set->conv_relu_pool_forward(g, x.data(), weights, b.data(), y_pool.data(), winner.data(),
                                              scratch.data());
      for (const auto* numbers : {&y, &y_relu, &y_pool}) note(*numbers);
      instruction_set->conv_backward(g, x.data(), weights, dy.data(), dx.data(), dw.data(), db.data(), scratch.data());
      for (const auto* numbers : {&dx, &dw, &db}) note(*numbers);
      instruction_set->conv_relu_backward(g, x.data(), weights, y_relu.data(), dy.data(), dx.data(), dw.data(),
                                          db.data(), scratch.data());
      for (const auto* numbers : {&dx, &dw, &db}) note(*numbers);
      instruction_set->conv_relu_pool_backward(g, x.data(), weights, dy.data(), winner.data(), dx.data(), dw.data(),
                                               db.data(), scratch.data());
      for (const auto* numbers : {&dx, &dw, &db}) note(*numbers);
      CHECK(scratch.intact());
    }
    CHECK(results[0] == results[1]);
  }
}

TEMPLATE_TEST_CASE("the parts of a forward pass are its very bits, however many there are", "", float, double) {
  const ConvShape shapes[] = {wide<TestType>({3, 13, 11, 2, 5, 3, 3, 1, 1, 1, 0, 0, 0}),  // by Winograd's algorithm
                              window({3, 13, 11, 2, 5, 3, 3, 2, 1, 1, 0, 0, 0}),          // by its definition
                              window({2, 15, 12, 3, 40, 7, 7, 2, 2, 3, 3, 0, 0}),
                              window({2, 9, 10, 5, 7, 1, 1, 1, 1, 0, 0, 0, 0}),
                              window({1, 3, 4, 2, 3, 2, 3, 3, 1, 5, 0, 0, 0})};
  for (ConvShape whole : shapes) {
    for (const bool inference : {false, true}) {
      whole.inference = inference;
      const Index pooled = whole.N * (whole.P / 2) * (whole.Q / 2) * whole.K;
      Numbers draw(5);
      const auto x = draw.buffer<TestType>(whole.N * whole.H * whole.W * whole.C),
                 w = draw.buffer<TestType>(whole.R * whole.S * whole.C * whole.K);
      const auto b = draw.buffer<TestType>(whole.K);
      for (const Kernels<TestType>* instruction_set : instruction_sets<TestType>()) {
        Buffer<TestType> packed(instruction_set->conv_packed_size(whole));
        if (packed.size() > 0) instruction_set->conv_pack(whole, w.data(), packed.data());
        const lamina::kernels::ConvWeights<TestType> weights{w.data(), packed.size() > 0 ? packed.data() : nullptr};
        std::vector<std::vector<TestType>> results;
        for (const Index parts : {1, 2, 3, 20}) {
          INFO(instruction_set->name << ", " << parts << " parts, " << text(whole));
          Buffer<TestType> y(whole.N * whole.P * whole.Q * whole.K), y_relu(y.size()), y_pool(pooled);
          Buffer<unsigned char> winner(pooled);
          ConvShape g = whole;
          g.parts = parts;
          Scratch<TestType> scratch(instruction_set->conv_scratch(g));
          for (g.part = parts - 1; g.part >= 0; --g.part) {
            instruction_set->conv_forward(g, x.data(), weights, b.data(), y.data(), scratch.data());
            instruction_set->conv_relu_forward(g, x.data(), weights, b.data(), y_relu.data(), scratch.data());
            instruction_set->conv_relu_pool_forward(g, x.data(), weights, b.data(), y_pool.data(), winner.data(),
                                                    scratch.data());
          }
          CHECK((y.intact() && y_relu.intact() && y_pool.intact() && winner.intact() && scratch.intact()));
          std::vector<TestType>& result = results.emplace_back();
          for (const auto* numbers : {&y, &y_relu, &y_pool})
            result.insert(result.end(), numbers->data(), numbers->data() + numbers->size());
          for (Index i = 0; i < pooled; ++i) result.push_back(static_cast<TestType>(winner[i]));
          CHECK(result == results.front());
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("the parts of a backward pass are its very bits, however many there are", "", float, double) {
  const ConvShape shapes[] = {wide<TestType>({5, 13, 11, 2, 5, 3, 3, 1, 1, 1, 0, 0, 0}),  // by Winograd's algorithm
                              wide<TestType>({2, 6, 9, 1, 1, 3, 3, 1, 1, 1, 1, 0, 0}),
                              window({3, 13, 11, 2, 5, 3, 3, 2, 1, 1, 0, 0, 0}),          // by its definition
                              window({5, 9, 10, 5, 7, 1, 1, 1, 1, 0, 0, 0, 0}),
                              window({1, 5, 7, 2, 3, 2, 3, 3, 1, 5, 0, 0, 0}),
                              window({3, 28, 28, 1, 40, 3, 3, 1, 1, 0, 0, 0, 0}),  // first layers
                              window({2, 32, 32, 3, 33, 5, 5, 1, 1, 2, 2, 0, 0}),
                              window({3, 28, 28, 1, 8, 5, 5, 1, 1, 0, 0, 0, 0})};
  for (const ConvShape& whole : shapes) {
    const Index pooled = whole.N * (whole.P / 2) * (whole.Q / 2) * whole.K, size = whole.N * whole.P * whole.Q * whole.K;
    Numbers draw(6);
    const auto x = draw.buffer<TestType>(whole.N * whole.H * whole.W * whole.C),
               w = draw.buffer<TestType>(whole.R * whole.S * whole.C * whole.K);
    const auto b = draw.buffer<TestType>(whole.K), dy = draw.buffer<TestType>(size);
    for (const Kernels<TestType>* instruction_set : instruction_sets<TestType>()) {
      Buffer<TestType> packed(instruction_set->conv_packed_size(whole));
      if (packed.size() > 0) instruction_set->conv_pack(whole, w.data(), packed.data());
      const lamina::kernels::ConvWeights<TestType> weights{w.data(), packed.size() > 0 ? packed.data() : nullptr};
      Buffer<TestType> y_relu(size), y_pool(pooled);
      Buffer<unsigned char> winner(pooled);
      Scratch<TestType> forward(instruction_set->conv_scratch(whole));
      instruction_set->conv_relu_forward(whole, x.data(), weights, b.data(), y_relu.data(), forward.data());
      instruction_set->conv_relu_pool_forward(whole, x.data(), weights, b.data(), y_pool.data(), winner.data(), forward.data());
      std::vector<std::vector<TestType>> results;
      // dx and dw by one call for each part, and by calls of their own.
      for (const auto& [parts, together] : {std::pair<Index, bool>{1, true}, {2, true}, {3, true}, {20, true}, {2, false}, {5, false}, {16, false}}) {
        INFO(instruction_set->name << ", " << parts << " parts, " << text(whole));
        ConvShape g = whole;
        g.parts = parts;
        Scratch<TestType> scratch(instruction_set->conv_scratch(g));
        std::vector<TestType>& result = results.emplace_back();
        for (const int ending : {0, 1, 2}) {
          Buffer<TestType> dx(x.size()), dw(w.size()), db(whole.K);
          for (const bool input : {true, false}) {
            TestType *const to_x = input || together ? dx.data() : nullptr, *const to_w = !input || together ? dw.data() : nullptr;
            TestType* const to_b = to_w ? db.data() : nullptr;
            for (g.part = parts - 1; g.part >= 0; --g.part) {
              if (ending == 0)
                instruction_set->conv_backward(g, x.data(), weights, dy.data(), to_x, to_w, to_b, scratch.data());
              else if (ending == 1)
                instruction_set->conv_relu_backward(g, x.data(), weights, y_relu.data(), dy.data(), to_x, to_w, to_b, scratch.data());
              else
                instruction_set->conv_relu_pool_backward(g, x.data(), weights, dy.data(), winner.data(), to_x, to_w, to_b, scratch.data());
            }
            if (together) break;
          }
          CHECK((dx.intact() && dw.intact() && db.intact() && scratch.intact()));
          for (const auto* numbers : {&dx, &dw, &db}) result.insert(result.end(), numbers->data(), numbers->data() + numbers->size());
        }
        CHECK(result == results.front());
      }
    }
  }
}

TEST_CASE("one part of several computes its own channels only") {
  for (const Kernels<float>* instruction_set : instruction_sets<float>()) {
    if (std::string(instruction_set->key) == "baseline") continue;
    INFO(instruction_set->name);
    ConvShape g = wide<float>({1, 8, 8, 1, 4, 3, 3, 1, 1, 1, 1, 0, 0});
    g.inference = true;
    g.parts = 2;
    g.part = 1;
    const std::vector<float> x(static_cast<std::size_t>(g.H * g.W * g.C)), w(static_cast<std::size_t>(9 * g.C * g.K)),
        b(static_cast<std::size_t>(g.K));
    std::vector<float> y(static_cast<std::size_t>(g.P * g.Q * g.K), 7);
    std::vector<float> packed(static_cast<std::size_t>(instruction_set->conv_packed_size(g)));
    instruction_set->conv_pack(g, w.data(), packed.data());
    Scratch<float> scratch(instruction_set->conv_scratch(g));
    instruction_set->conv_forward(g, x.data(), {w.data(), packed.data()}, b.data(), y.data(), scratch.data());
    for (Index i = 0; i < g.P * g.Q * g.K; ++i) CHECK(y[static_cast<std::size_t>(i)] == (i % g.K < g.K / 2 ? 7 : 0));
  }
}

TEST_CASE("there is nothing to pack where Winograd's algorithm does not serve") {
  for (const Kernels<float>* instruction_set : instruction_sets<float>()) {
    ConvShape g = wide<float>({1, 8, 8, 1, 1, 3, 3, 1, 1, 1, 1, 0, 0});
    g.winograd = false;
    CHECK(instruction_set->conv_packed_size(g) == 0);
    CHECK(instruction_set->conv_packed_size(wide<float>({1, 8, 8, 1, 1, 5, 5, 1, 1, 1, 1, 0, 0})) == 0);
    CHECK(instruction_set->conv_packed_size(wide<float>({1, 8, 8, 1, 1, 3, 3, 2, 1, 1, 1, 0, 0})) == 0);
  }
}
