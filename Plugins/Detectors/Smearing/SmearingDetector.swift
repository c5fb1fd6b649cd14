import NuTuneCore

/// A detector that measures lepton energy and angle with Gaussian errors and loses some leptons, by forward folding.
///
/// A lepton of true energy E and angle θ is found with an efficiency ε(E). Its measured energy is Gaussian around scale
/// · E with σ/E = √(a² + b²/E + c²/E²), taken at scale · E, and its measured angle Gaussian around θ with σ = √(a² +
/// (s/E)²), reflected at 0 and 180 degrees. Gaussians end at six standard deviations. In bins of momentum the formulas
/// hold with p in place of E. In bins of energy s/E is used for s/p, since the detector does not know the lepton's
/// mass.
///
/// True bins are pieces of the measured ones, even in θ, and further bins on all sides from which leptons migrate: at
/// most 1.5 σ wide within 4.5 σ of each edge, and of the efficiency's threshold, and wide between. The response to a
/// density that is flat in each bin follows by integration over true energy and angle. It is replaced by the nearest
/// probabilities that are exact for densities up to cubics, see `MomentMatching`: by construction every entry is at
/// least zero, and the entries of a true bin sum to its efficiency if no lepton leaves the range, and never to more.
///
/// ## Configuration keys
/// `energy.resolution`, `energy.stochastic` (√GeV), `energy.noise` (GeV), `energy.scale`, `angle.resolution` (deg),
/// `angle.scattering` (deg·GeV), `efficiency.plateau`, `efficiency.threshold` (GeV), `efficiency.threshold_width` (GeV),
/// `precision.pieces`.
package struct SmearingDetector: EnergyScalableDetector {
  private let parameters: ParameterValues
  private let factor: Double

  /// Name, parameters.
  package static let descriptor = PluginDescriptor(
    kind: .detector, name: "smearing",
    summary:
      "Gaussian errors of lepton energy and angle, an energy scale, and an efficiency, by forward folding; the defaults are 4 % and 1 degree.",
    parameters: [
      ParameterDeclaration(
        "energy.resolution", default: .number(0.04), .number(0...0.3), "constant term a of σ_E/E = √(a² + b²/E + c²/E²)"
      ),
      ParameterDeclaration("energy.stochastic", unit: "sqrt(GeV)", default: .number(0), .number(0...1), "b of σ_E/E"),
      ParameterDeclaration("energy.noise", unit: "GeV", default: .number(0), .number(0...10), "c of σ_E/E"),
      ParameterDeclaration(
        "energy.scale", default: .number(1), .number(0.5...2), "measured over true lepton energy, before smearing"),
      ParameterDeclaration(
        "angle.resolution", unit: "deg", default: .number(1), .number(0...90), "constant term of the angular resolution"
      ),
      ParameterDeclaration(
        "angle.scattering", unit: "deg*GeV", default: .number(0), .number(0...100),
        "s of a term s/p of the angular resolution, added in quadrature"),
      ParameterDeclaration(
        "efficiency.plateau", default: .number(1), .number(0...1), "share of leptons found far above threshold"),
      ParameterDeclaration(
        "efficiency.threshold", unit: "GeV", default: .number(0), .nonNegative,
        "true lepton energy at which half as many are found; 0: no threshold"),
      ParameterDeclaration(
        "efficiency.threshold_width", unit: "GeV", default: .number(0), .nonNegative,
        "standard deviation of the turn-on at the threshold, an error function; 0: a step"),
      ParameterDeclaration(
        "precision.pieces", default: .integer(4), .integer(1...32),
        "along each axis, true bins are 4.5 σ/(this − 1) wide next to measured edges; 1: as wide as measured ones"),
    ],
    citations: [])

  /// Creates the detector with some parameters.
  package init(_ configuration: PluginConfiguration) throws {
    parameters = configuration.parameters
    factor = 1
  }

  private init(parameters: ParameterValues, factor: Double) {
    self.parameters = parameters
    self.factor = factor
  }

  /// Returns the same detector with its energy scale multiplied by a factor; the true bins stay the same and serve
  /// factors from 0.9 to 1.1.
  package func scaled(energyBy factor: Double) -> any Detector {
    SmearingDetector(parameters: parameters, factor: self.factor * factor)
  }

  /// Returns pieces of the measured bins, and further bins from which leptons migrate.
  package func trueBinning(for measured: Binning) throws -> Binning {
    let grid = try trueGrid(for: try measured.commonRefinement().grid)
    return try Binning(grid.first, grid.second)
  }

  /// Returns the true bins for a grid of measured ones.
  private func trueGrid(for measured: BinGrid) throws -> BinGrid {
    guard [.leptonEnergy, .leptonMomentum].contains(measured.first.observable),
      [.cosTheta, .theta].contains(measured.second.observable)
    else {
      throw NuTuneError(
        .badData, found: "bins in (\(measured.first.observable.rawValue), \(measured.second.observable.rawValue))",
        expected: "bins in lepton_energy or lepton_momentum and cos_theta or theta, which are what this detector smears"
      )
    }
    let edges = energyAxis.trueEdges(for: measured.first.edges)
    let first = try Axis(measured.first.observable, edges: edges)
    let highest = max(measured.first.edges[measured.first.count], first.center(0))
    return BinGrid(first, try angleAxis.trueAxis(for: measured.second, energies: first.center(0)...highest))
  }

  /// Returns the probability to be measured in each bin, given the contents of the true bins.
  package func response(for measured: Binning) throws -> DetectorResponse {
    let (grid, cells) = try measured.commonRefinement()
    let ofCells = try rows(for: grid)
    guard measured.grid == nil else { return .rows(ofCells) }
    return .rows(
      cells.map { cells in
        var sums: [Int: Double] = [:]
        for cell in cells { for entry in ofCells[cell] { sums[entry.trueBin, default: 0] += entry.probability } }
        return sums.sorted { $0.key < $1.key }.map { (trueBin: $0.key, probability: $0.value) }
      })
  }

  /// Returns the probabilities to be measured in each bin of a grid.
  private func rows(for measured: BinGrid) throws -> [[(trueBin: Int, probability: Double)]] {
    let binning = try trueGrid(for: measured)
    let onEnergy = try energyAxis.response(trueEdges: binning.first.edges, measured: measured.first.edges)
    let (trueAngles, measuredAngles) = (AngleAxis.degrees(binning.second), AngleAxis.degrees(measured.second))
    // Bins of cosθ are counted in the opposite order of angles.
    let isReversed = measured.second.observable == .cosTheta
    func place(_ bin: Int, _ axis: Axis) -> Int { isReversed ? axis.count - 1 - bin : bin }

    var rows = [[(trueBin: Int, probability: Double)]](repeating: [], count: measured.count)
    var onAngle: AxisResponse?
    for first in 0..<binning.first.count {
      if onAngle == nil || angleAxis.resolution.scattering > 0 {
        onAngle = try angleAxis.response(
          trueEdges: trueAngles, measured: measuredAngles, energy: binning.first.center(first))
      }
      guard let angles = onAngle?.columns else { continue }
      for second in 0..<binning.second.count {
        let trueBin = first * binning.second.count + second
        for (i, energyShare) in onEnergy.columns[first] {
          for (j, angleShare) in angles[place(second, binning.second)]
          where energyShare * angleShare > AxisResponse.smallest {
            rows[i * measured.second.count + place(j, measured.second)].append((trueBin, energyShare * angleShare))
          }
        }
      }
    }
    return rows
  }

  private var energyAxis: EnergyAxis {
    EnergyAxis(
      resolution: EnergyResolution(
        constant: parameters.number("energy.resolution"), stochastic: parameters.number("energy.stochastic"),
        noise: parameters.number("energy.noise")),
      scale: parameters.number("energy.scale"), factor: factor,
      efficiency: Efficiency(
        plateau: parameters.number("efficiency.plateau"), threshold: parameters.number("efficiency.threshold"),
        width: parameters.number("efficiency.threshold_width")),
      mostPieces: parameters.integer("precision.pieces"))
  }

  private var angleAxis: AngleAxis {
    AngleAxis(
      resolution: AngleResolution(
        constant: parameters.number("angle.resolution"), scattering: parameters.number("angle.scattering")),
      mostPieces: parameters.integer("precision.pieces"))
  }
}
