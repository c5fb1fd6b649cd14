import Foundation
import NuTuneCore
import Testing

@Suite("E_l + E_had as a third axis")
struct ReconstructedBinningTests {
  private func binning(_ energies: [Double], reconstructed: [Double]) throws -> Binning {
    try Binning(
      Axis(.leptonEnergy, edges: energies), Axis(.cosTheta, edges: [-1, 0, 1]),
      hadronic: Axis(.reconstructedEnergy, edges: reconstructed))
  }

  @Test("lepton bins are folded in narrow parts, up to where every event is in the last bin")
  func parts() throws {
    let bins = try binning([0.25, 0.5, 2], reconstructed: [0, 0.4, 0.8, 3])
    #expect(bins.count == 12 && bins.observableNames == [.leptonEnergy, .cosTheta, .reconstructedEnergy])
    let (folded, whole) = bins.folded
    // Parts of 0.05 GeV, and one above 0.8 GeV.
    let expected = (0...11).map { 0.25 + 0.05 * Double($0) } + [2]
    #expect(folded.grids.count == 1 && folded.hadronic == nil && folded.leptonCount == 24)
    for (edge, other) in zip(folded.grids[0].first.edges, expected) { #expect(abs(edge - other) < 1e-12) }
    #expect(whole == (0..<24).map { ($0 < 10 ? 0 : 2) + $0 % 2 })
    for bin in whole.indices {
      let (part, bin) = (folded.ranges(of: bin), bins.lepton.ranges(of: whole[bin]))
      #expect(part.second == bin.second && bin.first.contains(part.first.lowerBound))
    }
    // Bins of 0.06 GeV in E_rec ask for parts of 0.015 GeV.
    let fine = try binning([0, 0.3], reconstructed: [0, 0.24, 0.3, 1]).folded.lepton.grids[0].first
    #expect(fine.count == 20)
    // An axis that ends asks for them up to its end.
    var ending = bins
    ending.endsAtHadronicEdges = true
    #expect(ending.folded.lepton.leptonCount == 2 * 35)
  }

  @Test("a single bin, and bins of hadronic energy, are folded as they are")
  func whole() throws {
    let single = try binning([0, 1, 2], reconstructed: [0, 5])
    #expect(single.folded.lepton == single.lepton && !single.dividesByReconstructedEnergy)
    let hadronic = try Binning(single.grids, hadronic: Axis(.hadronicEnergy, edges: [0, 1, 2]))
    #expect(hadronic.folded.lepton == single.lepton && hadronic.folded.whole == [0, 1, 2, 3])
  }

  @Test("momenta become energies")
  func momenta() throws {
    let bins = try Binning(Axis(.leptonMomentum, edges: [0, 0.3, 0.4]), Axis(.theta, edges: [0, 180]))
    let mass = NeutrinoSpecies.numu.leptonMass
    let found = bins.leptonEnergies(of: .numu)
    #expect(found[0].lowerBound == mass && abs(found[0].upperBound - (0.09 + mass * mass).squareRoot()) < 1e-15)
    #expect(found[1].lowerBound == found[0].upperBound)
  }

  @Test("bins that do not say E_l are refused")
  func refused() throws {
    let error = try #require(throws: NuTuneError.self) {
      try Binning(
        Axis(.momentumTransfer, edges: [0, 1]), Axis(.energyTransfer, edges: [0, 1]),
        hadronic: Axis(.reconstructedEnergy, edges: [0, 1]))
    }
    #expect(error.expected == "(lepton_energy or lepton_momentum, cos_theta or theta) beside it")
  }

  @Test("written and read with whether its edges end")
  func coding() throws {
    var bins = try binning([0, 1, 2], reconstructed: [0, 1, 2])
    for ends in [false, true] {
      bins.endsAtHadronicEdges = ends
      let data = try JSONEncoder().encode(bins)
      #expect(try JSONDecoder().decode(Binning.self, from: data) == bins)
      #expect(String(decoding: data, as: UTF8.self).contains("ends_at_third_edges") == ends)
    }
  }
}
