#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "draw_lines.hpp"
#include "draw_tables.hpp"

namespace LAMINA_NAMESPACE {

/// A table of text with a heading row: the first column holds names, the others numbers.
struct HtmlTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows{};
};

namespace detail {

enum class SectionWidth { whole, narrow };

}  // namespace detail

/// A page in one file. It needs no other file, runs no script, is light or dark as the reader's screen, fits a phone and
/// can be printed. All inputs are plain text; special characters of HTML are escaped.
class HtmlPage {
 public:
  explicit HtmlPage(std::string title) : title_(std::move(title)) {}

  /// Begins a section. In a wide window, two adjacent narrow sections are side by side.
  void section(std::string_view title, detail::SectionWidth width = detail::SectionWidth::whole);

  /// Begins a group that is side by side in a wide window: a table and drawings. end_beside ends it.
  void begin_beside() { body_ += "<div class=\"beside\">\n"; }
  void end_beside() { body_ += "</div>\n"; }
  void heading(std::string_view title) { body_ += detail::joined({"<h3>", detail::escape_markup(title), "</h3>\n"}); }
  void paragraph(std::string_view text) { body_ += detail::joined({"<p>", detail::escape_markup(text), "</p>\n"}); }
  void note(std::string_view text) { body_ += detail::joined({"<p class=\"note\">", detail::escape_markup(text), "</p>\n"}); }

  /// Writes the most important figures in large letters, with their names below.
  void figures(std::span<const std::pair<std::string, std::string>> all);

  /// Adds drawings side by side, as many as fit. One that is wider than a phone can be scrolled there.
  void drawings(std::span<const detail::Drawing> all);

  /// Adds plots side by side likewise: everything that `to_svg` draws.
  template <typename... P>
  void plots(const P&... all) {
    drawings(std::array{detail::draw(all)...});
  }

  void table(const HtmlTable& table);

  /// Adds pictures side by side, each enlarged to the same width, with its caption below.
  void pictures(std::span<const Picture> all, std::string_view size = "medium");

  /// Returns the file's text; `below` is the footer of the page.
  std::string text(std::string_view below);

 private:
  /// Returns the end of an opening tag and text of at most so many columns; the full text is shown on hovering.
  static std::string shortened(std::string_view text, Index columns);

  static constexpr std::string_view style = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2937;--faint:#5b6472;--rule:#dfe3e9;--soft:#f5f7fa;--link:#1d5fa8}
@media screen and (prefers-color-scheme:dark){:root{--paper:#11161f;--ink:#e5e7eb;--faint:#a3adbb;--rule:#2a3240;
--soft:#1a212d;--link:#8cbcf2}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:16px;max-width:1560px;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:26px;line-height:1.25;margin:8px 0 12px}h2{font-size:19px;margin:36px 0 8px;padding-top:10px;
border-top:1px solid var(--rule)}
h3{font-size:15px;margin:20px 0 6px}p{margin:6px 0 10px;max-width:75ch}
.note,footer,small,dt{color:var(--faint)}.note{font-size:13.5px}footer{margin-top:40px;padding-top:10px;
border-top:1px solid var(--rule);font-size:13px}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px}a{color:var(--link)}
.figures{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}.figures div{background:var(--soft);border-radius:8px;
padding:8px 14px;min-width:130px}
.figures dt{font-size:12.5px}.figures dd{margin:0;font-size:20px;font-weight:600}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,350px),1fr));gap:18px 26px;
align-items:start;margin:10px 0}
.plots svg{display:block;width:100%;height:auto;max-width:520px}.plots .wide{grid-column:1/-1}
.wide svg{min-width:var(--width);max-width:900px}
.scroll{overflow-x:auto;max-width:100%}table{border-collapse:collapse;font-size:13.5px;
font-variant-numeric:tabular-nums;margin:8px 0}
th,td{padding:3px 10px;text-align:right;border-bottom:1px solid var(--rule);overflow-wrap:normal;white-space:nowrap}
th{white-space:normal;font-weight:600;color:var(--faint);vertical-align:bottom}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:anywhere;
min-width:6.2em}
td.long{white-space:normal;overflow-wrap:anywhere;min-width:9em}
.pictures{display:grid;gap:10px;margin:10px 0;grid-template-columns:repeat(auto-fill,minmax(84px,1fr))}
.pictures.small{grid-template-columns:repeat(auto-fill,minmax(48px,1fr));gap:6px}
.pictures.large{grid-template-columns:minmax(0,720px)}
figure{margin:0;min-width:0}img{display:block;width:100%;max-width:128px;height:auto;image-rendering:pixelated;
border:1px solid var(--rule)}
.large img{max-width:100%}.small img{max-width:72px}figcaption{font-size:12.5px;line-height:1.3;margin-top:3px}
small{display:block;font-size:11.5px}
@media(max-width:520px){body{padding:12px}h1{font-size:22px}table{font-size:10.5px;width:100%}
th,td{padding:3px 0 3px 5px}th{font-size:10px}.figures dd{font-size:17px}.figures div{flex:1 1 40%;min-width:0}}
section,.beside>*{min-width:0}
@media screen and (min-width:1200px){main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 48px;
align-items:start}section{grid-column:1/-1}section.narrow{grid-column:auto}
.beside{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 40px;align-items:start}
.beside .plots{grid-template-columns:repeat(auto-fill,minmax(260px,1fr))}}
@media print{body{padding:0;max-width:none;font-size:10.5pt}nav{display:none}.scroll{overflow:visible}
.wide svg{min-width:0}
h2,h3,.note{break-after:avoid}.plots>div,figure,tr,.figures div{break-inside:avoid}
.plots{grid-template-columns:repeat(2,minmax(0,1fr))}
.figures div{border:1px solid var(--rule)}table{font-size:9.5pt}img,.plot{print-color-adjust:exact;
-webkit-print-color-adjust:exact}}
)";

  void close_section() {
    if (sections_ > 0 && !body_.ends_with("</section>\n")) body_ += "</section>\n";
  }

  std::string title_, contents_, body_;
  int sections_ = 0;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/html_page.ipp"
#endif
