import NuTuneCore
import NuTuneTables

/// `tabulated`: d²σ/(dE_l dcosθ) on a grid of (E_ν, E_l, cosθ), read from CSV or HDF5, so that any generator can be
/// compared.
///
/// Every neutrino energy may have lepton energies of its own, and every lepton energy cosines of its own. Interpolation
/// never leaves the range of the values around a point, and so is never negative; between zeros on all sides it is
/// zero; see `TableGrid`. Neutrino energies outside the table are an error. A run estimates the interpolation error
/// from every second point (`halved`) and reports it.
///
/// ## Configuration keys
/// `file` (path) for one channel, or `files.numu` … `files.nuebar`; `scale` (factor to 10⁻³⁸ cm²/GeV per nucleon);
/// `mean_minimum`, `mean_maximum` (10⁻³⁸ cm²/GeV, of the mean σ/E_ν).
package struct TabulatedCrossSection: InterpolatedModel {
  /// Range of neutrino energies in GeV that every table covers.
  package let energyRange: ClosedRange<Double>?
  /// A table, its file and its name in a study.
  private struct Source: Sendable {
    var grid: TableGrid
    /// The grid of every second point; nil if too few are left.
    var halvedGrid: TableGrid?
    var channel: NeutrinoSpecies?
    var target: String?
    var file: String
  }
  private let sources: [NeutrinoSpecies: Source]

  /// Name, parameters.
  package static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "tabulated",
    summary: "A table of d²σ/(dE_l dcosθ) (CSV or HDF5: energy, lepton_energy, cos_theta, d2sigma), as nutune "
      + "cross-section --grid or a generator writes it; interpolated along lines of constant W, never extrapolated.",
    parameters: [
      ParameterDeclaration("file", required: false, .text, "path of the table, for a study of one channel")
    ]
      + NeutrinoSpecies.allCases.map {
        ParameterDeclaration("files.\($0.rawValue)", required: false, .text, "path of the table of \($0.rawValue)")
      } + [
        ParameterDeclaration(
          "scale", required: false, .positive,
          "what turns the table's values into 10⁻³⁸ cm²/GeV per nucleon; 1 when unset"),
        ParameterDeclaration(
          "mean_minimum", unit: "1e-38 cm2/GeV", default: .number(0.05), .nonNegative,
          "lowest mean over the table's energies of σ/E_ν per nucleon that is believed"),
        ParameterDeclaration(
          "mean_maximum", unit: "1e-38 cm2/GeV", default: .number(5), .nonNegative,
          "highest mean over the table's energies of σ/E_ν per nucleon that is believed"),
      ],
    citations: [
      Citation(
        key: "Steffen:1990",
        bibtex: """
          @article{Steffen:1990,
            author = {Steffen, M.},
            title = {A simple method for monotonic interpolation in one dimension},
            journal = {Astron. Astrophys.}, volume = {239}, pages = {443}, year = {1990}
          }
          """)
    ])

  /// Reads the tables; errors name file and line.
  package init(_ configuration: PluginConfiguration) throws {
    let parameters = configuration.parameters
    var sources: [NeutrinoSpecies: Source] = [:]
    if let file = configuration.path(named: "file") {
      for channel in NeutrinoSpecies.allCases where parameters.optionalText("files.\(channel.rawValue)") != nil {
        throw NuTuneError(
          .badData, at: parameters.location(of: "file"), key: "file",
          found: "a file beside files.\(channel.rawValue)", expected: "one of the two")
      }
      let table = try CrossSectionTable(file: file)
      let named = try table.labels["channel"].map {
        try NeutrinoSpecies(named: $0, at: SourceLocation(file: file), key: "channel")
      }
      if let named {
        sources[named] = try Self.source(table, named, parameters, isOnly: true)
      } else {
        // A table without a channel serves the channel of the study, if it fits the mass of its lepton.
        var problems = NuTuneErrors()
        for channel in [NeutrinoSpecies.numu, .nue] {
          let source = problems.attempt { try Self.source(table, channel, parameters, isOnly: false) }
          for other in NeutrinoSpecies.allCases where other.flavor == channel.flavor { sources[other] = source }
        }
        if sources.isEmpty, let first = problems.errors.first { throw first }
      }
    }
    for channel in NeutrinoSpecies.allCases {
      guard let file = configuration.path(named: "files.\(channel.rawValue)") else { continue }
      let table = try CrossSectionTable(file: file)
      if let named = table.labels["channel"], named != channel.rawValue {
        throw NuTuneError(
          .badData, at: SourceLocation(file: file), key: "channel", found: named, expected: channel.rawValue)
      }
      sources[channel] = try Self.source(table, channel, parameters, isOnly: true)
    }
    guard !sources.isEmpty else {
      throw NuTuneError(
        .badData, key: "file", found: "no table", expected: "file: path, or files.numu: path and its like")
    }
    let ranges = sources.values.map(\.grid.energyRange)
    let low = ranges.map(\.lowerBound).max() ?? 0
    energyRange = low...max(low, ranges.map(\.upperBound).min() ?? low)
    self.sources = sources
  }

  private init(sources: [NeutrinoSpecies: Source], energyRange: ClosedRange<Double>?) {
    self.sources = sources
    self.energyRange = energyRange
  }

  /// The same tables with every second energy, lepton energy and cosine.
  package var halved: (any CrossSectionModel)? {
    var coarse: [NeutrinoSpecies: Source] = [:]
    for (species, source) in sources {
      guard let grid = source.halvedGrid else { return nil }
      coarse[species] = source
      coarse[species]?.grid = grid
    }
    return TabulatedCrossSection(sources: coarse, energyRange: energyRange)
  }

  private static func source(
    _ table: CrossSectionTable, _ channel: NeutrinoSpecies, _ parameters: ParameterValues, isOnly: Bool
  ) throws -> Source {
    let location = SourceLocation(file: table.file)
    let scale = parameters.optionalNumber("scale")
    if let unit = table.labels["unit"], unit != CrossSectionTable.unit, scale == nil {
      throw NuTuneError(
        .badData, at: location, key: "unit", found: "“\(unit)”",
        expected: "“\(CrossSectionTable.unit)”, or a “scale” that turns the table's unit into it")
    }
    let grid = try TableGrid(table, leptonMass: channel.leptonMass, scale: scale ?? 1)
    let (low, high) = (parameters.number("mean_minimum"), parameters.number("mean_maximum"))
    guard low < high else {
      throw NuTuneError(
        .badData, at: parameters.location(of: "mean_minimum"), key: "mean_minimum", found: "\(low)",
        expected: "less than mean_maximum, \(high)")
    }
    let target = try table.labels["target"].map { try Target(named: $0, at: location, key: "target") }
    try TableUnits(mean: grid.meanTotalPerEnergy, range: low...high, target: target).check(at: location)
    let halvedGrid = try? TableGrid(table.halved(), leptonMass: channel.leptonMass, scale: scale ?? 1)
    return Source(
      grid: grid, halvedGrid: halvedGrid, channel: isOnly ? channel : nil, target: target?.name, file: table.file)
  }

  /// Throws for channels without a table, tables of another target, and one table for several channels.
  package func check(_ reactions: [Reaction]) throws {
    var problems = NuTuneErrors()
    for reaction in reactions {
      guard let source = sources[reaction.species] else {
        let known = NeutrinoSpecies.allCases.filter { sources[$0] != nil }.map(\.rawValue)
        problems.add(
          NuTuneError(
            .badData, at: sources.values.first.map { SourceLocation(file: $0.file) }, key: "channel",
            found: known.joined(separator: ", "),
            expected: "a table of \(reaction.species.rawValue), by files.\(reaction.species.rawValue)"))
        continue
      }
      if let target = source.target, target != reaction.target.name {
        problems.add(
          NuTuneError(
            .badData, at: SourceLocation(file: source.file), key: "target", found: target,
            expected: reaction.target.name))
      }
      if source.channel == nil, Set(reactions.map(\.species)).count > 1 {
        problems.add(
          NuTuneError(
            .badData, at: SourceLocation(file: source.file), key: "channel",
            found: "one table that does not name its channel, for several channels",
            expected: "a table for each, by files.\(reaction.species.rawValue) and its like"))
      }
    }
    try problems.throwIfAny()
  }

  /// Computes d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon; throws for E_ν outside the table.
  package func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    guard let source = sources[reaction.species] else {
      try check([reaction])
      return []
    }
    let grid = source.grid
    let range = grid.energyRange
    let mass = reaction.species.leptonMass
    var hint = 0
    return try (0..<points.count).map { i in
      let (energy, leptonEnergy, cosTheta) = (points.neutrinoEnergy[i], points.leptonEnergy[i], points.cosTheta[i])
      guard leptonEnergy > mass, leptonEnergy < energy, abs(cosTheta) <= 1 else { return 0 }
      guard range.contains(energy) else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: source.file), key: "energy", found: "a neutrino energy of \(energy) GeV",
          expected: "one from \(range.lowerBound) to \(range.upperBound) GeV, as in the table")
      }
      let invariants = Kinematics.invariants(
        neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta, leptonMass: mass)
      let value = grid.value(energy: energy, omega: invariants.omega, q2: invariants.q2, hint: &hint)
      return 2 * energy * Kinematics.leptonMomentum(energy: leptonEnergy, mass: mass) * value
    }
  }
}
