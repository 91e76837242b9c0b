#pragma once

inline int* canary_in_a_header() {
  return 0;
}
