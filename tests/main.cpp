// Catch2's own main, alone in its unit: it takes eight seconds to compile and never changes.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
