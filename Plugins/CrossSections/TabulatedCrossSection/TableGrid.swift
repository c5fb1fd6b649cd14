import NuTuneCore
import NuTuneTables

/// A table in the form in which it is interpolated: for every neutrino energy rows of constant ω, in each of which the
/// cross section is a function of Q².
///
/// The grid stores f = d²σ/(dω dQ²) = d²σ/(dE_l dcosθ) / (2E_ν p_l), which stays finite where p_l → 0.
struct TableGrid: Sendable {
  /// One neutrino energy.
  struct Slab: Sendable {
    /// E_ν in GeV.
    var energy: Double
    /// Indices of its rows in the grid, by rising ω.
    var rows: Range<Int>
  }

  /// Mass of the charged lepton in GeV.
  let leptonMass: Double
  /// The slabs by rising energy.
  private(set) var slabs: [Slab] = []
  /// ω of each row, GeV.
  private(set) var omega: [Double] = []
  /// First point of each row, and the end: row r has the points from start[r] up to start[r+1], by rising Q².
  private(set) var start: [Int] = [0]
  /// Q² of each point, GeV².
  private(set) var q2: [Double] = []
  /// f of each point.
  private(set) var value: [Double] = []
  /// df/dQ² of Steffen's monotone cubic at each point.
  private(set) var slope: [Double] = []
  /// Mean over the energies of σ(E_ν)/E_ν.
  private(set) var meanTotalPerEnergy = 0.0

  /// Range of energies of the table, GeV.
  var energyRange: ClosedRange<Double> { slabs[0].energy...(slabs.last?.energy ?? slabs[0].energy) }

  /// Creates a grid for leptons of some mass in GeV; `scale` converts the values of the table to 10⁻³⁸ cm²/GeV.
  init(_ table: CrossSectionTable, leptonMass: Double, scale: Double) throws {
    self.leptonMass = leptonMass
    var totals = 0.0
    var point = 0
    while point < table.count {
      let energy = table.energy[point]
      try check(energy, after: slabs.last?.energy, table, point, leptonMass)
      let firstRow = omega.count
      var rows: [(leptonEnergy: Double, integral: Double, location: Int)] = []
      var last: Double?
      while point < table.count, table.energy[point] == energy {
        let leptonEnergy = table.leptonEnergy[point]
        if let last, leptonEnergy <= last {
          throw Self.unsorted("lepton_energy", leptonEnergy, last, table, point)
        }
        last = leptonEnergy
        var end = point
        while end < table.count, table.energy[end] == energy, table.leptonEnergy[end] == leptonEnergy { end += 1 }
        try check(cosinesFrom: point, to: end, table)
        // At p_l = 0 the cross section is zero for any f; outside the allowed energies it must be.
        if leptonEnergy > leptonMass, leptonEnergy < energy {
          let integral = append(table, point..<end, leptonMass: leptonMass, scale: scale)
          rows.append((leptonEnergy, integral, point))
        } else if let wrong = (point..<end).first(where: { table.values[$0] != 0 }), leptonEnergy != energy {
          throw NuTuneError(
            .badData, at: table.location(of: wrong), key: "d2sigma",
            found: "\(table.values[wrong]) at the lepton energy \(leptonEnergy) GeV\(table.name(of: wrong))",
            expected: "zero outside \(leptonMass) … \(energy) GeV")
        }
        point = end
      }
      try check(rows.map { ($0.leptonEnergy, $0.location) }, energy, table, leptonMass)
      totals +=
        zip(rows, rows.dropFirst()).reduce(0) {
          $0 + ($1.0.integral + $1.1.integral) / 2 * ($1.1.leptonEnergy - $1.0.leptonEnergy)
        } / energy
      // Rows came by rising lepton energy, which means falling ω.
      reverse(from: firstRow)
      slabs.append(Slab(energy: energy, rows: firstRow..<omega.count))
    }
    guard slabs.count > 1 else {
      throw NuTuneError(
        .badData, at: table.location(of: 0), key: "energy", found: "one neutrino energy",
        expected: "two or more, between which to interpolate")
    }
    meanTotalPerEnergy = totals / Double(slabs.count)
    slope = [Double](repeating: 0, count: value.count)
    for row in omega.indices { setSlopes(start[row]..<start[row + 1]) }
  }

  /// Adds a row; returns ∫ d²σ dcosθ by trapezoids.
  private mutating func append(
    _ table: CrossSectionTable, _ points: Range<Int>, leptonMass: Double, scale: Double
  ) -> Double {
    let energy = table.energy[points.lowerBound]
    let leptonEnergy = table.leptonEnergy[points.lowerBound]
    let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: leptonMass)
    omega.append(energy - leptonEnergy)
    var integral = 0.0
    for i in points.reversed() {
      let kinematics = Kinematics.invariants(
        neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: table.cosTheta[i], leptonMass: leptonMass)
      q2.append(kinematics.q2)
      value.append(scale * table.values[i] / (2 * energy * momentum))
      if i > points.lowerBound {
        integral +=
          scale * (table.values[i] + table.values[i - 1]) / 2 * (table.cosTheta[i] - table.cosTheta[i - 1])
      }
    }
    start.append(q2.count)
    return integral
  }

  /// Reverses the order of the rows from `first` on.
  private mutating func reverse(from first: Int) {
    let rows = Array(first..<omega.count)
    let old = (omega: omega, start: start, q2: q2, value: value)
    let base = old.start[first]
    var (newQ2, newValue): ([Double], [Double]) = ([], [])
    newQ2.reserveCapacity(q2.count - base)
    newValue.reserveCapacity(q2.count - base)
    for (index, row) in rows.reversed().enumerated() {
      omega[first + index] = old.omega[row]
      newQ2 += old.q2[old.start[row]..<old.start[row + 1]]
      newValue += old.value[old.start[row]..<old.start[row + 1]]
      start[first + index + 1] = base + newQ2.count
    }
    q2.replaceSubrange(base..., with: newQ2)
    value.replaceSubrange(base..., with: newValue)
  }

  /// Computes Steffen's slopes: between points the cubic stays between their values.
  private mutating func setSlopes(_ points: Range<Int>) {
    func secant(_ i: Int) -> Double { (value[i + 1] - value[i]) / (q2[i + 1] - q2[i]) }
    func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
    let (first, last) = (points.lowerBound, points.upperBound - 1)
    for i in first + 1..<last {
      let (left, right) = (q2[i] - q2[i - 1], q2[i + 1] - q2[i])
      let (below, above) = (secant(i - 1), secant(i))
      let parabola = (below * right + above * left) / (left + right)
      slope[i] = (sign(below) + sign(above)) * min(abs(below), abs(above), abs(parabola) / 2)
    }
    for (end, inner, step) in [(first, first + 1, 0), (last, last - 1, -1)] {
      let edge = secant(end + step)
      let guess = 1.5 * edge - 0.5 * slope[inner]
      slope[end] = guess * edge <= 0 ? 0 : abs(guess) > 2 * abs(edge) ? 2 * edge : guess
    }
  }
}
