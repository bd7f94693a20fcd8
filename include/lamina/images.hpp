#pragma once

/// @file
/// Images from files and folders: PNG, JPEG and BMP. Needs stb_image (libstb-dev); with CMake link lamina::images.

#include "augment.hpp"
#include "data/image_folder.hpp"
#include "data/images.hpp"
#include "data/preprocess_image.hpp"
#include "lamina.hpp"
