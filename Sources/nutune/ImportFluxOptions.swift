import ArgumentParser
import NuTuneImport

/// Options of fluxes.
struct ImportFluxOptions: ParsableArguments {
  @Option(help: "Area that the flux is per: cm2 or m2.")
  var area: String?

  @Option(help: "Energy that the flux is per: GeV, 50MeV or another; bin for numbers of neutrinos in bins.")
  var per: String?

  @Option(help: "Protons on target that the flux is per: 1, 1e6, 1e21 or another number.")
  var pot: String?

  @Option(
    help: "What energies without edges are: centers of bins of one width, their lower edges, or points of a curve.")
  var points: String?

  @Option(
    help: ArgumentHelp(
      "Other bins that keep the content: edges in GeV, 0,0.5,1, or a flux table in CSV that has them.",
      valueName: "edges|file"))
  var rebin: String?

  @Option(help: "Significant digits of the entry; by default all.")
  var digits: Int?

  func options(columns: [String], energy: String?) -> FluxImport.Options {
    var options = FluxImport.Options()
    options.units = FluxUnits.Options(area: area, per: per, pot: pot, energy: energy)
    (options.columns, options.points, options.rebin, options.digits) = (columns, points, rebin, digits)
    return options
  }
}
