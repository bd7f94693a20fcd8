#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Finds the next marker: 0xFF, neither stuffed nor a restart's. What is before it is a scan's data, or stray
/// bytes between segments, which decoders pass over.
std::size_t find_marker(const ImageBytes& bytes, std::size_t at);

/// A segment of a JPEG, from the 0xFF of its marker to the end of what it says.
struct JpegSegment {
  std::uint32_t marker;
  std::size_t begin, end;

  bool is_frame() const {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }
  bool is_scan() const { return marker == 0xDA; }
  bool is_last() const { return marker == 0xD9; }
};

/// Finds the first segment from `at` on. Throws DataError where none is whole.
JpegSegment next_segment(const ImageBytes& bytes, std::size_t at);

/// Follows a JPEG from segment to segment. Tables have to fit the decoder's, and to be there before a scan uses them:
/// in place of missing ones, the decoder would use what its memory holds.
class JpegCheck {
 public:
  JpegCheck(const ImageBytes& bytes, const ImageLimits& limits) : bytes_(bytes), limits_(limits) {}

  ImageHeader read();

 private:
  /// Reads a frame's segment. Throws DataError for frames that the decoder does not know, by name.
  void read_frame(const JpegSegment& frame);

  void read_quantisation_tables(const JpegSegment& segment);

  /// Reads Huffman tables: codes of no length are more than that length has.
  void read_huffman_tables(const JpegSegment& segment);

  void check_scan(const JpegSegment& scan);

  struct Component {
    std::uint32_t name, table;
    bool is_scanned;
  };

  const ImageBytes& bytes_;
  const ImageLimits& limits_;
  ImageHeader header_{ImageFormat::jpeg, 0, 0};
  bool is_progressive_ = false;
  std::uint32_t components_count_ = 0;
  std::array<Component, 3> components_{};
  std::uint32_t quantisation_ = 0, huffman_dc_ = 0, huffman_ac_ = 0;  // a bit for each table that there is
};

/// ITU T.81: segments follow one another to EOI, one frame among them, and tables are sound.
inline ImageHeader check_jpeg(const ImageBytes& bytes, const ImageLimits& limits) {
  return JpegCheck(bytes, limits).read();
}

/// Returns a JPEG, as check_jpeg let it through, without the bytes between its segments that belong to none, which
/// libjpeg passes over and stb_image does not.
std::vector<std::byte> without_stray_bytes(const ImageBytes& bytes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/jpeg_structure.ipp"
#endif
