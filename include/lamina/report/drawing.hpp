#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "markup.hpp"

namespace LAMINA_NAMESPACE::detail {

/// What plots look like, in a page or in a file of their own: light or dark as the reader's screen is. Lines differ by
/// their dashes too, for print and for who sees few colours.
inline constexpr std::string_view drawing_style = R"(
.plot text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1f2937}
.plot .title{font-size:12.5px;font-weight:600}.plot .faint{fill:#5b6472}.plot .on{fill:#fff}.plot .end{text-anchor:end}
.plot .mid{text-anchor:middle}.plot .paper{fill:#fff}.plot .grid{stroke:#e3e6eb;stroke-width:1}
.plot .axis{stroke:#8b94a3;stroke-width:1}.plot .guide{stroke:#8b94a3;stroke-dasharray:4 4;fill:none}
.plot .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.plot .dots{fill:none;stroke-width:5;stroke-linecap:round}
.plot .ground{fill:#f1f3f6}.plot .right{fill:#1d5fa8}.plot .wrong{fill:#b4341a}.plot .bar{fill:#3b76bd}
.plot .s0{stroke:#1d5fa8}.plot .s1{stroke:#c2410c}.plot .s2{stroke:#15803d}.plot .s3{stroke:#7e22ce}
.plot .s4{stroke:#b91c4b}.plot .s5{stroke:#0e7490}.plot .s6{stroke:#8a6100}.plot .s7{stroke:#be185d}
.plot .s8{stroke:#4d7c0f}.plot .s9{stroke:#475569}.plot .line.s1,.plot .line.s6{stroke-dasharray:7 3}
.plot .line.s2,.plot .line.s7{stroke-dasharray:2 2.5}.plot .line.s3,.plot .line.s8{stroke-dasharray:9 3 2 3}
.plot .line.s4,.plot .line.s9{stroke-dasharray:4 2}.plot image{image-rendering:pixelated}
@media screen and (prefers-color-scheme:dark){.plot text{fill:#e5e7eb}.plot .faint{fill:#a3adbb}.plot .on{fill:#0b1220}
.plot .paper{fill:#11161f}.plot .grid{stroke:#2a3240}.plot .axis,.plot .guide{stroke:#7b8696}.plot .ground{fill:#1b2230}
.plot .right{fill:#8cbcf2}.plot .wrong{fill:#f79a7f}.plot .bar{fill:#6ea3e0}
.plot .s0{stroke:#7fb2f0}.plot .s1{stroke:#fb923c}.plot .s2{stroke:#4ade80}.plot .s3{stroke:#c59bfb}
.plot .s4{stroke:#fb7e9c}.plot .s5{stroke:#38cfe4}.plot .s6{stroke:#e0b93a}.plot .s7{stroke:#f38ac4}
.plot .s8{stroke:#a8d94a}.plot .s9{stroke:#b4bfcc}}
)";

/// How many styles of lines there are.
inline constexpr std::size_t line_styles = 10;

/// A length in SVG, to a tenth.
std::string length(double value);

/// A drawing in SVG, of `width` by `height` units: in a page, about a pixel each.
struct Drawing {
  double width = 360, height = 0;
  std::string title{};  ///< as it was given, for those who hear the page
  std::string body{};

  /// Text with its baseline's start, or its middle or end if the class says so, at (x, y).
  void text(double x, double y, std::string_view classes, std::string_view words) {
    body += joined({"<text x=\"", length(x), "\" y=\"", length(y), "\" class=\"", classes, "\">", escape_markup(words),
                    "</text>\n"});
  }
  /// The same, upwards.
  void upward_text(double x, double y, std::string_view classes, std::string_view words) {
    body += joined({"<text transform=\"translate(", length(x), " ", length(y), ") rotate(-90)\" class=\"", classes,
                    "\">", escape_markup(words), "</text>\n"});
  }
  void line(double x1, double y1, double x2, double y2, std::string_view classes) {
    body += joined({"<path d=\"M", length(x1), " ", length(y1), "L", length(x2), " ", length(y2), "\" class=\"",
                    classes, "\"/>\n"});
  }
  /// A rectangle; `more` are further attributes or nothing, `tooltip` what is shown to who points at it.
  void rectangle(double x, double y, double w, double h, std::string_view classes, std::string_view more = "",
                 std::string_view tooltip = "");

  /// Writes the title, as far as it fits, and returns where the drawing goes on below it.
  double heading(std::string_view words);

  /// Writes a note, broken into lines, from y on downwards; returns where it ends.
  double note(double y, std::string_view words);

  /// As part of a page that holds `drawing_style`.
  std::string in_page() const { return joined({opening(""), body, "</svg>\n"}); }

  /// As a file.
  std::string alone() const;

 private:
  std::string opening(std::string_view more) const;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/drawing.ipp"
#endif
