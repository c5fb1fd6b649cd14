import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

@Suite("Flux covariances")
struct FluxCovarianceTests {
  @Test("the rank is the number of independent variations")
  func rank() throws {
    let covariance = try SyntheticFlux.covariance()
    #expect(covariance.rank == 3)
    #expect(covariance.squareRoot.rows == 20 && covariance.squareRoot.columns == 3)
    #expect(covariance.eigenvalues == covariance.eigenvalues.sorted(by: >))
    for (error, bin) in zip(covariance.fractionalErrors, covariance.bins) {
      let far = bin.site == .far ? 0.01 * bin.center : 0
      let variance = 0.06 * 0.06 + 0.0004 * (bin.center - 2) * (bin.center - 2) + far * far
      #expect(abs(error * error - variance) < 1e-15)
    }
  }

  @Test("20,000 throws reproduce variances and correlations, and the null space stays null")
  func throwsReproduce() throws {
    let thrown = try FluxThrows(try SyntheticFlux.covariance())
    #expect(thrown.largestVarianceError < 0.05)
    #expect(thrown.largestCorrelationError < 0.05)
    #expect(thrown.largestMean < 5)
    #expect(thrown.largestNullProjection < 1e-8)
  }

  @Test("every throw lies in the span of the variations it is made of")
  func span() throws {
    // The difference of near and far ν_μ is that of the far variation alone: proportional to the energy.
    let covariance = try SyntheticFlux.covariance()
    let stream = try RandomStream(seed: 3, purpose: "flux-throw")
    for _ in 0..<100 {
      let change = covariance.thrown(stream).relativeChanges
      let slope = (change[14] - change[4]) / 7
      for i in 0..<5 { #expect(abs(change[10 + i] - change[i] - slope * covariance.bins[i].center) < 1e-12) }
    }
  }

  @Test("the same stream gives the same throw")
  func reproducible() throws {
    let covariance = try SyntheticFlux.covariance()
    func first(_ member: Int) throws -> FluxVariation {
      covariance.thrown(try RandomStream(seed: 5, purpose: "flux-throw", member: member))
    }
    #expect(try first(1) == first(1))
    #expect(try first(1) != first(2))
  }

  @Test("principal variations are sorted and add up to the covariance", arguments: [nil, 1.0, 0.0])
  func principal(weightAbove: Double?) throws {
    let covariance = try SyntheticFlux.covariance()
    // Weights that leave out the highest bins change the order of variations, not their sum.
    let weights = weightAbove.map { weight in covariance.bins.map { $0.high > 4 ? weight : 1 } }
    let principal = try covariance.principalVariations(count: 99, weights: weights)
    #expect(principal.count == 3)
    #expect(zip(principal, principal.dropFirst()).allSatisfy { $0.variance >= $1.variance })
    #expect(abs(principal.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    for i in covariance.bins.indices {
      for j in covariance.bins.indices {
        let sum = principal.reduce(0) { $0 + $1.variation.relativeChanges[i] * $1.variation.relativeChanges[j] }
        #expect(abs(sum - covariance.covariance[i, j]) < 1e-14)
      }
    }
    for one in principal {
      let size = one.variation.relativeChanges.enumerated().reduce(0) { sum, change in
        let weighted = change.element * (weights?[change.offset] ?? 1)
        return sum + weighted * weighted
      }
      #expect(abs(size - one.variance) < 1e-14)
    }
    #expect(try covariance.principalVariations(count: 1, weights: weights) == Array(principal.prefix(1)))
    #expect(try covariance.principalVariations(count: 0).isEmpty)
  }

  @Test("weights put first what matters")
  func weighted() throws {
    // Bins 5 % and 50 % uncertain, independent; the second has hardly any events.
    let covariance = try FluxCovariance(
      bins: SyntheticFlux.pair, covariance: Matrix(diagonal: [0.0025, 0.25]))
    let plain = try covariance.principalVariations(count: 1)[0]
    #expect(plain.variation.relativeChanges == [0, 0.5])
    #expect(abs(plain.share - 0.25 / 0.2525) < 1e-12)
    let weighted = try covariance.principalVariations(count: 1, weights: [1, 0.01])[0]
    #expect(weighted.variation.relativeChanges == [0.05, 0])
  }

  @Test("restricting keeps the covariance of what is left")
  func restricted() throws {
    let covariance = try SyntheticFlux.covariance()
    let numubar = try covariance.restricted(toModes: ["fhc", "rhc"], species: [.numubar])
    #expect(numubar.bins == covariance.bins.filter { $0.species == .numubar })
    #expect(numubar.rank == 3)
    #expect(numubar.covariance[0, 9] == covariance.covariance[5, 19])
    #expect(covariance.covers(site: .far, mode: "fhc", species: .numu))
    #expect(!numubar.covers(site: .far, mode: "fhc", species: .numu))
    let error = try #require(throws: NuTuneError.self) { try covariance.restricted(toModes: ["rhc"], species: [.numu]) }
    #expect(error.found == "no bin of rhc numu")
    #expect(error.expected == "bins of fhc numu, fhc numubar")
  }

