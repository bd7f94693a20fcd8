#pragma once

#include <cstdint>

namespace lamina::detail {

/// What the pen does to reach a knot.
enum class Pen : std::uint8_t { none, lift, curve, corner };

/// A place on a pen's path, in hundredths of a digit's height: x to the right, y downwards.
struct Knot {
  std::int8_t x = 0, y = 0;
  Pen pen = Pen::none;
};

/// The pen is lifted and set down here: a stroke begins.
constexpr Knot at(int x, int y) { return {static_cast<std::int8_t>(x), static_cast<std::int8_t>(y), Pen::lift}; }
/// The path runs smoothly through here.
constexpr Knot by(int x, int y) { return {static_cast<std::int8_t>(x), static_cast<std::int8_t>(y), Pen::curve}; }
/// The path turns sharply here.
constexpr Knot turn(int x, int y) { return {static_cast<std::int8_t>(x), static_cast<std::int8_t>(y), Pen::corner}; }

/// One way to write a digit. `share` says how often it is chosen, relative to the digit's other ways.
struct DigitStyle {
  int digit, share;
  Knot knots[16];
};

/// The ways to write the ten digits, made up by hand: no recorded stroke and no picture of any data set is in them.
inline constexpr DigitStyle digit_styles[] = {
    // 0: round; slim; begun and ended at the top right with a gap; with an overlapping end; with a loop on top
    {0, 3, {at(34, 2), by(12, 18), by(2, 52), by(14, 86), by(34, 98), by(56, 82), by(64, 48), by(52, 14), by(32, 1)}},
    {0, 2, {at(28, 1), by(12, 20), by(4, 52), by(10, 84), by(22, 99), by(36, 82), by(44, 48), by(40, 16), by(27, 1)}},
    {0, 1, {at(46, 8), by(24, 6), by(6, 36), by(6, 74), by(26, 98), by(52, 84), by(64, 46), by(54, 10), by(36, 0)}},
    {0, 2, {at(48, 2), by(22, 10), by(4, 46), by(10, 84), by(32, 98), by(56, 78), by(62, 40), by(46, 12), by(18, 6)}},
    {0, 1, {at(30, 16), by(12, 28), by(2, 58), by(14, 90), by(38, 96), by(58, 70), by(62, 34), by(48, 6), by(30, 4), by(32, 18), by(48, 22)}},
    // 1: a bare stroke; slightly bent; with a flag; with flag and base; with base
    {1, 8, {at(30, 0), by(30, 50), by(30, 100)}},
    {1, 2, {at(33, 0), by(28, 50), by(30, 100)}},
    {1, 1, {at(14, 22), turn(32, 0), by(32, 50), by(31, 100)}},
    {1, 1, {at(12, 22), turn(32, 0), by(32, 50), by(32, 98), at(6, 99), by(30, 98), by(58, 97)}},
    {1, 1, {at(30, 0), by(30, 50), by(30, 98), at(8, 99), by(30, 98), by(54, 97)}},
    // 2: with a sharp foot; with a looped foot; with a wide loop; like a z; with a rounded foot
    {2, 3, {at(6, 20), by(20, 3), by(42, 2), by(54, 20), by(44, 46), by(22, 74), turn(2, 97), by(32, 95), by(66, 97)}},
    {2, 3, {at(6, 20), by(22, 2), by(44, 4), by(52, 24), by(40, 56), by(18, 90), by(4, 94), by(4, 82), by(20, 80), by(42, 93), by(68, 96)}},
    {2, 2, {at(4, 14), by(26, 0), by(48, 10), by(48, 36), by(30, 72), by(10, 96), by(0, 86), by(10, 72), by(32, 78), by(50, 92), by(74, 86)}},
    {2, 1, {at(4, 8), by(26, 2), turn(52, 6), by(28, 52), turn(4, 94), by(30, 92), by(62, 96)}},
    {2, 2, {at(4, 28), by(10, 8), by(32, 0), by(52, 14), by(52, 40), by(34, 66), by(6, 94), by(24, 97), by(64, 92)}},
    // 3: round with a notch; flat-topped; with a small loop; almost without a notch
    {3, 4, {at(6, 14), by(24, 1), by(46, 8), by(46, 32), turn(22, 46), by(48, 56), by(56, 78), by(34, 98), by(2, 90)}},
    {3, 1, {at(6, 3), by(28, 3), turn(54, 2), by(38, 22), turn(24, 42), by(48, 52), by(56, 76), by(34, 98), by(2, 92)}},
    {3, 2, {at(6, 12), by(28, 0), by(50, 14), by(40, 38), by(22, 48), by(20, 40), by(40, 48), by(56, 70), by(42, 96), by(16, 100), by(0, 88)}},
    {3, 2, {at(8, 8), by(30, 0), by(52, 14), by(42, 40), by(28, 46), by(46, 54), by(56, 76), by(36, 98), by(4, 94)}},
    // 4: open, two strokes; open with a round bowl; closed; closed in one stroke; open with a long bar
    {4, 3, {at(10, 4), by(6, 30), turn(2, 54), by(26, 55), by(60, 50), at(50, 0), by(48, 48), by(44, 100)}},
    {4, 3, {at(10, 2), by(2, 34), by(12, 50), by(34, 48), by(52, 34), at(56, 0), by(52, 40), by(46, 100)}},
    {4, 2, {at(46, 2), by(24, 32), turn(0, 62), by(30, 62), by(64, 60), at(46, 2), by(45, 50), by(44, 100)}},
    {4, 1, {at(44, 60), by(20, 62), turn(2, 58), by(24, 28), turn(50, 2), by(48, 50), by(44, 100)}},
    {4, 2, {at(18, 4), by(10, 34), turn(0, 60), by(34, 60), by(72, 56), at(50, 24), by(46, 60), by(42, 100)}},
    // 5: with a hat drawn last; in one stroke; like an s; with a wide hat
    {5, 3, {at(18, 6), by(14, 24), turn(10, 44), by(34, 38), by(54, 56), by(50, 84), by(26, 99), by(0, 90), at(18, 5), by(38, 4), by(64, 0)}},
    {5, 2, {at(60, 2), by(38, 3), turn(18, 6), by(14, 24), turn(10, 42), by(34, 40), by(52, 60), by(46, 88), by(20, 99), by(0, 90)}},
    {5, 2, {at(60, 2), by(34, 4), by(18, 16), by(20, 38), by(42, 52), by(48, 76), by(30, 96), by(0, 94)}},
    {5, 1, {at(28, 4), by(22, 22), turn(16, 42), by(38, 46), by(46, 70), by(32, 94), by(2, 96), at(26, 5), by(50, 4), by(78, 2)}},
    // 6: with a curved back; straight back; big bowl; bowl crossing the back
    {6, 3, {at(44, 0), by(20, 22), by(4, 58), by(10, 90), by(32, 99), by(52, 84), by(46, 62), by(24, 62), by(8, 80)}},
    {6, 2, {at(36, 0), by(20, 30), by(8, 66), by(14, 94), by(34, 97), by(46, 78), by(34, 62), by(14, 74)}},
    {6, 1, {at(50, 4), by(24, 12), by(6, 40), by(4, 76), by(26, 98), by(54, 88), by(56, 58), by(34, 44), by(8, 58)}},
    {6, 2, {at(32, 0), by(10, 30), by(2, 66), by(14, 96), by(40, 96), by(54, 76), by(40, 60), by(18, 72), by(6, 92)}},
    // 7: plain; with a bar; with a serif; curved; with a serif and a bar
    {7, 4, {at(2, 8), by(28, 5), turn(58, 3), by(42, 44), by(28, 100)}},
    {7, 2, {at(2, 8), by(28, 5), turn(58, 3), by(42, 44), by(26, 100), at(16, 54), by(36, 51), by(58, 48)}},
    {7, 2, {at(2, 24), turn(6, 6), by(30, 6), turn(58, 4), by(42, 44), by(30, 100)}},
    {7, 2, {at(2, 12), by(24, 4), by(50, 4), by(54, 18), by(40, 52), by(28, 100)}},
    {7, 1, {at(4, 20), turn(8, 5), by(32, 6), turn(60, 4), by(44, 44), by(34, 100), at(20, 56), by(40, 51), by(60, 50)}},
    // 8: an s and back; begun at the middle; two rings; open at the top
    {8, 4, {at(48, 10), by(28, 1), by(10, 14), by(22, 40), by(44, 60), by(46, 86), by(24, 99), by(6, 84), by(18, 58), by(42, 36), by(52, 14), by(42, 3)}},
    {8, 1, {at(28, 46), by(10, 26), by(24, 2), by(46, 12), by(42, 34), by(16, 58), by(6, 82), by(26, 99), by(48, 84), by(40, 58), by(24, 44)}},
    {8, 1, {at(30, 1), by(12, 16), by(16, 40), by(34, 45), by(48, 28), by(44, 6), by(29, 1), at(30, 46), by(8, 62), by(10, 90), by(32, 99), by(52, 84), by(48, 56), by(29, 46)}},
    {8, 2, {at(58, 8), by(36, 2), by(16, 14), by(22, 38), by(40, 58), by(40, 86), by(20, 99), by(4, 84), by(16, 60), by(40, 40), by(62, 4)}},
    // 9: straight tail; curved tail; tail bent back; begun at the right corner
    {9, 4, {at(50, 14), by(30, 2), by(8, 16), by(6, 40), by(26, 48), by(46, 32), turn(52, 8), by(50, 50), by(44, 100)}},
    {9, 2, {at(50, 16), by(30, 1), by(8, 14), by(6, 38), by(28, 46), by(48, 30), by(52, 14), by(54, 50), by(44, 86), by(22, 99), by(4, 90)}},
    {9, 2, {at(46, 38), by(20, 48), by(4, 32), by(16, 8), by(40, 2), by(52, 16), by(48, 46), by(36, 100)}},
    {9, 2, {at(54, 2), by(28, 4), by(6, 22), by(8, 42), by(30, 42), turn(52, 10), by(44, 52), by(30, 100)}},
};

}  // namespace lamina::detail
