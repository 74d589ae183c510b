#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The include direction is the architecture: prints every forbidden arrow and fails if there is one.
cd "$1" || exit 1
declare -A sees=([support]="support" [instances]="instances support" [codes]="codes support" [reductions]="reductions instances codes support"
  [attention]="attention instances support" [verify]="verify instances support" [atlas]="atlas reductions instances codes attention verify support"
  [explore]="explore atlas reductions instances codes attention verify support"
  [cli]="cli explore atlas reductions instances codes attention verify support" [checker]="checker" [manual]="manual cli checker support")
bad=0
for room in "${!sees[@]}"; do
  while IFS=: read -r file line text; do
    target=$(sed -E 's/.*#include "([a-z_]+)\/.*/\1/' <<<"$text")
    [[ " ${sees[$room]} " == *" $target "* ]] || { echo "forbidden: $file:$line: $text"; bad=1; }
  done < <(grep -snHE '#include "' -r "$room" --include='*.[ch]pp')
done
only() { # header pattern, then the one file stem that may include it
  grep -snHE "#include [<\"]($1)" -r support instances codes reductions attention verify atlas explore cli --include='*.[ch]pp' | grep -vE "^$2\.[ch]pp:" &&
    { echo "forbidden: only $2.* may include $1"; bad=1; }
}
only 'flint/(fq|nmod|fmpz\.)|fq_' 'codes/field'
only '(flint/)?(arb|arf|acb|fmpq\.)' 'verify/ball'
only 'cryptominisat5/' 'verify/sat_oracle'
only 'cadical' 'verify/unsat_proof'
only 'boost/' 'atlas/graph'
# The checker shares nothing with what it checks: its own files and outside libraries, and among these other ones where it can be.
grep -nHE '#include [<"](\.|gapwright|support|instances|codes|reductions|attention|verify|atlas|explore|cli|tests|arb|flint|cryptominisat5|cadical|hwy)' -r checker &&
  { echo "forbidden: checker/ includes of itself and of MPFI, MPFR, GMP, OpenSSL and nlohmann-json only"; bad=1; }
grep -snHE '#include [<"]mpfi' -r support instances codes reductions attention verify atlas explore cli &&
  { echo "forbidden: MPFI is the checker's"; bad=1; }
exit $bad
