// SPDX-License-Identifier: MIT
#pragma once

// The consumer's own header, which stands before the installed ones on its include path and has the name of one of them.
namespace consumer {

struct Field {
  int rows = 3, columns = 4;
  int area() const { return rows * columns; }
};

}  // namespace consumer
