// SPDX-License-Identifier: MIT
#include "support/named.hpp"

#include <doctest/doctest.h>

namespace gapwright {
namespace {
enum class Fruit { apple, pear };
}

template <>
struct Names<Fruit> {
  static constexpr std::string_view what = "fruit";
  static constexpr std::array all{Named<Fruit>{Fruit::apple, "apple"}, Named<Fruit>{Fruit::pear, "pear"}};
};

TEST_CASE("a word and its value name each other") {
  CHECK(word_of(Fruit::pear) == "pear");
  CHECK(named<Fruit>("apple") == Fruit::apple);
  CHECK(find_named<Fruit>("plum") == std::nullopt);
  CHECK(names<Fruit>() == std::vector<std::string>{"apple", "pear"});
}

TEST_CASE("a word that is none is refused with those there are and the nearest") {
  CHECK_THROWS_WITH_AS(named<Fruit>("aple"), "unknown fruit 'aple'; there are apple and pear; did you mean 'apple'?",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(named<Fruit>("mango tree"), "unknown fruit 'mango tree'; there are apple and pear", std::invalid_argument);
  CHECK_THROWS_AS(named<Fruit>(""), std::invalid_argument);
}

}  // namespace gapwright
