#pragma once

#include <cstdint>

#include "augmentation.hpp"
#include "dataset.hpp"

namespace LAMINA_NAMESPACE {

struct ContactSheetOptions {
  Index rows = 8;     ///< samples of the data set, from `first` on; fewer if it has no more
  Index columns = 8;  ///< the sample itself, then augmented versions
  Index first = 0;    ///< first sample
  std::uint64_t seed = 0;
  Index gap = 2;                 ///< pixels between pictures
  std::uint8_t background = 96;  ///< between pictures
};

/// Returns one picture (height, width, C) with images of a data set, each in a row with augmented versions of it, to look
/// at before training. Bytes are shown as they are. Floats are scaled so that those of the originals span 0 … 255; other
/// values are cut to 0 or 255. Column k is the sample as `fit` with this seed sees it in epoch k − 1. Throws OptionError.
///
///   const auto sheet = contact_sheet(train, {Rotation{}, Translation{}});
///   std::cout << text_picture(sheet, Terminal::detect(stdout)).text();
///   write_png("augmented.png", sheet);
Tensor<std::uint8_t, 3> contact_sheet(const Dataset<3>& dataset, const Augmentation& augmentation,
                                             const ContactSheetOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/contact_sheet.ipp"
#endif
