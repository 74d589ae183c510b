// SPDX-License-Identifier: MIT
// The row of gap_max_ip_to_attention.
#include "atlas/rule.hpp"

namespace gapwright {
std::vector<Rule> gap_max_ip_to_attention_rules() {
  std::vector<Rule> rows;
  struct Vectors {
    Form form;
    const char *name, *law;
  };
  const std::string sharp = "; sharp: (n_0 + sum_u (n_u + 1)) d' + sum_u (n_u + 1) floats, d' = dimension + t",
                    paper = "; paper: (n_0 + 2 sum_u n_u) d' + 2 sum_u n_u floats, d' = 2 dimension";
  for (const Vectors& vectors :
       {Vectors{Form::full, "boxes", "dimension L Q^((k-1)T)"},
        Vectors{Form::pruned, "pruned boxes",
                "dimension at most L prod_{u >= 1} min(Q^T, n_u): coordinates in which no set is identically 0"},
        Vectors{Form::characters, "characters",
                "ceil(weight/mu) columns for each of K 2^T coordinates of weight 1 and those of Theorem R11 at L - K coins, "
                "ceil(t/mu) for the pads"}})
    for (const Embedding embedding : {Embedding::sharp, Embedding::paper}) {
      const bool is_sharp = embedding == Embedding::sharp;
      if (vectors.form == Form::characters && !is_sharp) continue;
      rows.push_back(
          {"gap_max_ip_to_attention",
           std::string(vectors.name) + ", " + std::string(word_of(embedding)),
           "gap-max-ip",
           "attention",
           RuleKind::many_one,
           std::string("out_i >= yes iff row i has an inner product >= t, else out_i <= no; gamma (t - s_no) = ln Nmain + "
                       "ln(1/delta), B = (d' gamma)^(1/k) ") +
               (is_sharp ? "(ours; the asymptotic statement is [AS24]'s)" : "(after [AS24, AS23])") + "; any k >= 2",
           vectors.law + (is_sharp ? sharp : paper),
           is_sharp ? "out >= 0.4 against out < 1/16 (k <= 4)"
                    : "e^(-gamma (d - t)) of the output: exponentially small unless d = O(t - s_no)",
           "witnesses both ways, decision, row by row",
           "docs/reductions.md, 5 and 6",
           {.form = vectors.form, .embedding = embedding},
           embed_gap});
    }
  return rows;
}

}  // namespace gapwright
