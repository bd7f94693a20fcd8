#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "digit_strokes.hpp"
#include "pen.hpp"

/// @file
/// Handwritten-looking digits, for use without data and without a network.
///
/// A digit is drawn in five steps; the first four use random numbers, image by image:
///
///   1. a style is chosen (digit_strokes.hpp), its knots are moved a little, the ends of strokes twice as much, and a
///      smooth curve is laid through them;
///   2. the paper is bent by a polynomial of low degree, stretched, slanted and rotated;
///   3. the pen is chosen: its width, and how it changes along the way;
///   4. the path is scaled until the ink fits 20 × 20 pixels, keeping its aspect ratio, and drawn with soft edges;
///   5. the box is placed so that the ink's centre of mass is closest to the centre of 28 × 28 pixels.
///
/// The makers of MNIST did the last two to their scans (LeCun, Bottou, Bengio, Haffner 1998). Nothing here is copied or
/// traced from MNIST. The ranges of the random numbers were chosen by looking at MNIST's training images. A LeNet trained
/// only on 20,000 drawn digits reads about 96 % of those.
///
/// The same seed draws the same images everywhere. Pixels are computed with +, −, ×, ÷ and √ alone, which IEEE 754
/// defines to the bit, and no common value lies on the edge between two greys.
namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns one of the styles of a digit, chosen in proportion to its share.
const DigitStyle& choose_style(int digit, Rng& rng);

/// Returns a curve through the knots (step 1), broken at corners and where the pen is lifted, in units of the digit's height.
Path trace(const DigitStyle& style, Rng& rng);

/// Bends the paper (step 2). A rotation by the angle 2·atan(t) has the cosine (1 − t²)/(1 + t²) and the sine 2t/(1 + t²).
void bend(Path& path, Rng& rng);

/// Sets the pen's width along the path (step 3), in pixels of the finished image.
void press(Path& path, Rng& rng);

}  // namespace detail

/// Draws one digit (0 … 9) of 28 × 28 pixels, row by row from the top: ink is 255 on 0. The image depends only on the
/// digit and the state of rng. Throws OptionError for another digit.
void draw_digit(int digit, Rng rng, std::span<std::uint8_t, 784> pixels);

/// Images (N, 28, 28, 1) of drawn digits and their labels.
struct DrawnDigits {
  Tensor<std::uint8_t, 4> images;
  std::vector<std::int32_t> labels;
};

/// Draws `count` digits. Every ten in a row contain each digit once, in random order. Image i depends only on rng's seed
/// and on i, whatever the count. Throws OptionError for a negative count.
DrawnDigits draw_digits(Index count, Rng rng);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/drawn_digits.ipp"
#endif
