#pragma once

#include "../html_page.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void HtmlPage::section(std::string_view title, detail::SectionWidth width) {
  close_section();
  const std::string id = "section-" + std::to_string(++sections_);
  contents_ += detail::joined({"<a href=\"#", id, "\">", detail::escape_markup(title), "</a>\n"});
  body_ += detail::joined({"<section id=\"", id, width == detail::SectionWidth::narrow ? "\" class=\"narrow" : "", "\">\n<h2>", detail::escape_markup(title), "</h2>\n"});
}

LAMINA_FUNC void HtmlPage::figures(std::span<const std::pair<std::string, std::string>> all) {
  body_ += "<dl class=\"figures\">\n";
  for (const auto& [what, figure] : all)
    body_ += detail::joined({"<div><dt>", detail::escape_markup(what), "</dt><dd>", detail::escape_markup(figure), "</dd></div>\n"});
  body_ += "</dl>\n";
}

LAMINA_FUNC void HtmlPage::drawings(std::span<const detail::Drawing> all) {
  body_ += "<div class=\"plots\">\n";
  for (const detail::Drawing& one : all) {
    const bool wide = one.width > 400;
    body_ += detail::joined({"<div class=\"", wide ? "scroll wide" : "one", "\""});
    if (wide) body_ += detail::joined({" tabindex=\"0\" style=\"--width:", detail::length(one.width), "px\""});
    body_ += detail::joined({">\n", one.in_page(), "</div>\n"});
  }
  body_ += "</div>\n";
}

LAMINA_FUNC void HtmlPage::table(const HtmlTable& table) {
  body_ += "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>";
  for (const std::string& cell : table.head) body_ += detail::joined({"<th>", detail::escape_markup(cell), "</th>"});
  body_ += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    body_ += "<tr>";
    for (const std::string& cell : row)
      body_ += detail::joined({"<td", display_width(cell) > 24 ? " class=\"long\"" : "", shortened(cell, 80), "</td>"});
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
}

LAMINA_FUNC void HtmlPage::pictures(std::span<const Picture> all, std::string_view size) {
  body_ += detail::joined({"<div class=\"pictures ", size, "\">\n"});
  for (const Picture& picture : all) {
    body_ += detail::joined({"<figure><img src=\"", detail::picture_address(picture.pixels), "\" alt=\"",
                             detail::escape_markup(picture.caption), "\" width=\"", picture.pixels.dimension(1), "\" height=\"",
                             picture.pixels.dimension(0), "\"/>"});
    if (!picture.caption.empty() || !picture.detail.empty())
      body_ += detail::joined({"<figcaption", shortened(picture.caption, 40), "<small>", detail::escape_markup(picture.detail),
                               "</small></figcaption>"});
    body_ += "</figure>\n";
  }
  body_ += "</div>\n";
}

LAMINA_FUNC std::string HtmlPage::text(std::string_view below) {
  close_section();
  const std::string title = detail::escape_markup(detail::shortened(title_, 120));
  return detail::joined({R"(<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"/>
<link rel="icon" href="data:,"/>
<title>)",
                         title, "</title>\n<style>", style, detail::drawing_style,
                         "</style>\n</head>\n<body>\n<header>\n<h1>", title, "</h1>\n<nav>\n", contents_,
                         "</nav>\n</header>\n<main>\n", body_, "</main>\n<footer>", detail::escape_markup(below),
                         "</footer>\n</body>\n</html>\n"});
}

LAMINA_FUNC std::string HtmlPage::shortened(std::string_view text, Index columns) {
  const std::string all = detail::escape_markup(text);
  if (display_width(text) <= columns) return ">" + all;
  return detail::joined({" title=\"", all, "\">", detail::escape_markup(detail::shortened(text, columns))});
}

}  // namespace lamina
