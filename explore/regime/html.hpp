// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "explore/regime/results.hpp"
#include "support/gnuplot.hpp"

// One self-contained page: pictures inside, no scripts, nothing from a network, readable on a phone.
namespace gapwright {

/// The text with & < > " as entities.
std::string escaped(const std::string& text);

/// Four digits; "-" for what is not finite.
std::string number(double x);
/// A value of a record in a table; "-" for null.
std::string number(const Record& x);

struct Table {
  std::string caption;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};
std::string html(const Table& table);

/// The picture with its caption, from its SVG.
std::string figure(const Picture& picture, const std::string& svg);

/// The page around a body.
std::string html_page(const std::string& title, const std::string& body);

}  // namespace gapwright
