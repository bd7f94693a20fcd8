#pragma once

#include "../contact_sheet.hpp"

#include <algorithm>
#include <vector>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Tensor<std::uint8_t, 3> contact_sheet(const Dataset<3>& dataset, const Augmentation& augmentation,
                                             const ContactSheetOptions& options) {
  const auto [H, W, C] = dataset.sample_shape();
  dataset.check_sample("contact_sheet", options.first);
  if (options.rows < 1 || options.columns < 1 || options.gap < 0)
    throw OptionError(str_cat("contact_sheet: expects at least one row and column and a gap of at least 0 but got ",
                              options.rows, ", ", options.columns, " and ", options.gap));
  const Index rows = (std::min)(options.rows, dataset.size() - options.first), n = dataset.sample_shape().size();
  std::vector<float> image(static_cast<std::size_t>(n));
  float low = 0, high = 1;
  if (!dataset.holds_bytes()) {
    std::vector<float> shown(static_cast<std::size_t>(rows * n));
    for (Index row = 0; row < rows; ++row) dataset.read_stored(options.first + row, shown.data() + row * n);
    const auto [smallest, largest] = std::minmax_element(shown.begin(), shown.end());
    low = *smallest;
    high = (std::max)(*largest, low + 1e-30F);
  }
  const Shape<3> extents{rows * (H + options.gap) - options.gap, options.columns * (W + options.gap) - options.gap, C};
  Tensor<std::uint8_t, 3> sheet(extents.extents);
  std::fill_n(sheet.data(), sheet.size(), options.background);
  detail::CanvasRoom<float> room;
  for (Index row = 0; row < rows; ++row)
    for (Index column = 0; column < options.columns; ++column) {
      dataset.read_plain(options.first + row, image.data());
      if (column > 0) {
        Canvas<float> canvas(image.data(), dataset.sample_shape(), room);
        const Rng epoch = Rng(options.seed).split(static_cast<std::uint64_t>(column - 1));
        augmentation(canvas, epoch.split(static_cast<std::uint64_t>(options.first + row)));
        canvas.pixels();
      }
      std::uint8_t* place = sheet.data() + (row * (H + options.gap) * extents[1] + column * (W + options.gap)) * C;
      for (Index h = 0; h < H; ++h, place += extents[1] * C)
        std::transform(image.data() + h * W * C, image.data() + (h + 1) * W * C, place, [&](float value) {
          return static_cast<std::uint8_t>(std::clamp((value - low) / (high - low), 0.0F, 1.0F) * 255 + 0.5F);
        });
    }
  return sheet;
}

}  // namespace lamina
