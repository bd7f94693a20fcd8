#pragma once

#include "network.hpp"
#include "residual.hpp"

namespace LAMINA_NAMESPACE {

// Networks of papers, as they are usually trained. Their layers have the names of PyTorch's modules, so that `save`
// writes a state dict that PyTorch reads, and load_pytorch reads the weights that others trained. Each takes the number
// of classes and ends in logits. conv is a convolution without a bias, and a BatchNorm after it.

/// Returns ResNet-18 for images of about 224 × 224 pixels, at least 32 × 32. He et al. 2016, "Deep residual learning
/// for image recognition", table 1:
///
///   | name   | output of 224 × 224 | layers                                                              |
///   |--------|---------------------|---------------------------------------------------------------------|
///   | conv1  | 112 × 112           | conv 7 × 7, 64, stride 2; ReLU                                      |
///   |        | 56 × 56             | maximum of 3 × 3, stride 2                                          |
///   | layer1 | 56 × 56             | 2 blocks of conv 3 × 3, 64; ReLU; conv 3 × 3, 64; sum; ReLU         |
///   | layer2 | 28 × 28             | 2 blocks of 128, the first conv of the first block with stride 2    |
///   | layer3 | 14 × 14             | 2 blocks of 256, likewise                                           |
///   | layer4 | 7 × 7               | 2 blocks of 512, likewise                                           |
///   | fc     | 1 × 1               | average, Dense                                                      |
///
/// A block adds its input to its output; if the shapes differ, through a conv 1 × 1, "downsample" (option B). It has
/// 11,689,512 parameters for 1000 classes. The names are torchvision's.
///
///   Model model{resnet18(10), Shape{224, 224, 3}, Rng{1}};
Network resnet18(Index classes);

/// Returns ResNet-20 for the 32 × 32 pixels of CIFAR. He et al. 2016, section 4.2, with n = 3:
///
///   | name   | output  | layers                                                          |
///   |--------|---------|-----------------------------------------------------------------|
///   | conv1  | 32 × 32 | conv 3 × 3, 16; ReLU                                            |
///   | layer1 | 32 × 32 | 3 blocks of conv 3 × 3, 16; ReLU; conv 3 × 3, 16; sum; ReLU     |
///   | layer2 | 16 × 16 | 3 blocks of 32, the first conv of the first block with stride 2 |
///   | layer3 | 8 × 8   | 3 blocks of 64, likewise                                        |
///   | linear | 1 × 1   | average, Dense                                                  |
///
/// Where the shapes differ, a block adds every second pixel of its input, with zeros for the further channels (option
/// A). It has 269,722 parameters for 10 classes.
Network resnet20(Index classes);

/// Returns MobileNetV2 for images of about 224 × 224 pixels, at least 32 × 32. Sandler et al. 2018, "MobileNetV2:
/// inverted residuals and linear bottlenecks", table 2. A block widens its input to t times its channels, filters each
/// channel by itself, and narrows it to c channels: conv 1 × 1, ReLU6; depthwise conv 3 × 3, ReLU6; conv 1 × 1. It adds
/// its input where the shapes are equal. The first of the n blocks of a row has stride s, the others 1; for t = 1
/// nothing is widened.
///
///   | input of 224 × 224 | layers                 | t | c    | n | s |
///   |--------------------|------------------------|---|------|---|---|
///   | 224 × 224 × 3      | conv 3 × 3, ReLU6      |   | 32   | 1 | 2 |
///   | 112 × 112 × 32     | block                  | 1 | 16   | 1 | 1 |
///   | 112 × 112 × 16     | block                  | 6 | 24   | 2 | 2 |
///   | 56 × 56 × 24       | block                  | 6 | 32   | 3 | 2 |
///   | 28 × 28 × 32       | block                  | 6 | 64   | 4 | 2 |
///   | 14 × 14 × 64       | block                  | 6 | 96   | 3 | 1 |
///   | 14 × 14 × 96       | block                  | 6 | 160  | 3 | 2 |
///   | 7 × 7 × 160        | block                  | 6 | 320  | 1 | 1 |
///   | 7 × 7 × 320        | conv 1 × 1, ReLU6      |   | 1280 | 1 | 1 |
///   | 7 × 7 × 1280       | average, Dropout, Dense |  |      |   |   |
///
/// It has 3,504,872 parameters for 1000 classes. The names are torchvision's.
Network mobilenet_v2(Index classes);

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/architectures.ipp"
#endif
