import NuTuneCore
import Testing

/// Lowest and highest energies of leptons in bins, against E = √(p² + m²) with p of triangles with sides 3, 4, 5.
@Suite("Energies of leptons in bins")
struct LeptonEnergyTests {
  /// The energy of a lepton with a momentum in GeV.
  private func energy(_ momentum: Double, _ species: NeutrinoSpecies) -> Double {
    (momentum * momentum + species.leptonMass * species.leptonMass).squareRoot()
  }

  private func expect(
    _ binning: Binning, of species: NeutrinoSpecies, from lowest: Double, to highest: Double, _ what: String
  ) {
    // Rounding of a few products and sums.
    #expect(abs(binning.lowestLeptonEnergy(of: species) / lowest - 1) <= 1e-15, "\(species), \(what)")
    #expect(abs(binning.highestLeptonEnergy(of: species) / highest - 1) <= 1e-15, "\(species), \(what)")
  }

  @Test("in energy and angle: the edges, and no lepton below its mass", arguments: [NeutrinoSpecies.numu, .nuebar])
  func energies(_ species: NeutrinoSpecies) throws {
    func binning(_ edges: [Double]) throws -> Binning {
      try Binning(Axis(.leptonEnergy, edges: edges), Axis(.cosTheta, edges: [-0.5, 0.5]))
    }
    #expect(try binning([0.3, 1, 4]).lowestLeptonEnergy(of: species) == 0.3)
    #expect(try binning([0, 1, 4]).lowestLeptonEnergy(of: species) == species.leptonMass)
    #expect(try binning([0, 1, 4]).highestLeptonEnergy(of: species) == 4)
  }

  @Test("in momentum and angle", arguments: [NeutrinoSpecies.numu, .nuebar])
  func momenta(_ species: NeutrinoSpecies) throws {
    func binning(_ edges: [Double]) throws -> Binning {
      try Binning(Axis(.leptonMomentum, edges: edges), Axis(.theta, edges: [10, 20]))
    }
    expect(try binning([0.1, 1, 4]), of: species, from: energy(0.1, species), to: energy(4, species), "p")
    expect(try binning([0, 0.2]), of: species, from: species.leptonMass, to: energy(0.2, species), "p from 0")
  }

  @Test(
    "in transverse and longitudinal momentum: along the beam the edge next to zero, or zero",
    arguments: [NeutrinoSpecies.numu, .nuebar])
  func components(_ species: NeutrinoSpecies) throws {
    let cases: [(along: [Double], lowest: Double, highest: Double)] = [
      ([0.4, 1, 1.2], 0.5, 1.5), ([-1.2, -1, -0.4], 0.5, 1.5), ([-0.4, 0.1, 1.2], 0.3, 1.5), ([-1.2, 0.4], 0.3, 1.5),
      ([0, 1.2], 0.3, 1.5),
    ]
    for (along, lowest, highest) in cases {
      let binning = try Binning(
        Axis(.transverseMomentum, edges: [0.3, 0.6, 0.9]), Axis(.longitudinalMomentum, edges: along))
      expect(binning, of: species, from: energy(lowest, species), to: energy(highest, species), "\(along)")
    }
  }

  @Test("of several blocks the lowest and the highest of all")
  func blocks() throws {
    let energies = try Binning([
      RaggedBins.block([1, 2], [0, 0.5]), RaggedBins.block([0.5, 0.7], [-1, 0]), RaggedBins.block([2, 9], [-1, 0]),
      RaggedBins.block([2, 3], [0, 1]),
    ])
    expect(energies, of: .numu, from: 0.5, to: 9, "E")
    func block(_ across: [Double], _ along: [Double]) throws -> BinGrid {
      BinGrid(try Axis(.transverseMomentum, edges: across), try Axis(.longitudinalMomentum, edges: along))
    }
    // The first block has p from 1.5 to 3, the second from 0.5 to 1.
    let components = try Binning([block([0.9, 1.8], [1.2, 2.4]), block([0.3, 0.6], [-0.8, -0.4])])
    expect(components, of: .numu, from: energy(0.5, .numu), to: energy(3, .numu), "p_T")
  }
}
