import ArgumentParser

/// Unit of energies.
struct ImportEnergyOption: ParsableArguments {
  @Option(help: "Unit of energies and momenta in the file: GeV or MeV.")
  var energy: String?
}
