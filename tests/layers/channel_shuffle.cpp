#include <lamina/layers/channel_shuffle.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

static_assert(ChannelShuffle{.groups = 3}.output_shape(Shape{2, 5, 8, 6}) == Shape{2, 5, 8, 6});

TEST_CASE("channels of groups stand in turn, as torch.nn.ChannelShuffle has them") {
  const auto x = tensor(Shape{1, 1, 2, 6}, {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15});
  None none;
  Tensor<double, 4> y, dx;
  ChannelShuffle{.groups = 2}.forward(none, x, none, y);
  CHECK(same_bits(y, tensor(Shape{1, 1, 2, 6}, {0, 3, 1, 4, 2, 5, 10, 13, 11, 14, 12, 15})));
  ChannelShuffle{.groups = 2}.backward(none, x, y, y, none, &dx, none);
  CHECK(same_bits(dx, x));
  ChannelShuffle{.groups = 3}.forward(none, x, none, y);
  CHECK(same_bits(y, tensor(Shape{1, 1, 2, 6}, {0, 2, 4, 1, 3, 5, 10, 12, 14, 11, 13, 15})));
  for (const Index same : {1, 6}) {
    ChannelShuffle{.groups = same}.forward(none, x, none, y);
    CHECK(same_bits(y, x));
  }
}

TEST_CASE("gradients of a channel shuffle are right") {
  CHECK(check_gradient(ChannelShuffle{.groups = 2}, Shape{2, 3, 5, 10}).passed());
  CHECK(check_gradient(ChannelShuffle{.groups = 3}, Shape{3, 4, 1, 12}).passed());
  CHECK(check_gradient(ChannelShuffle{.groups = 1}, Shape{1, 2, 3, 5}).passed());
}

TEST_CASE("groups that do not divide the channels are refused") {
  const auto refused = [](Index groups) {
    return refusal<ShapeError>([&] { ChannelShuffle{.groups = groups}.output_shape(Shape{1, 4, 4, 6}); });
  };
  CHECK(refused(4) == "ChannelShuffle: expects groups that divide the 6 channels of its images but got 4");
  CHECK(refused(0) == "ChannelShuffle: expects groups that divide the 6 channels of its images but got 0");
  CHECK(refused(-2) == "ChannelShuffle: expects groups that divide the 6 channels of its images but got -2");
  CHECK(refused(7) != "nothing was refused");
}
