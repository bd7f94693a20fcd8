#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Finds the next marker: 0xFF that is neither stuffed nor a restart marker. Bytes before it are a scan's data, or stray
/// bytes between segments, which decoders skip.
std::size_t find_marker(const ImageBytes& bytes, std::size_t at);

/// A segment of a JPEG, from the 0xFF of its marker to its declared end.
struct JpegSegment {
  std::uint32_t marker;
  std::size_t begin, end;

  bool is_frame() const {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }
  bool is_scan() const { return marker == 0xDA; }
  bool is_last() const { return marker == 0xD9; }
};

/// Returns the first segment from `at` on. Throws DataError if there is no complete one.
JpegSegment next_segment(const ImageBytes& bytes, std::size_t at);

/// A checker that follows a JPEG from segment to segment. Tables must fit the decoder's, and must come before a scan uses
/// them: for missing ones the decoder would use uninitialised memory.
class JpegCheck {
 public:
  JpegCheck(const ImageBytes& bytes, const ImageLimits& limits) : bytes_(bytes), limits_(limits) {}

  ImageHeader read();

 private:
  /// Reads a frame's segment. Throws DataError, which names the kind, for frames that the decoder does not support.
  void read_frame(const JpegSegment& frame);

  void read_quantisation_tables(const JpegSegment& segment);

  /// Reads Huffman tables. Throws DataError for a table with more codes of some length than that length allows.
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
  std::uint32_t quantisation_ = 0, huffman_dc_ = 0, huffman_ac_ = 0;  // a bit for each table that was read
};

/// Checks a JPEG (ITU T.81): segments follow one another to EOI, with one frame among them and valid tables. Throws DataError.
inline ImageHeader check_jpeg(const ImageBytes& bytes, const ImageLimits& limits) {
  return JpegCheck(bytes, limits).read();
}

/// Returns a JPEG that check_jpeg accepted without the stray bytes between its segments. libjpeg skips them, stb_image
/// does not.
std::vector<std::byte> without_stray_bytes(const ImageBytes& bytes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/jpeg_structure.ipp"
#endif
