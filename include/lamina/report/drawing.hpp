#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "markup.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The style of plots, in a page or in their own file: light or dark as the reader's screen. Lines also differ by their
/// dashes, for print and for colour-blind readers.
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

/// The number of line styles.
inline constexpr std::size_t line_styles = 10;

/// Returns a length in SVG, rounded to a tenth.
std::string length(double value);

/// A drawing in SVG of `width` by `height` units, about a pixel each in a page.
struct Drawing {
  double width = 360, height = 0;
  std::string title{};  ///< the full title, for screen readers
  std::string body{};

  /// Writes text at (x, y), the start of its baseline, or its middle or end if the class says so.
  void text(double x, double y, std::string_view classes, std::string_view words) {
    body += joined({"<text x=\"", length(x), "\" y=\"", length(y), "\" class=\"", classes, "\">", escape_markup(words),
                    "</text>\n"});
  }
  /// Writes text upwards.
  void upward_text(double x, double y, std::string_view classes, std::string_view words) {
    body += joined({"<text transform=\"translate(", length(x), " ", length(y), ") rotate(-90)\" class=\"", classes,
                    "\">", escape_markup(words), "</text>\n"});
  }
  void line(double x1, double y1, double x2, double y2, std::string_view classes) {
    body += joined({"<path d=\"M", length(x1), " ", length(y1), "L", length(x2), " ", length(y2), "\" class=\"",
                    classes, "\"/>\n"});
  }
  /// Draws a rectangle. `more` holds further attributes, `tooltip` the text that is shown on hovering; both may be empty.
  void rectangle(double x, double y, double w, double h, std::string_view classes, std::string_view more = "",
                 std::string_view tooltip = "");

  /// Writes the title, shortened to fit. Returns the y coordinate below it.
  double heading(std::string_view words);

  /// Writes a note, broken into lines, from y downwards. Returns the y coordinate below it.
  double note(double y, std::string_view words);

  /// Returns the drawing for a page that contains `drawing_style`.
  std::string in_page() const { return joined({opening(""), body, "</svg>\n"}); }

  /// Returns the drawing as a complete file.
  std::string alone() const;

 private:
  std::string opening(std::string_view more) const;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/drawing.ipp"
#endif
