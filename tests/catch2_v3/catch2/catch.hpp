// Catch2 3 under the header name of Catch2 2, so that the tests are written once.
#pragma once

#include <catch2/catch_all.hpp>

using Catch::Approx;
