#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "digit_strokes.hpp"
#include "pen.hpp"

/// Handwritten-looking digits, for use without data and without a network.
///
/// A digit is drawn in five steps; the first four draw lots, image by image:
///
///   1. a way to write it is chosen (digit_strokes.hpp), its knots are moved a little, the ends of strokes twice as
///      much, and a smooth curve is laid through them;
///   2. the paper is bent by a polynomial of low degree, stretched, slanted and turned;
///   3. the pen is chosen: its width, and how that changes along the way;
///   4. the path is scaled until the ink fits 20 × 20 pixels, keeping its aspect ratio, and drawn with soft edges;
///   5. the box is put where the ink's centre of mass comes closest to the centre of 28 × 28 pixels.
///
/// The last two are what the makers of MNIST did to their scans (LeCun, Bottou, Bengio, Haffner 1998). No picture of
/// MNIST and nothing traced from one is in here; how far the lots reach was chosen by looking at MNIST's training
/// images, of which a LeNet that has seen 20,000 drawn digits and nothing else reads about 96 %.
///
/// Pixels are decided by +, −, ×, ÷ and √ alone, which IEEE 754 defines to the bit, and no common value lies on the
/// edge between two greys: the same seed draws the same images everywhere.
namespace LAMINA_NAMESPACE {

namespace detail {

/// One of the ways to write a digit, as often as its share says.
const DigitStyle& choose_style(int digit, Rng& rng);

/// Step 1: a curve through the knots, broken at corners and where the pen is lifted, in units of the digit's height.
Path trace(const DigitStyle& style, Rng& rng);

/// Step 2. A turn by the angle 2·atan(t) has the cosine (1 − t²)/(1 + t²) and the sine 2t/(1 + t²).
void bend(Path& path, Rng& rng);

/// Step 3, in pixels of the finished image.
void press(Path& path, Rng& rng);

}  // namespace detail

/// Draws one digit (0 … 9) of 28 × 28 pixels, row by row from the top: ink is 255 on 0. The image depends on the digit
/// and on where rng stands. Throws OptionError for another digit.
void draw_digit(int digit, Rng rng, std::span<std::uint8_t, 784> pixels);

/// Images (N, 28, 28, 1) of drawn digits, and the digits that they show.
struct DrawnDigits {
  Tensor<std::uint8_t, 4> images;
  std::vector<std::int32_t> labels;
};

/// Draws `count` digits. Of every ten in a row each is another digit, in random order. Image i depends on rng's seed
/// and on i only, whatever the count. Throws OptionError for a negative count.
DrawnDigits draw_digits(Index count, Rng rng);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/drawn_digits.ipp"
#endif
