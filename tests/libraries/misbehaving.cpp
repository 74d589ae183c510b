// SPDX-License-Identifier: MIT
// A library of `gapwright challenge` that misbehaves as the environment variable MISBEHAVIOUR says.
#include <gapwright/challenge.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

int gapwright_challenge_attention(const gapwright_attention* input, void* out) {
  const char* const set = std::getenv("MISBEHAVIOUR");
  const std::string how = set ? set : "";
  const std::size_t bytes = input->rows * input->value_columns * sizeof(double);
  if (how == "hang")
    for (;;) ::pause();
  if (how == "abort") std::abort();
  if (how == "overrun") std::memset(out, 0, bytes + 4096);
  if (how == "refuse") return GAPWRIGHT_REFUSED;
  if (how == "fail") return -7;
  if (how == "half") std::memset(out, 0, bytes / 2);  // and nothing else
  return GAPWRIGHT_DONE;
}
