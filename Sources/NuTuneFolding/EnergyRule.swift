import NuTuneCore
import NuTuneNumerics

/// Points in neutrino energy for a fixed lepton: Gauss–Legendre in each cell, cut off below the lepton's energy.
///
/// At a fixed lepton the quasi-elastic peak and the rise of inelastic scattering are 30–100 MeV wide in E_ν. In cells
/// that contain them points lie at most ``spacing`` apart; elsewhere the cross section is smooth.
struct EnergyRule: Sendable {
  /// The neutrino energies of the rule.
  enum Domain: Sendable {
    /// Cells that are integrated over.
    case cells(EnergyCells)
    /// One energy in GeV, with weight one.
    case single(Double)
  }

  let domain: Domain
  /// Least number of points in a cell.
  let least: Int
  /// Whether a cell has ``least`` points for any width.
  let isFixed: Bool
  /// Largest distance in GeV between points across a peak.
  let spacing: Double
  /// Whether a cell has one point more than its width requires.
  let isSafe: Bool
  /// Number of points in narrow and in wide cells with a smooth cross section.
  let smooth: (narrow: Int, wide: Int)
  /// Nodes and weights on 0…1 by number of points.
  let rules: [(nodes: [Double], weights: [Double])]

  /// Largest number of points in a cell.
  static let most = 512
  /// Highest number of points in a Gauss–Legendre rule; more points make several panels.
  private static let order = 6
  /// Range of W² − M² in GeV² in which the cross section at a fixed lepton is not smooth, and the Q² in GeV² above
  /// which its peaks have vanished.
  static let peaks = (lowest: -1.2, highest: 3.0, q2: 8.0)
  /// Cells up to this width in GeV are narrow.
  static let narrow = 0.0625

  init(
    _ domain: Domain, least: Int, isFixed: Bool, spacing: Double = 0.02, isSafe: Bool = true,
    smooth: (narrow: Int, wide: Int) = (2, 3)
  ) throws {
    self.isSafe = isSafe
    self.domain = domain
    self.least = least
    self.isFixed = isFixed
    self.spacing = spacing
    self.smooth = smooth
    let simple = try (0...Self.order).map { points -> (nodes: [Double], weights: [Double]) in
      points > 0 ? try GaussLegendre(points: points).rule(on: 0...1) : ([], [])
    }
    rules = (0...Self.most).map { points in
      guard points > Self.order else { return simple[points] }
      let panels = (points + Self.order - 1) / Self.order
      let inner = simple[Self.order]
      let width = 1 / Double(panels)
      return (
        (0..<panels).flatMap { panel in inner.nodes.map { (Double(panel) + $0) * width } },
        (0..<panels).flatMap { _ in inner.weights.map { $0 * width } }
      )
    }
  }

  /// Number of cells; one for a single energy.
  var cellCount: Int {
    switch domain {
    case .cells(let cells): cells.count
    case .single: 1
    }
  }

  /// Returns the scale on which rates vary with the momentum of a lepton, relative to that under a smooth flux: they end
  /// sharply where the neutrinos of a flux do.
  ///
  /// - Parameters:
  ///   - fluxes: mean flux in each cell, shape [fluxes][cells].
  ///   - highest: highest lepton energy of the bins in GeV.
  func sharpness(of fluxes: [[Double]], under highest: Double) -> Double {
    switch domain {
    case .single: 0.4
    case .cells(let cells): fluxes.contains { cells.cliff(of: $0, under: highest) != nil } ? 0.25 : 1
    }
  }

  /// Calls `body` with every neutrino energy of a cell that can produce a lepton, and its weight.
  ///
  /// - Parameters:
  ///   - leptonEnergy: E_l in GeV.
  ///   - difference: E_l − p_l cosθ in GeV.
  ///   - massSquared: squared mass of the lepton, GeV².
  @inline(__always)
  func forEachEnergy(
    cell: Int, leptonEnergy: Double, difference: Double, massSquared: Double,
    _ body: (_ energy: Double, _ weight: Double) throws -> Void
  ) rethrows {
    switch domain {
    case .single(let energy):
      if leptonEnergy < energy { try body(energy, 1) }
    case .cells(let cells):
      let high = cells.edges[cell + 1]
      guard leptonEnergy < high else { return }
      let low = max(cells.edges[cell], leptonEnergy)
      let width = high - low
      let count = count(
        low: low, high: high, leptonEnergy: leptonEnergy, difference: difference, massSquared: massSquared)
      let nodes = rules[count].nodes
      let weights = rules[count].weights
      for i in nodes.indices { try body(low + width * nodes[i], width * weights[i]) }
    }
  }

  @inline(__always)
  private func count(low: Double, high: Double, leptonEnergy: Double, difference: Double, massSquared: Double) -> Int {
    guard !isFixed else { return min(least, Self.most) }
    let width = high - low
    let plain = width <= Self.narrow ? smooth.narrow : smooth.wide
    let fine = min((width / spacing).rounded(.up) + (isSafe ? 1 : 0), Double(Self.most))
    guard fine > Double(plain) else { return max(least, Int(fine)) }
    func excess(_ energy: Double) -> Double {
      2 * PhysicalConstants.nucleonMass * (energy - leptonEnergy) - 2 * energy * difference + massSquared
    }
    let (atLow, atHigh) = (excess(low), excess(high))
    let hasPeak =
      min(atLow, atHigh) < Self.peaks.highest && max(atLow, atHigh) > Self.peaks.lowest
      && 2 * low * difference - massSquared < Self.peaks.q2
    return min(max(least, hasPeak ? Int(fine) : plain), Self.most)
  }
}