  @Test("scaling multiplies standard deviations")
  func scaled() throws {
    let covariance = try SyntheticFlux.covariance()
    let double = covariance.scaled(by: 2)
    for (scaled, error) in zip(double.fractionalErrors, covariance.fractionalErrors) {
      #expect(abs(scaled - 2 * error) < 1e-15)
    }
    let throwOf = { (covariance: FluxCovariance) in
      covariance.thrown(try RandomStream(seed: 1, purpose: "flux-throw")).relativeChanges
    }
    for (scaled, change) in zip(try throwOf(double), try throwOf(covariance)) {
      #expect(abs(scaled - 2 * change) < 1e-15)
    }
    let none = covariance.scaled(by: 0)
    #expect(none.rank == 0)
    #expect(try throwOf(none).allSatisfy { $0 == 0 })
    #expect(try none.principalVariations(count: 3).isEmpty)
  }

  @Test("rounding is forgiven: asymmetry and negative eigenvalues")
  func rounding() throws {
    // Rank 1 with nine digits, as published tables have them.
    var matrix = try Matrix([[0.01, 0.01], [0.01 + 5e-10, 0.01]])
    matrix[1, 1] -= 1e-10
    let covariance = try FluxCovariance(bins: SyntheticFlux.pair, covariance: matrix)
    #expect(covariance.rank == 1)
    #expect(covariance.covariance[0, 1] == covariance.covariance[1, 0])
    let zero = try FluxCovariance(bins: SyntheticFlux.pair, covariance: Matrix(rows: 2, columns: 2))
    #expect(zero.rank == 0)
  }

  @Test(
    "matrices that are no covariance are refused, with the number",
    arguments: [
      ([[0.01]], "1 × 1 elements"), ([[0.01, 0], [0, 0.01], [0, 0]], "3 × 2 elements"),
      ([[0.01, .nan], [.nan, 0.01]], "nan for near fhc numu 0–1 GeV with near fhc numu 1–2 GeV"),
      ([[.infinity, 0], [0, 0.01]], "inf for near fhc numu 0–1 GeV"),
      ([[0.01, 0.002], [0.00201, 0.01]], "0.00201 for near fhc numu 1–2 GeV with near fhc numu 0–1 GeV, but 0.002"),
      ([[0.01, 0], [0, -0.01]], "the negative variance -0.01 of near fhc numu 1–2 GeV"),
      ([[0.01, 0.0101], [0.0101, 0.01]], "the negative eigenvalue -0.0000"),
      ([[0, 0.001], [0.001, 0.01]], "the negative eigenvalue -9.9"),
    ] as [([[Double]], String)])
  func refused(_ rows: [[Double]], _ found: String) throws {
    let place = SourceLocation(file: "matrix.csv")
    let error = try #require(throws: NuTuneError.self) {
      try FluxCovariance(bins: SyntheticFlux.pair, covariance: try Matrix(rows), at: place)
    }
    #expect(error.category == .badData && error.key == "covariance" && error.location == place)
    #expect(error.found.hasPrefix(found) || found.contains("eigenvalue") && error.found.hasPrefix("the negative eigen"))
  }

  @Test(
    "bins that are none, overlap or leave gaps are refused",
    arguments: [
      ([], "no bins"), ([(0, 1), (0.5, 2)], "near fhc numu 0.5–2 GeV after near fhc numu 0–1 GeV, overlapping"),
      ([(0, 1), (1.5, 2)], "near fhc numu 1.5–2 GeV after near fhc numu 0–1 GeV, leaving a gap"),
      ([(1, 2), (0, 1)], "near fhc numu 0–1 GeV after near fhc numu 1–2 GeV, overlapping or out of order"),
      ([(1, 1)], "the bin near fhc numu 1–1 GeV"), ([(-1, 1)], "the bin near fhc numu -1–1 GeV"),
      ([(0, .infinity)], "the bin near fhc numu 0–inf GeV"), ([(.nan, 1)], "the bin near fhc numu nan–1 GeV"),
    ] as [([(Double, Double)], String)])
  func refusedBins(_ edges: [(Double, Double)], _ found: String) throws {
    let bins = edges.map { FluxBin(site: .near, mode: "fhc", species: .numu, low: $0.0, high: $0.1) }
    let error = try #require(throws: NuTuneError.self) {
      try FluxCovariance(bins: bins, covariance: Matrix.identity(bins.count))
    }
    #expect(error.key == "bins")
    #expect(error.found.contains(found))
  }
}
