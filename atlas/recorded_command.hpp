// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "atlas/attend.hpp"
#include "atlas/decide.hpp"
#include "atlas/reduce.hpp"
#include "atlas/solve.hpp"
#include "instances/provenance.hpp"
#include "reductions/protocol_choice.hpp"

// The canonical command of a request, as certificates, checkpoints and provenance record it: behind the word gapwright a shell makes the same of the
// same files. It is the program's, whichever face was asked: the verb, the inputs by base name, then the options that change content, in one order.
// Of what was read from files the inputs are these. What another command made is piped in from there: "gen pigeonhole 4 3 | gapwright solve - -k 3";
// what only a program had in its memory is "-".
namespace gapwright {

std::string recorded_command(const SolveRequest& request, const Provenance& formula);
std::string recorded_command(const DecideRequest& request, const Provenance& instance);
std::string recorded_command(const AttendRequest& request, const Provenance& input);

/// The source, with the command of this reduction for the one that made it. What a code adds follows once it is chosen. Not copied where nobody else
/// holds it.
AnyInstance to_be_reduced(AnyInstance source, const ReduceRequest& request);
/// The options that choose this code, form and message again. `answered`: Merlin knew the answer, which is found again by asking for it.
std::string recorded_code(const CodeRequest& code, const ProtocolShape& shape, Form form, const mpz_class& message,
                          bool answered);

}  // namespace gapwright
