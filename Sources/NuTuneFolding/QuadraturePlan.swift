import Foundation
import NuTuneCore
import NuTuneNumerics

/// How finely bins and cells are integrated: Gauss–Legendre points in each direction.
///
/// At fixed E_ν the first observable is clipped where the lepton would take all the energy, because the cross section
/// need not vanish there. Along the second observable the number of points grows with the spread of Q²/2M over the bin,
/// so that a quasi-elastic peak is resolved in wide bins as well.
public struct QuadraturePlan: Sendable, Hashable {
  /// Points in each E_ν cell.
  public var energyPoints: Int
  /// Points along the first observable of a bin.
  public var firstPoints: Int
  /// Least number of points along the second observable of a bin.
  public var secondPoints: Int
  /// A peak is this wide in ω at least, GeV: another point along the second observable for each width of the bin.
  public var peakWidth: Double
  /// The bins that ``firstPoints`` and ``secondPoints`` are meant for. True bins that are pieces of them share their
  /// points in proportion to their widths, each at least two (one where a bin has fewer than four). nil: every bin has
  /// them all.
  public var measured: Binning?

  /// A plan; the default keeps rates to 2·10⁻⁴.
  public init(
    energyPoints: Int = 3, firstPoints: Int = 6, secondPoints: Int = 4, peakWidth: Double = 0.06,
    measured: Binning? = nil
  ) {
    self.energyPoints = energyPoints
    self.firstPoints = firstPoints
    self.secondPoints = secondPoints
    self.peakWidth = peakWidth
    self.measured = measured
  }

  /// Most points along the second observable, unless ``secondPoints`` asks for more.
  static let maximumSecondPoints = 24

  /// Points in each bin of an axis, of which a bin of the measured axis has `points`; shape [bins].
  static func counts(_ axis: Axis, pieceOf measured: Axis?, points: Int) -> [Int] {
    guard let measured else { return [Int](repeating: points, count: axis.count) }
    return (0..<axis.count).map { bin in
      let holder = measured.edges.dropFirst().dropLast().count { $0 <= axis.center(bin) }
      let share = axis.width(bin) / measured.width(holder)
      return min(points, max(Int((Double(points) * share - 1e-9).rounded(.up)), points < 4 ? 1 : 2))
    }
  }
}

/// The points of a plan for one binning and lepton mass.
struct BinQuadrature: Sendable {
  let binning: Binning
  let observables: ObservablePair
  let leptonMass: Double
  let plan: QuadraturePlan
  /// Points along the first observable, shape [first bins].
  private let firstPoints: [Int]
  /// Least number of points along the second observable, shape [second bins].
  private let secondPoints: [Int]
  private let rules: [(nodes: [Double], weights: [Double])]

  init(binning: Binning, leptonMass: Double, plan: QuadraturePlan) throws {
    self.binning = binning
    self.observables = try binning.observables
    self.leptonMass = leptonMass
    self.plan = plan
    firstPoints = QuadraturePlan.counts(binning.first, pieceOf: plan.measured?.first, points: plan.firstPoints)
    secondPoints = QuadraturePlan.counts(binning.second, pieceOf: plan.measured?.second, points: plan.secondPoints)
    let most = max(QuadraturePlan.maximumSecondPoints, plan.energyPoints, plan.firstPoints, plan.secondPoints)
    rules = try (0...most).map { points in
      guard points > 0 else { return ([], []) }
      return try GaussLegendre(points: points).rule(on: 0...1)
    }
  }

  /// Calls `body` for every point of a bin and an E_ν interval, with the weight of dE_ν dE_l dcosθ.
  @inline(__always)
  func forEachPoint(
    bin: Int, energies: (low: Double, high: Double),
    _ body: (_ neutrinoEnergy: Double, _ leptonEnergy: Double, _ momentum: Double, _ cosTheta: Double, _ weight: Double)
      throws -> Void
  ) rethrows {
    let i = bin / binning.second.count
    let j = bin % binning.second.count
    let firstLow = binning.first.edges[i]
    let firstHigh = binning.first.edges[i + 1]
    let secondLow = binning.second.edges[j]
    let secondWidth = binning.second.edges[j + 1] - secondLow
    let energyRule = rules[plan.energyPoints]
    let firstPoints = firstPoints[i]
    let firstRule = rules[firstPoints]
    let energyWidth = energies.high - energies.low

    for e in 0..<plan.energyPoints {
      let neutrinoEnergy = energies.low + energyWidth * energyRule.nodes[e]
      guard let range = clipped(firstLow, firstHigh, neutrinoEnergy: neutrinoEnergy) else { continue }
      let energyWeight = energyRule.weights[e] * energyWidth * (range.high - range.low)
      let count = secondCount(
        neutrinoEnergy: neutrinoEnergy, leptonEnergy: range.energy, low: secondLow, width: secondWidth,
        least: secondPoints[j])
      let secondRule = rules[count]
      for f in 0..<firstPoints {
        let first = range.low + (range.high - range.low) * firstRule.nodes[f]
        let firstWeight = energyWeight * firstRule.weights[f] * secondWidth
        for s in 0..<count {
          let lepton = observables.lepton(
            first: first, second: secondLow + secondWidth * secondRule.nodes[s], leptonMass: leptonMass)
          guard lepton.energy < neutrinoEnergy else { continue }
          try body(
            neutrinoEnergy, lepton.energy, Kinematics.leptonMomentum(energy: lepton.energy, mass: leptonMass),
            lepton.cosTheta, firstWeight * secondRule.weights[s] * lepton.jacobian)
        }
      }
    }
  }

  /// The part of a bin of the first observable that E_ν can reach, and the lepton energy at its upper end.
  @inline(__always)
  private func clipped(_ low: Double, _ high: Double, neutrinoEnergy: Double) -> (
    low: Double, high: Double, energy: Double
  )? {
    switch observables.first {
    case .leptonEnergy:
      let lower = max(low, leptonMass)
      let upper = min(high, neutrinoEnergy)
      return lower < upper ? (lower, upper, upper) : nil
    default:
      let upper = min(high, Kinematics.leptonMomentum(energy: neutrinoEnergy, mass: leptonMass))
      guard low < upper else { return nil }
      return (low, upper, (upper * upper + leptonMass * leptonMass).squareRoot())
    }
  }

  @inline(__always)
  private func secondCount(
    neutrinoEnergy: Double, leptonEnergy: Double, low: Double, width: Double, least: Int
  ) -> Int {
    let spread: Double
    switch observables.second {
    case .cosTheta: spread = neutrinoEnergy * leptonEnergy * width / PhysicalConstants.nucleonMass
    case .theta:
      let radians = Double.pi / 180
      spread =
        neutrinoEnergy * leptonEnergy * abs(cos(low * radians) - cos((low + width) * radians))
        / PhysicalConstants.nucleonMass
    default: spread = width
    }
    let extra = min(spread / plan.peakWidth, Double(QuadraturePlan.maximumSecondPoints))
    return max(least, min(least + Int(extra), QuadraturePlan.maximumSecondPoints))
  }
}
