#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The include direction is the architecture: prints every forbidden arrow and fails if there is one.
cd "$1" || exit 1
declare -A sees=([instances]="instances" [codes]="codes" [reductions]="reductions instances codes"
  [attention]="attention instances" [verify]="verify instances" [explore]="explore reductions instances codes attention verify"
  [cli]="cli explore reductions instances codes attention verify" [checker]="checker" [manual]="manual cli checker instances")
bad=0
for room in "${!sees[@]}"; do
  while IFS=: read -r file line text; do
    target=$(sed -E 's/.*#include "([a-z_]+)\/.*/\1/' <<<"$text")
    [[ " ${sees[$room]} " == *" $target "* ]] || { echo "forbidden: $file:$line: $text"; bad=1; }
  done < <(grep -snHE '#include "' -r "$room" --include='*.[ch]pp')
done
only() { # header pattern, then the one file stem that may include it
  grep -snHE "#include [<\"]($1)" -r instances codes reductions attention verify explore cli --include='*.[ch]pp' | grep -vE "^$2\.[ch]pp:" &&
    { echo "forbidden: only $2.* may include $1"; bad=1; }
}
only 'flint/(fq|nmod|fmpz\.)|fq_' 'codes/field'
only '(flint/)?(arb|arf|acb|fmpq\.)' 'verify/ball'
only 'cryptominisat5/' 'verify/sat_oracle'
only 'cadical' 'verify/unsat_proof'
only 'boost/' 'reductions/atlas'
# The checker shares nothing with what it checks: its own files and outside libraries, and among these other ones where it can be.
grep -nHE '#include [<"](\.|gapwright|instances|codes|reductions|attention|verify|explore|cli|tests|arb|flint|cryptominisat5|cadical|hwy)' -r checker &&
  { echo "forbidden: checker/ includes of itself and of MPFI, MPFR, GMP, OpenSSL and nlohmann-json only"; bad=1; }
grep -snHE '#include [<"]mpfi' -r instances codes reductions attention verify explore cli &&
  { echo "forbidden: MPFI is the checker's"; bad=1; }
exit $bad
