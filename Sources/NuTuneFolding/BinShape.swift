import Foundation
import NuTuneCore

/// Bins as rectangles in variables in which rates are smooth: (p_l, θ) for bins of energy or momentum and angle,
/// where d²σ ∝ p_l at threshold and forward peaks are not narrow; (p_T, p_∥) unchanged. Bins of quasi-elastic energy are
/// rectangles in θ and in the position of p_l between its ends at θ, see ``QuasielasticShape``.
///
/// Where the largest angle θ that is measured cuts a bin of (p_T, p_∥), p_T is stretched to end at p_∥ tan θ.
struct BinShape: Sendable {
  let binning: Binning
  private let mass: Double
  private let isPolar: Bool
  /// Largest momentum in GeV.
  private let reach: Double
  /// Momentum in GeV below which every neutrino energy can produce the lepton.
  private let open: Double
  /// Ranges of the bins in the variables, shape [bins].
  private let ranges: [Panel]
  private let quasielastic: QuasielasticShape?
  /// Largest p_T/p_∥ that is measured; nil where no angle limits it.
  private let steepest: Double?

  /// - Parameter energies: neutrino energies in GeV.
  init(binning: Binning, species: NeutrinoSpecies, energies: ClosedRange<Double>) throws {
    self.binning = binning
    let leptonMass = species.leptonMass
    mass = leptonMass
    let observables = try binning.observables
    isPolar = observables.first != .transverseMomentum
    reach = Kinematics.leptonMomentum(energy: energies.upperBound, mass: leptonMass)
    open = Kinematics.leptonMomentum(energy: max(energies.lowerBound, leptonMass), mass: leptonMass)
    func first(_ value: Double) -> Double {
      observables.first == .leptonEnergy
        ? Kinematics.leptonMomentum(energy: max(value, leptonMass), mass: leptonMass) : value
    }
    func second(_ value: Double) -> Double {
      switch observables.second {
      case .cosTheta: acos(min(max(value, -1), 1))
      case .theta: value * Double.pi / 180
      default: value
      }
    }
    let widest = binning.largestAngle.map { $0 * Double.pi / 180 }
    // Beyond 90° a limit in p_T/p_∥ would be one from below, for leptons that go back.
    if !isPolar, let widest, widest >= Double.pi / 2 {
      throw NuTuneError(
        .badData, key: "largest_angle", found: "\(binning.largestAngle ?? 0) deg for bins of p_T and p_∥",
        expected: "less than 90 deg, or bins of an angle")
    }
    steepest = isPolar ? nil : widest.map(tan)
    let largest = isPolar ? widest ?? .infinity : .infinity
    ranges = (0..<binning.count).map { bin in
      let range = binning.ranges(of: bin)
      let ends = [second(range.second.lowerBound), second(range.second.upperBound)].map { min($0, largest) }
      return Panel(
        first: first(range.first.lowerBound)...first(range.first.upperBound),
        second: min(ends[0], ends[1])...max(ends[0], ends[1]))
    }
    let (ranges, reach) = (ranges, reach)
    quasielastic = observables.quasielasticEnergy(of: species).map {
      QuasielasticShape(energy: $0, bins: ranges, reach: reach)
    }
  }

  /// Range of momenta in GeV and angles in radians of all bins; nil if no bin can be reached.
  var extent: (momenta: ClosedRange<Double>, angles: ClosedRange<Double>)? {
    guard isPolar else { return (0...reach, 0...Double.pi) }
    if let quasielastic { return quasielastic.extent }
    let low = ranges.map(\.first.lowerBound).min() ?? 0
    let high = min(ranges.map(\.first.upperBound).max() ?? 0, reach)
    let left = ranges.map(\.second.lowerBound).min() ?? 0
    let right = ranges.map(\.second.upperBound).max() ?? 0
    return low < high ? (low...high, left...right) : nil
  }

  /// Returns the parts of a bin that leptons can reach: none, one, or two where the largest angle cuts off a corner.
  func parts(_ bin: Int) -> [Panel] {
    if let quasielastic { return quasielastic.sections(bin) }
    let (low, high) = (ranges[bin].first.lowerBound, min(ranges[bin].first.upperBound, reach))
    var (left, right) = (ranges[bin].second.lowerBound, ranges[bin].second.upperBound)
    if !isPolar { (left, right) = (max(left, -reach), min(right, reach)) }
    guard low < high, left < right else { return [] }
    guard let steepest else { return [Panel(first: low...high, second: left...right)] }
    // p_∥ below which no p_T of the bin is within the angle, and above which all are.
    let (some, all) = (max(left, low / steepest), min(max(left, high / steepest), right))
    var parts: [Panel] = []
    if some < all { parts.append(Panel(first: low...high, second: some...all, stretched: low...high)) }
    if all < right { parts.append(Panel(first: low...high, second: all...right)) }
    return parts
  }

