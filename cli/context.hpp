#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace gapwright {

/// What all subcommands share: the options every verb takes, and where data goes.
struct Context {
  bool json = false;
  bool quiet = false;
  std::string output = "-";
  unsigned threads = 1;
  std::function<void(std::string_view)> out;  ///< takes the data of this run: to stdout, or to the file of -o
};

}  // namespace gapwright
