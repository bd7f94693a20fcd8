#pragma once

#include <cstdint>

#include "augmentation.hpp"
#include "dataset.hpp"

namespace LAMINA_NAMESPACE {

struct ContactSheetOptions {
  Index rows = 8;     ///< samples of the data set, from `first` on; fewer when it has no more
  Index columns = 8;  ///< the sample itself, then what it may become
  Index first = 0;    ///< sample
  std::uint64_t seed = 0;
  Index gap = 2;                 ///< pixels between pictures
  std::uint8_t background = 96;  ///< between pictures
};

/// Images of a data set, each in a row with what an augmentation makes of it, as one picture (height, width, C): to
/// look at before one trains. Bytes are shown as they are, numbers so that those of the originals reach from 0 to 255;
/// what leaves that becomes 0 or 255. Column k is what the sample becomes in epoch k − 1 of a `fit` of this seed.
/// Throws OptionError.
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