  /// Returns the initial panels of a bin, narrow enough that none can miss a peak of the rate.
  ///
  /// - Parameter least: smallest number of panels along each variable.
  func panels(_ bin: Int, least: (first: Int, second: Int)) -> [Panel] {
    if let quasielastic {
      return quasielastic.sections(bin).flatMap { section in
        let lengths = Self.cuts(0...max(quasielastic.length(of: section), 1e-12), least: least.first, at: nil) {
          0.4 + 0.4 * $0
        }
        let count = Double(lengths.count)
        let start = section.first.lowerBound
        let second = Self.cuts(section.second, least: least.second, at: nil) { 0.12 + 0.9 * $0 }
        return lengths.indices.flatMap { part in
          second.map {
            Panel(first: start + Double(part) / count...start + Double(part + 1) / count, second: $0, bin: bin)
          }
        }
      }
    }
    return parts(bin).flatMap { part in
      let first = Self.cuts(part.first, least: least.first, at: isPolar ? open : nil) { 0.4 + 0.4 * abs($0) }
      let second = Self.cuts(part.second, least: least.second, at: nil) {
        isPolar ? 0.12 + 0.9 * $0 : 0.4 + 0.4 * abs($0)
      }
      return first.flatMap { range in
        second.map { Panel(first: range, second: $0, stretched: part.stretched) }
      }
    }
  }

  /// Divides a range into pieces that are not much wider than `width` at their lower ends.
  private static func cuts(
    _ range: ClosedRange<Double>, least: Int, at edge: Double?, width: (Double) -> Double
  ) -> [ClosedRange<Double>] {
    var ranges: [ClosedRange<Double>] = []
    var low = range.lowerBound
    while low < range.upperBound {
      var high = min(low + width(low), range.upperBound)
      // A narrow remainder is merged into the last piece.
      if range.upperBound - high < 0.5 * (high - low) { high = range.upperBound }
      if let edge, low < edge, edge < high, edge - low > 1e-6, high - edge > 1e-6 { high = edge }
      ranges.append(low...high)
      low = high
    }
    let times = (least + ranges.count - 1) / ranges.count
    guard times > 1 else { return ranges }
    return ranges.flatMap { range in
      let step = (range.upperBound - range.lowerBound) / Double(times)
      let edges = (0..<times).map { range.lowerBound + Double($0) * step } + [range.upperBound]
      return zip(edges, edges.dropFirst()).map { $0...$1 }
    }
  }

  /// Returns the leptons of a rule on a panel, in the order of the first and then the second variable.
  func points(of panel: Panel, _ rule: PanelRule) -> [LeptonPoint] {
    var points: [LeptonPoint] = []
    points.reserveCapacity(rule.count)
    forEachPoint(of: panel, rule) { point, _ in points.append(point) }
    return points
  }

  /// Calls `body` with the leptons of a rule on a panel and their angles in radians.
  @inline(__always)
  func forEachPoint(of panel: Panel, _ rule: PanelRule, _ body: (_ lepton: LeptonPoint, _ angle: Double) -> Void) {
    let width = panel.first.upperBound - panel.first.lowerBound
    let height = panel.second.upperBound - panel.second.lowerBound
    for (u, uWeight) in zip(rule.first.nodes, rule.first.weights) {
      for (v, vWeight) in zip(rule.second.nodes, rule.second.weights) {
        var (x, y) = (panel.first.lowerBound + width * u, panel.second.lowerBound + height * v)
        var weight = uWeight * width * vWeight * height
        if let quasielastic {
          let (momentum, slope) = quasielastic.momentum(panel.bin, position: x, angle: y)
          body(point(momentum, y, weight: weight * slope), y)
          continue
        }
        if let whole = panel.stretched, let steepest {
          let stretch = (y * steepest - whole.lowerBound) / (whole.upperBound - whole.lowerBound)
          x = whole.lowerBound + (x - whole.lowerBound) * stretch
          weight *= stretch
        }
        body(point(x, y, weight: weight), isPolar ? y : atan2(x, y))
      }
    }
  }

  private func point(_ first: Double, _ second: Double, weight: Double) -> LeptonPoint {
    let momentum = isPolar ? first : (first * first + second * second).squareRoot()
    let energy = (momentum * momentum + mass * mass).squareRoot()
    let cosTheta = isPolar ? cos(second) : second / momentum
    // 1 − cosθ without cancellation: 2 sin²(θ/2), or p_T²/(p (p + p_∥)).
    let half = isPolar ? sin(second / 2) : 0
    let backwardness =
      isPolar
      ? 2 * half * half : second > 0 ? first * first / (momentum * (momentum + second)) : 1 - second / momentum
    let jacobian =
      isPolar ? momentum / energy * sin(second) : first / (momentum * energy)
    return LeptonPoint(
      energy: energy, momentum: momentum, cosTheta: cosTheta,
      difference: mass * mass / (energy + momentum) + momentum * backwardness, weight: weight * jacobian)
  }
}
