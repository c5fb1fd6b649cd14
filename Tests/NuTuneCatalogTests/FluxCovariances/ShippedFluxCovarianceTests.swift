import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneNumerics
import TestSupport
import Testing

private let package = URL(filePath: #filePath).appending(path: "../../../..").standardized.path

/// Data that stay outside the repository: `../shared/data` beside the package, or `NUTUNE_DATA`.
private let dataFolder =
  (ProcessInfo.processInfo.environment["NUTUNE_DATA"]
    ?? URL(filePath: package).appending(path: "../shared/data").standardized.path) + "/flux-uncertainty"

private let haveData = FileManager.default.fileExists(atPath: dataFolder)

@Suite("Flux covariances that are shipped")
struct ShippedFluxCovarianceTests {
  private static let catalog = Catalog(folders: [package + "/catalogs"])

  private func load(_ name: String) throws -> FluxCovariance {
    try FluxCovarianceConfiguration(named: name, in: Self.catalog).covariance
  }

  private func expectReproduced(_ covariance: FluxCovariance) throws {
    let thrown = try FluxThrows(covariance)
    #expect(thrown.largestVarianceError < 0.05)
    #expect(thrown.largestCorrelationError < 0.05)
    #expect(thrown.largestMean < 5)
    #expect(thrown.largestNullProjection < 1e-8)
  }

  /// A bin of both detectors with the correlation between them.
  private func nearFar(_ covariance: FluxCovariance) throws -> [(bin: FluxBin, correlation: Double)] {
    let sigma = covariance.fractionalErrors
    return try covariance.bins.indices.filter { covariance.bins[$0].site == .near }.map { near in
      var bin = covariance.bins[near]
      bin.site = .far
      let far = try #require(covariance.bins.firstIndex(of: bin))
      return (covariance.bins[near], covariance.covariance[near, far] / (sigma[near] * sigma[far]))
    }
  }

  @Test("all entries can be read without their data")
  func entries() throws {
    #expect(Self.catalog.names(of: .fluxCovariances) == ["dune-like", "dune-tdr", "t2k-2020"])
    for name in Self.catalog.names(of: .fluxCovariances) {
      #expect(try Self.catalog.entry(.fluxCovariances, named: name).citations.isEmpty == false)
    }
  }

  @Test("dune-like: 7 to 8 % where DUNE's flux is, near and far nearly the same")
  func duneLike() throws {
    let covariance = try load("dune-like")
    #expect(covariance.bins.count == 208)
    for (bin, error) in zip(covariance.bins, covariance.fractionalErrors) {
      if bin.species == .numu, bin.mode == "fhc", bin.low >= 1.5, bin.high <= 5 {
        #expect((0.07...0.085).contains(error), "\(bin): \(error)")
      }
    }
    for (bin, correlation) in try nearFar(covariance) where bin.high <= 8 {
      #expect((0.96...1).contains(correlation), "\(bin): \(correlation)")
    }
    try expectReproduced(covariance)
  }

  @Test("near and far of one throw are as much alike as the matrix says")
  func nearAndFarOfOneThrow() throws {
    let covariance = try load("dune-like").restricted(toModes: ["fhc"], species: [.numu])
    let stream = try RandomStream(seed: 2, purpose: "flux-throw")
    let energies = [1.75, 2.75, 3.75]
    var (difference, sum) = ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    for _ in 0..<2000 {
      let flux = covariance.thrown(stream)
      let near = flux.factors(site: .near, mode: "fhc", species: .numu, at: energies)
      let far = flux.factors(site: .far, mode: "fhc", species: .numu, at: energies)
      for i in 0..<3 {
        difference[i] += (near[i] - far[i]) * (near[i] - far[i])
        sum[i] += (near[i] + far[i] - 2) * (near[i] + far[i] - 2)
      }
    }
    // ⟨(δ_n − δ_f)²⟩ / ⟨(δ_n + δ_f)²⟩, each with a relative error of √(2/2000) = 3 %.
    for i in 0..<3 {
      let bins = [DetectorSite.near, .far].map { site in
        covariance.bins.firstIndex { $0.site == site && $0.low <= energies[i] && energies[i] < $0.high } ?? 0
      }
      let c = covariance.covariance
      let (variances, covarianceOfBoth) = (c[bins[0], bins[0]] + c[bins[1], bins[1]], 2 * c[bins[0], bins[1]])
      let expected = (variances - covarianceOfBoth) / (variances + covarianceOfBoth)
      #expect(abs(difference[i] / sum[i] / expected - 1) < 0.2)
      #expect(expected < 0.02)
    }
  }

  @Test("DUNE TDR: 208 bins of rank 110", .enabled(if: haveData, "no \(dataFolder); set NUTUNE_DATA"))
  func dune() throws {
    let covariance = try load("dune-tdr")
    #expect(covariance.bins.count == 208)
    #expect(covariance.rank == 110)
    try expectReproduced(covariance)
  }

  @Test("T2K 2020: 100 bins of full rank", .enabled(if: haveData, "no \(dataFolder); set NUTUNE_DATA"))
  func t2k() throws {
    let covariance = try load("t2k-2020")
    #expect(covariance.bins.count == 100)
    #expect(covariance.rank == 100)
    try expectReproduced(covariance)
  }

  @Test(
    "dune-like resembles DUNE's in ν_μ and ν̄_μ of both modes",
    .enabled(if: haveData, "no \(dataFolder); set NUTUNE_DATA"))
  func resemblance() throws {
    let (like, published) = (try load("dune-like"), try load("dune-tdr"))
    #expect(like.bins == published.bins)
    for (index, bin) in like.bins.enumerated() where bin.species.flavor == .muon && bin.high <= 40 {
      let ratio = like.fractionalErrors[index] / published.fractionalErrors[index]
      #expect((0.75...1.35).contains(ratio), "\(bin): \(ratio)")
    }
    for (one, other) in zip(try nearFar(like), try nearFar(published))
    where one.bin.species.flavor == .muon && one.bin.high <= 40 {
      #expect(abs(one.correlation - other.correlation) < 0.07, "\(one.bin): \(one.correlation) \(other.correlation)")
    }
  }
}
