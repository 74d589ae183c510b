// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>

#include "atlas/reduce.hpp"

// The part of a reduction that goes through a code, and what both parts hold on the way.
namespace gapwright {

struct Journey {
  const ReduceRequest& request;
  const std::string& what;  ///< the source, in messages
  const Work& work;
  const std::function<void(const std::string& what, const mpz_class& bytes)>& room;
  Reduced& made;          ///< its target is where the journey is now
  bool answered = false;  ///< the expected answer has been found

  /// The caller may refuse what is about to be built.
  void check_room(const std::string& built, const mpz_class& bytes) const {
    if (room) room(built, bytes);
  }

  /// The answer of the source, if it was decided. Throws BadInstance where its file expects the other one.
  void take_answer(std::optional<bool> answer);

  /// One more way forward for witnesses.
  void then(std::function<WitnessNumbers(const WitnessNumbers&)> next) {
    made.push = [first = made.push, second = std::move(next)](const WitnessNumbers& w) { return second(first(w)); };
  }
};

/// Vectors to the Gap-k-MaxIP instance of one message of Merlin, and on to attention where the request says so.
void reduce_by_code(Journey& journey, const Witnesses& honest);

/// A Gap-k-MaxIP instance of any form to attention; field symbols also to vectors.
void reduce_gap(Journey& journey);

}  // namespace gapwright
