import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import NuTuneTables
import TabulatedCrossSection
import TestSupport
import Testing
import ToyStructureFunctions

@Suite struct TableReadBackTests {
  /// A table of toy-sf up to 3 GeV, written as CSV and as HDF5 and read back, folds into DUNE's ND bins as toy-sf does:
  /// tv < 0.002, with either file.
  @Test func foldsAsTheModelItWasMadeFrom() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let table = try fixture.table(0.3...3, count: 26, leptons: 130, cosines: 90)
    let csv = try fixture.write(table.csv)
    let hdf5 = "\(fixture.folder)/table.h5"
    try table.writeHDF5(to: hdf5)

    let binning = try DuneFixture.binning()
    let cells = EnergyCells(edges: (0...27).map { 0.3 + 0.1 * Double($0) })
    // A beam that peaks at 2.5 GeV.
    let weights = (0..<27).map { exp(-pow((0.35 + 0.1 * Double($0) - 2.5) / 1.2, 2)) }
    func rates(_ model: any CrossSectionModel) throws -> [Double] {
      try DirectFold.cellResponse(
        of: model, reaction: fixture.argon, binning: binning, cells: cells, threads: 2
      ).rates(weights: weights)
    }
    let truth = try rates(fixture.toy)
    for file in [csv, hdf5] {
      let difference = ShapeDifference(of: try rates(fixture.model(file)), to: truth)
      #expect(difference.totalVariation < 0.002, "\(difference)")
      #expect(abs(difference.totalRatio - 1) < 0.004, "\(difference)")
    }
  }

  /// HDF5 keeps every bit, CSV ten digits.
  @Test func filesKeepWhatWasWritten() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    var table = try fixture.table(0.5...0.6, count: 2, leptons: 5, cosines: 4)
    table.labels["parameters"] = "quasi_elastic.axial_mass=1.1"
    try table.writeHDF5(to: "\(fixture.folder)/table.h5")
    let hdf5 = try CrossSectionTable(file: "\(fixture.folder)/table.h5")
    #expect(hdf5.labels == table.labels)
    #expect(hdf5.energy == table.energy && hdf5.leptonEnergy == table.leptonEnergy)
    #expect(hdf5.cosTheta == table.cosTheta && hdf5.values == table.values)
    let csv = try CrossSectionTable(file: fixture.write(table.csv))
    #expect(csv.labels == table.labels)
    for (read, written) in [
      (csv.energy, table.energy), (csv.leptonEnergy, table.leptonEnergy), (csv.cosTheta, table.cosTheta),
      (csv.values, table.values),
    ] {
      #expect(zip(read, written).allSatisfy { abs($0 - $1) <= 1e-9 * abs($1) })
    }
  }

  /// On the points of the table the model is the table; between them it is never negative and never above what surrounds.
  @Test func interpolationKeepsPointsAndBounds() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let table = try fixture.table(0.4...2, count: 9, leptons: 24, cosines: 16)
    try table.writeHDF5(to: "\(fixture.folder)/table.h5")
    let model = try fixture.model("table.h5")
    let points = KinematicPoints(
      neutrinoEnergy: table.energy, leptonEnergy: table.leptonEnergy, cosTheta: table.cosTheta)
    for (read, written) in zip(try model.crossSection(of: fixture.argon, at: points), table.values) {
      #expect(abs(read - written) <= 1e-9 * written + 1e-12)
    }
    // f = d²σ/(2E_ν p_l) has a largest value in the table that no point between may exceed.
    let mass = PhysicalConstants.muonMass
    func density(_ energy: Double, _ leptonEnergy: Double, _ value: Double) -> Double {
      value / (2 * energy * Kinematics.leptonMomentum(energy: leptonEnergy, mass: mass))
    }
    let highest = table.values.indices.map { density(table.energy[$0], table.leptonEnergy[$0], table.values[$0]) }
      .max()!
    let stream = try RandomStream(seed: 3, purpose: "table")
    var random = KinematicPoints()
    for _ in 0..<50_000 {
      let energy = 0.4 + 1.6 * stream.uniform()
      random.append(
        neutrinoEnergy: energy, leptonEnergy: mass + (energy - mass) * stream.uniform(),
        cosTheta: 2 * pow(stream.uniform(), 0.4) - 1)
    }
    for (i, value) in try model.crossSection(of: fixture.argon, at: random).enumerated() {
      #expect(value >= 0)
      #expect(density(random.neutrinoEnergy[i], random.leptonEnergy[i], value) <= highest * (1 + 1e-12))
    }
  }

  /// A generator's histogram: one set of lepton energies and cosines for all E_ν, bin centres, zeros where forbidden.
  @Test func servesRectangularGrids() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    var table = CrossSectionTable()
    for energy in stride(from: 0.5, through: 1.5, by: 0.05) {
      var points = KinematicPoints()
      for i in 0..<75 {
        for j in 0..<100 {
          points.append(
            neutrinoEnergy: energy, leptonEnergy: 0.01 + 0.02 * Double(i), cosTheta: -0.99 + 0.02 * Double(j))
        }
      }
      let values = try fixture.toy.crossSection(of: fixture.argon, at: points)
      for i in values.indices {
        table.append(
          energy: energy, leptonEnergy: points.leptonEnergy[i], cosTheta: points.cosTheta[i], value: values[i])
      }
    }
    let model = try fixture.model(fixture.write(table.csv))
    let total = try TotalCrossSection(model: fixture.toy, reaction: fixture.argon).value(at: 1.02)
    let steps = 400
    var sum = 0.0
    for i in 0..<steps {
      var points = KinematicPoints()
      for j in 0..<steps {
        points.append(
          neutrinoEnergy: 1.02, leptonEnergy: 0.1057 + 0.9143 * (Double(i) + 0.5) / Double(steps),
          cosTheta: -1 + 2 * (Double(j) + 0.5) / Double(steps))
      }
      sum += try model.crossSection(of: fixture.argon, at: points).reduce(0, +)
    }
    sum *= 0.9143 * 2 / Double(steps * steps)
    // A grid of 20 MeV resolves a peak of 30 MeV to percents.
    #expect(abs(sum / total - 1) < 0.01, "\(sum) against \(total)")
  }

  /// Bins that toy-sf does not reach stay empty in a study with its table, energies up to 12 GeV, where rows of constant
  /// lepton energy lie far apart; and every second point tells how far interpolation is off.
  @Test func zeroStaysZeroAndTheErrorIsEstimated() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    try fixture.table(0.3...12, count: 40, leptons: 160, cosines: 110).writeHDF5(to: "\(fixture.folder)/table.h5")
    let model = try fixture.model("table.h5")
    let binning = try DuneFixture.binning()
    let cells = EnergyCells(edges: [0.3, 0.6, 0.9, 1.2] + (1...36).map { 1.2 + 0.3 * Double($0) })
    let weights = (0..<cells.count).map { exp(-(cells.edges[$0] + cells.edges[$0 + 1]) / 8) }
    // The same points for all three: what is compared is interpolation.
    let plan = QuadraturePlan(accuracy: nil, energyPoints: 2, firstPoints: 4, secondPoints: 4)
    func shape(_ model: any CrossSectionModel) throws -> [Double] {
      let rates = try DirectFold.cellResponse(
        of: model, reaction: fixture.argon, binning: binning, cells: cells, plan: plan, threads: 2
      ).rates(weights: weights)
      let total = rates.reduce(0, +)
      return rates.map { $0 / total }
    }
    func distance(_ first: [Double], _ second: [Double]) -> Double {
      zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }
    let truth = try shape(fixture.toy)
    let table = try shape(model)
    let empty = truth.indices.filter { truth[$0] < 1e-9 }
    #expect(empty.count > 200)
    for bin in empty { #expect(table[bin] < 1e-8, "bin \(bin): \(truth[bin]), \(table[bin])") }

    let error = distance(table, truth)
    let estimate = distance(table, try shape(try #require(model.halved))) / 3
    #expect(estimate > error / 4 && estimate < 4 * error, "\(estimate) for \(error)")
  }

  /// Half of a table: every second of each, the ends kept.
  @Test func halvedTables() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let table = try fixture.table(0.5...2, count: 4, leptons: 7, cosines: 6)
    let half = table.halved()
    let energies = Set(table.energy).sorted()
    #expect(Set(half.energy).sorted() == [energies[0], energies[2], energies[3]])
    #expect(half.count == 3 * 4 * 4)
    #expect(half.values.allSatisfy { table.values.contains($0) })
    #expect(
      try fixture.model(fixture.write(fixture.table(0.5...1, count: 2, leptons: 3, cosines: 3).csv)).halved == nil)
  }
}
