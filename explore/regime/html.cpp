// SPDX-License-Identifier: MIT
#include "explore/regime/html.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace gapwright {
namespace {

constexpr const char* kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:0 1rem 3rem;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.2rem;border-top:1px solid #ddd;padding-top:1rem}"
    ".pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}"
    ".first{max-width:46rem;margin:1rem 0}"
    "figure{margin:0}figure img{display:block;width:100%;height:auto;border:1px solid "
    "#ddd}figcaption{font-size:.9rem;color:#444;margin:.3rem 0 .8rem}"
    ".table{overflow-x:auto;margin:.5rem 0 "
    "1rem}table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{padding:.2rem .6rem;border-bottom:1px solid "
    "#e4e4e4;text-align:right;white-space:nowrap}"
    "th:first-child,td:first-child{text-align:left}code,pre{font-size:.85rem;overflow-wrap:anywhere;white-space:pre-wrap}"
    "details summary{cursor:pointer;padding:.4rem 0}";

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : digits[group >> (18 - 6 * j) & 63];
  }
  return text;
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

std::string figure(const Picture& picture, const std::string& svg) {
  return fmt::format("<figure><img src=\"data:image/svg+xml;base64,{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>\n",
                     base64(svg), escaped(picture.frame.title), escaped(picture.caption));
}

std::string number(double x) { return std::isfinite(x) ? fmt::format("{:.4g}", x) : "-"; }
std::string number(const Record& x) {
  if (x.is_null()) return "-";
  if (x.is_string()) {  // an exact integer beyond 2^53
    const std::string digits = x.get<std::string>();
    return digits.size() > 6 ? fmt::format("{}.{}e{}", digits[0], digits.substr(1, 2), digits.size() - 1) : digits;
  }
  if (x.is_boolean()) return x.get<bool>() ? "yes" : "no";
  if (x.is_number_integer() || x.is_number_unsigned())
    return x.get<std::uint64_t>() < 1'000'000 ? std::to_string(x.get<std::uint64_t>()) : fmt::format("{:.3g}", x.get<double>());
  return number(x.get<double>());
}

std::string html(const Table& table) {
  std::string text = "<div class=\"table\"><table><caption>" + escaped(table.caption) + "</caption><thead><tr>";
  for (const auto& h : table.head) text += "<th>" + escaped(h) + "</th>";
  text += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (const auto& cell : row) text += "<td>" + escaped(cell) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string html_page(const std::string& title, const std::string& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\"><title>" +
         escaped(title) + "</title>\n<style>" + kStyle + "</style></head>\n<body>\n" + body + "</body></html>\n";
}

}  // namespace gapwright
