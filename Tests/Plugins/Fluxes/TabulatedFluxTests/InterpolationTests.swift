import Foundation
import NuTuneCore
import NuTuneNumerics
import TabulatedFlux
import Testing

@Suite("Interpolation of flux tables")
struct InterpolationTests {
  static let catalog = URL(filePath: #filePath).appending(path: "../../../../../catalogs/fluxes").standardized.path
  static let tables = ["dune-nd-fhc", "dune-nd-rhc", "dune-fd-fhc", "dune-fd-rhc"]

  /// Contents as they stand in the file, read without the plugin.
  private func rows(_ table: String) throws -> [[Double]] {
    try String(contentsOfFile: "\(Self.catalog)/\(table).csv", encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst().map { try $0.split(separator: ",").map { try #require(Double($0)) } }
  }

  @Test("every bin keeps its content, by the exact integral and by quadrature of the density", arguments: tables)
  func contents(table: String) throws {
    let flux = try makeProvider(directory: Self.catalog, file: "\(table).csv")
    #expect(flux.species == [.numu, .numubar, .nue, .nuebar])
    let rows = try rows(table)
    #expect(flux.breakpoints == [rows[0][0]] + rows.map { $0[1] })
    let rule = try GaussLegendre(points: 4)
    for (column, species) in flux.species.enumerated() {
      for row in rows {
        let content = row[2 + column] * (row[1] - row[0])
        #expect(try abs(flux.integral(of: species, over: row[0]...row[1]) - content) <= 1e-14 * content)
        let (nodes, weights) = rule.rule(on: row[0]...row[1])
        let sum = try zip(weights, flux.density(of: species, at: nodes)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(sum - content) <= 1e-12 * content)
      }
      let total = rows.reduce(0) { $0 + $1[2 + column] * ($1[1] - $1[0]) }
      #expect(try abs(flux.integral(of: species, over: -1...1e4) - total) <= 1e-13 * total)
    }
  }

  @Test("continuous, never negative, zero outside", arguments: tables)
  func shape(table: String) throws {
    let flux = try makeProvider(directory: Self.catalog, file: "\(table).csv")
    let edges = flux.breakpoints
    let end = edges[edges.count - 1]
    for species in flux.species {
      let energies = (0...20000).map { end * Double($0) / 20000 }
      #expect(try flux.density(of: species, at: energies).allSatisfy { $0 >= 0 })
      for edge in edges.dropFirst().dropLast() {
        let around = try flux.density(of: species, at: [edge.nextDown, edge, edge.nextUp])
        #expect(abs(around[0] - around[1]) <= 1e-12 * around[1] && abs(around[2] - around[1]) <= 1e-12 * around[1])
      }
      #expect(try flux.density(of: species, at: [-1, -1e-12, end.nextUp, 1e9]) == [0, 0, 0, 0])
    }
  }

  @Test("the derivative of GSL's Steffen spline of the cumulative, away from the ends")
  func steffen() throws {
    let flux = try makeProvider(directory: Self.catalog, file: "dune-nd-fhc.csv")
    var cumulative = [0.0]
    for row in try rows("dune-nd-fhc") {
      cumulative.append(cumulative[cumulative.count - 1] + row[2] * (row[1] - row[0]))
    }
    let spline = try Spline(.steffen, x: flux.breakpoints, y: cumulative)
    let inner = flux.breakpoints[1]...flux.breakpoints[flux.breakpoints.count - 2]
    let energies = (1..<400).map { inner.lowerBound + (inner.upperBound - inner.lowerBound) * Double($0) / 400 }
    let densities = try flux.density(of: .numu, at: energies)
    // The spline differences a cumulative of about 1e-7; its digits are lost in the tail, not ours.
    for (energy, density) in zip(energies, densities) {
      #expect(try abs(spline.derivative(at: energy) - density) <= 1e-14 * cumulative[cumulative.count - 1] * 100)
      let below = try spline.value(at: energy)
      #expect(try abs(flux.integral(of: .numu, over: 0...energy) - below) <= 1e-13 * below)
    }
  }

  @Test("integrals add up")
  func additivity() throws {
    let flux = try makeProvider(directory: Self.catalog, file: "dune-fd-rhc.csv")
    let points = [0, 0.1, 0.25, 0.6, 0.61, 3.3, 7, 12.4, 30]
    let whole = try flux.integral(of: .nuebar, over: 0...30)
    let parts = try zip(points, points.dropFirst()).map { try flux.integral(of: .nuebar, over: $0...$1) }
    #expect(abs(parts.reduce(0, +) - whole) <= 1e-14 * whole)
    #expect(try flux.integral(of: .nuebar, over: 2...2) == 0)
  }

  @Test("one bin is flat, two bins and a zero bin stay non-negative")
  func smallTables() throws {
    let header = "E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT\n"
    let one = try TemporaryTable(header + "1,2,3e-9\n").provider()
    #expect(try one.density(of: .numu, at: [1, 1.5, 2]).allSatisfy { abs($0 - 3e-9) < 1e-23 })
    let spike = try TemporaryTable(header + "0,1,0\n1,2,5\n2,3,0\n3,4,0\n").provider()
    let energies = (0...400).map { 0.01 * Double($0) }
    let densities = try spike.density(of: .numu, at: energies)
    #expect(densities.allSatisfy { $0 >= 0 })
    #expect(zip(energies, densities).allSatisfy { (1...2).contains($0) || $1 == 0 })
    #expect(try abs(spike.integral(of: .numu, over: 0...4) - 5) < 1e-14)
    let two = try TemporaryTable(header + "0,1,1\n1,2,9\n").provider()
    #expect(try two.density(of: .numu, at: (0...200).map { 0.01 * Double($0) }).allSatisfy { $0 >= 0 })
  }

  @Test("an off-axis position is selected")
  func offaxis() throws {
    let table = try TemporaryTable(
      """
      offaxis_m,E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT
      0,0,1,1e-9
      0,1,2,2e-9
      6,0,1,3e-9
      6,1,2,4e-9
      """)
    #expect(try abs(table.provider(offaxis: "6").integral(of: .numu, over: 1...2) - 4e-9) < 1e-22)
    #expect(try abs(table.provider(offaxis: "0 m").integral(of: .numu, over: 1...2) - 2e-9) < 1e-22)
    #expect(
      table.sentence(offaxis: "7")
        == "entry.yaml:2:10: offaxis: found 7 m; expected one of the positions of table.csv: 0, 6 m")
    #expect(table.sentence() == "offaxis: found nothing; expected one of the positions of table.csv: 0, 6 m")
  }

  @Test("histogram: the published density everywhere inside a bin, every bin keeps its content", arguments: tables)
  func histogram(table: String) throws {
    let flux = try makeProvider(directory: Self.catalog, file: "\(table).csv", interpolation: "histogram")
    let smooth = try makeProvider(directory: Self.catalog, file: "\(table).csv")
    #expect(flux.breakpoints == smooth.breakpoints)
    for (column, species) in flux.species.enumerated() {
      for row in try rows(table) {
        let (low, high, density) = (row[0], row[1], row[2 + column])
        let inside = (0..<20).map { low + (high - low) * (Double($0) + 0.5) / 20 }
        #expect(try flux.density(of: species, at: inside).allSatisfy { $0 == density })
        let content = density * (high - low)
        #expect(try abs(flux.integral(of: species, over: low...high) - content) <= 1e-14 * content)
        let third = low + (high - low) / 3
        #expect(try abs(flux.integral(of: species, over: low...third) - content / 3) <= 1e-13 * content)
      }
      #expect(try flux.density(of: species, at: [-1, 1e9]) == [0, 0])
    }
    #expect(throws: (any Error).self) {
      try makeProvider(directory: Self.catalog, file: "\(table).csv", interpolation: "linear")
    }
  }
}
