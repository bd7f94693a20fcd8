#pragma once

/// @file
/// Images that differ in every epoch, by rotation, translation, noise and more; and contact sheets to look at them.

#include "data/augmentation.hpp"
#include "data/contact_sheet.hpp"
#include "data/elastic_distortion.hpp"
#include "data/geometric_transforms.hpp"
#include "data/pixel_transforms.hpp"
#include "data/png.hpp"
#include "data/resize.hpp"
#include "lamina.hpp"
