#pragma once

#include <lamina/core/utf8.hpp>
#include <string>
#include <string_view>
#include <vector>

/// What keeps markup from being well-formed XML, or nothing: tags that do not match, an attribute without quotes, a
/// bare & or <, characters that XML does not know. Knows no comments, no CDATA, and one declaration, <!DOCTYPE html>,
/// in front.
inline std::string trouble_in_markup(std::string_view text) {
  if (lamina::detail::utf8_length(text) != text.size()) return "not UTF-8";
  for (const char letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 && letter != '\n' && letter != '\t') return "a control character";
  constexpr std::string_view doctype = "<!DOCTYPE html>";
  if (text.starts_with(doctype)) text.remove_prefix(doctype.size());
  std::vector<std::string> open;
  std::size_t roots = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '&') {
      const std::string_view entity = text.substr(at, text.find(';', at) - at);
      if (entity != "&amp" && entity != "&lt" && entity != "&gt" && entity != "&quot" && entity != "&#39")
        return "a bare &: " + std::string(text.substr(at, 30));
    }
    if (text[at] != '<') {
      if (open.empty() && text[at] != '\n') return "text outside of all tags: " + std::string(text.substr(at, 30));
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    for (char quote = 0; end < text.size() && (quote != 0 || text[end] != '>'); ++end) {
      if (text[end] == '<') return "a bare < in a tag: " + std::string(text.substr(at, 60));
      if (text[end] == '"') quote = quote == 0 ? '"' : '\0';
      if (quote == 0 && text[end] == '=' && text.substr(end, 2) != "=\"")
        return "an attribute without quotes: " + std::string(text.substr(at, 60));
    }
    if (end == text.size()) return "a tag without end: " + std::string(text.substr(at, 60));
    std::string_view tag = text.substr(at + 1, end - at - 1);
    at = end + 1;
    const bool closing = tag.starts_with('/'), alone = tag.ends_with('/');
    if (closing) tag.remove_prefix(1);
    const std::string name(tag.substr(0, tag.find_first_of(" /\n")));
    if (name.empty()) return "a tag without name";
    if (closing) {
      if (open.empty() || open.back() != name)
        return "</" + name + "> closes " + (open.empty() ? "nothing" : open.back());
      open.pop_back();
    } else {
      if (open.empty() && roots++ > 0) return "two roots";
      if (!alone) open.push_back(name);
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

inline std::size_t occurrences(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++count;
  return count;
}
