// Runs the released source of NuFast, the file NUFAST_SOURCE, for the race of oscillation.py.
//
// usage: nufast STEPS < settings
//        nufast STEPS ENERGIES REPETITIONS
//
// The first reads lines of s12sq, s13sq, s23sq, delta, dm21, dm31, L, E, rho and Ye, with E < 0 for antineutrinos, and
// writes nine probabilities for each. The second writes the median time for an energy in nanoseconds, at the baseline
// of DUNE from 0.1 to 10 GeV. Two released interfaces are understood: one energy at a time, and a vector of energies.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#define main nufast_demonstration
#include NUFAST_SOURCE
#undef main

namespace NuFast {}
using namespace NuFast;

struct Setting {
  double s12, s13, s23, delta, dm21, dm31, length, density, electrons;
};

using Probabilities = std::vector<std::array<std::array<double, 3>, 3>>;

template <class Energies>
void probabilities(const Setting &s, const Energies &energies, int steps, Probabilities &output) {
  if constexpr (requires {
                  Probability_Matter_LBL(
                      s.s12, s.s13, s.s23, s.delta, s.dm21, s.dm31, s.length, energies, s.density * s.electrons, steps,
                      output);
                }) {
    Probability_Matter_LBL(
        s.s12, s.s13, s.s23, s.delta, s.dm21, s.dm31, s.length, energies, s.density * s.electrons, steps, output);
  } else {
    for (std::size_t i = 0; i < energies.size(); i++) {
      double matrix[3][3];
      Probability_Matter_LBL(
          s.s12, s.s13, s.s23, s.delta, s.dm21, s.dm31, s.length, energies[i], s.density, s.electrons, steps, &matrix);
      for (int a = 0; a < 3; a++) std::copy(matrix[a], matrix[a] + 3, output[i][a].begin());
    }
  }
}

static void print_probabilities(int steps) {
  Setting s;
  std::vector<double> energies(1);
  Probabilities output(1);
  while (std::scanf(
             "%lf %lf %lf %lf %lf %lf %lf %lf %lf %lf", &s.s12, &s.s13, &s.s23, &s.delta, &s.dm21, &s.dm31, &s.length,
             &energies[0], &s.density, &s.electrons) == 10) {
    probabilities(s, energies, steps, output);
    for (auto &row : output[0])
      for (double p : row) std::printf("%.17g ", p);
    std::printf("\n");
  }
}

static void print_time(int steps, int count, int repetitions) {
  const Setting dune{0.308, 0.02215, 0.470, 3.7000980142279785, 7.49e-5, 2.513e-3, 1284.9, 2.848, 0.5};
  std::vector<double> energies(count), times;
  Probabilities output(count);
  for (int i = 0; i < count; i++) energies[i] = 0.1 + 9.9 * (i + 0.5) / count;
  double checksum = 0;
  for (int repetition = 0; repetition < repetitions; repetition++) {
    auto start = std::chrono::steady_clock::now();
    probabilities(dune, energies, steps, output);
    times.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
    checksum += output[repetition % count][1][0];
  }
  if (!(checksum > 0)) std::exit(1);
  std::nth_element(times.begin(), times.begin() + repetitions / 2, times.end());
  std::printf("%.6g\n", times[repetitions / 2] / count);
}

int main(int count, char **arguments) {
  if (count == 2) {
    print_probabilities(std::atoi(arguments[1]));
  } else if (count == 4) {
    print_time(std::atoi(arguments[1]), std::atoi(arguments[2]), std::atoi(arguments[3]));
  } else {
    std::fprintf(stderr, "usage: nufast STEPS [ENERGIES REPETITIONS]\n");
    return 64;
  }
}
