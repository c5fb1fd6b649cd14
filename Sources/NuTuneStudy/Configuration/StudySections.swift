import NuTuneCore

/// The sections of a study that are plain parameters, each declared once.
public enum StudySections {
  /// Numbers of events: beyond, one more makes no difference in double precision.
  static let events = 1...1e16
  /// The largest number of events that can be drawn: what the generator of random numbers counts up to.
  static let largestDraw = 4e9
  /// The narrowest range of neutrino energies that can be folded, GeV.
  static let narrowestFold = 1e-3

  /// `near:`, the near-detector data.
  public static let near = ParameterSchema([
    ParameterDeclaration(
      "events", default: .text("infinite"), .number(events, orWord: ["infinite"]),
      "number of near-detector events, all samples together; at most 4e9 when they are drawn"),
    ParameterDeclaration(
      "sample", required: false, .choice(SamplingMethod.allCases.map(\.rawValue)),
      "how data are drawn from the truth; asimov when the events are infinite, otherwise poisson"),
  ])

  /// `far:`, the far-detector data.
  public static let far = ParameterSchema([
    ParameterDeclaration(
      "events", default: .number(6200), .number(events),
      "number of far-detector events, all samples together; at most 4e9 when they are drawn"),
    ParameterDeclaration(
      "sample", default: .text("asimov"), .choice(["asimov", "poisson"]), "how data are drawn from the truth"),
    ParameterDeclaration(
      "flux", default: .text("near"), .choice(["near", "own"]),
      "before oscillation: the shape of the near flux, or the far detector's own"),
  ])

  /// `seed:`, random numbers by purpose.
  public static let seed = ParameterSchema([
    ParameterDeclaration(
      "study", default: .integer(1), .integer(0...Int(Int32.max)), "seed of everything that has no seed of its own"),
    ParameterDeclaration(
      "network", required: false, .integer(0...Int(Int32.max)),
      "seed of what a model draws to start learning; seed.study when unset"),
    ParameterDeclaration(
      "data", required: false, .integer(0...Int(Int32.max)), "seed of the simulated data; seed.study when unset"),
  ])

  /// `fold:`, precision of the flux folding.
  public static let fold = ParameterSchema([
    ParameterDeclaration(
      "energy_minimum", unit: "GeV", default: .number(0.3), .positive, "lowest neutrino energy that is folded"),
    ParameterDeclaration(
      "energy_maximum", unit: "GeV", default: .number(40), .positive,
      "highest neutrino energy that is folded, at most that of the flux"),
    ParameterDeclaration(
      "nodes_w2", default: .integer(140), .integer(8...2000), "nodes of the structure functions in W²"),
    ParameterDeclaration(
      "nodes_q2", default: .integer(80), .integer(8...2000), "nodes of the structure functions in Q²"),
    ParameterDeclaration(
      "cell_scale", default: .number(1), .number(0.05...20), "factor on the default widths of the E_ν cells"),
    ParameterDeclaration("points_energy", default: .integer(3), .integer(1...32), "quadrature points per E_ν cell"),
    ParameterDeclaration(
      "points_lepton", default: .integer(6), .integer(1...64), "quadrature points per bin on the first axis"),
    ParameterDeclaration(
      "points_angle", default: .integer(4), .integer(1...64), "quadrature points per bin on the second axis"),
  ])

  /// `slices:`, comparison at fixed neutrino energies.
  public static let slices = ParameterSchema([
    ParameterDeclaration(
      "energies", unit: "GeV", default: .numbers([1, 2, 3, 5]),
      .numbers(.leastNonzeroMagnitude...1000, count: 0...100), "neutrino energies of the slices")
  ])

  /// `fit:`, the oscillation fit.
  public static let fit = ParameterSchema([
    ParameterDeclaration(
      "scan_points", default: .integer(61), .integer(11...501), "points per axis of the scan behind the contours"),
    ParameterDeclaration(
      "marginalize", default: .boolean(true), .boolean,
      "integrate out what near data left open of a model that knows it; otherwise every model is held fixed"),
  ])
}

/// How data are drawn from an expectation.
public enum SamplingMethod: String, Sendable, CaseIterable, Hashable {
  /// The expectation itself.
  case asimov
  /// Every bin by its own Poisson law.
  case poisson
  /// A fixed number of events spread over the bins.
  case multinomial
}
