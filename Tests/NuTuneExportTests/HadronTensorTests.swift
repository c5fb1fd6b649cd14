import Foundation
import NuTuneCore
import NuTuneExport
import Testing

@Suite("hadron tensors of GENIE")
struct HadronTensorTests {
  /// d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleus from the five components by the Rosenbluth form of Amaro et al.
  /// (Phys. Rev. C 71, 015501), which is what GENIE evaluates for SuSAv2 and CRPA.
  private static func rosenbluth(
    _ tensor: [Double], _ species: NeutrinoSpecies, _ energy: Double, _ leptonEnergy: Double, _ cosTheta: Double
  ) -> Double {
    let mass = species.leptonMass
    let k = (leptonEnergy * leptonEnergy - mass * mass).squareRoot()
    let q0 = energy - leptonEnergy
    let q = (energy * energy + k * k - 2 * energy * k * cosTheta).squareRoot()
    let q2 = q * q - q0 * q0
    let v0 = 4 * energy * leptonEnergy - q2
    let (delta, rho, rhoPrime, tangent) = (mass / q2.squareRoot(), q2 / (q * q), q / (energy + leptonEnergy), q2 / v0)
    let d2 = delta * delta
    let vCC = 1 - d2 * tangent
    let vCL = q0 / q + tangent * d2 / rhoPrime
    let vLL = q0 * q0 / (q * q) + d2 * tangent * (1 + 2 * q0 / (q * rhoPrime) + rho * d2)
    let vT = rho / 2 + tangent - tangent * d2 / rhoPrime * (q0 / q + d2 * rho * rhoPrime / 2)
    let vTPrime = tangent / rhoPrime * (1 - q0 / q * rhoPrime * d2)
    let sign = species.helicity == .neutrino ? 1.0 : -1
    let fermi = PhysicalConstants.fermiConstant * PhysicalConstants.vud
    let sigma0 = fermi * fermi * v0 * k / (4 * Double.pi * energy) * PhysicalConstants.hbarcSquared
    return sigma0
      * (vCC * tensor[0] - 2 * vCL * tensor[1] + vLL * tensor[4] + vT * 2 * tensor[2] - sign * 2 * vTPrime * tensor[3])
  }

  /// At the points of the table nothing is interpolated, so the contraction has the digits of the file.
  @Test("GENIE's contraction of the table is the model", arguments: [NeutrinoSpecies.numu, .numubar, .nue])
  func contraction(species: NeutrinoSpecies) throws {
    let toy = try ExportFixture.toy()
    let reaction = try ExportFixture.reaction(species)
    let table = try HadronTensorTable(
      text: try HadronTensorTable(
        of: toy, reaction: reaction, energies: [0.05, 0.2, 0.5, 1.1], momenta: [0.3, 0.6, 0.9, 1.3], type: "test",
        comment: "of a test"
      ).text, file: "tensor.dat")
    #expect(table.protons == 18 && table.nucleons == 40)
    let energy = 2.0
    var (compared, inside) = (0, 0)
    for (row, q0) in table.energies.enumerated() {
      for (column, momentum) in table.momenta.enumerated() where momentum > q0 {
        let leptonEnergy = energy - q0
        let k = (leptonEnergy * leptonEnergy - species.leptonMass * species.leptonMass).squareRoot()
        let cosTheta = (energy * energy + k * k - momentum * momentum) / (2 * energy * k)
        guard abs(cosTheta) < 0.9999 else { continue }
        let expected = try toy.crossSection(
          of: reaction,
          at: KinematicPoints(neutrinoEnergy: [energy], leptonEnergy: [leptonEnergy], cosTheta: [cosTheta]))[0]
        let tensor = table.components.map { $0[row * table.momenta.count + column] }
        let genie = Self.rosenbluth(tensor, species, energy, leptonEnergy, cosTheta) / 40
        #expect(abs(genie - expected) < 1e-5 * max(expected, 1e-3), "\(q0), \(momentum): \(genie), \(expected)")
        // Points on the edge may lie outside by rounding.
        if let own = table.crossSection(
          of: species, neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta)
        {
          #expect(abs(own - expected) < 1e-5 * max(expected, 1e-3))
          inside += 1
        }
        if expected > 0.1 { compared += 1 }
      }
    }
    #expect(compared >= 4 && inside >= 4)
  }

  /// The round trip: with the steps of the default the interpolated d²σ is right to 0.1 %, weighted by the rate, with
  /// steps of 5 MeV to 0.5 %, and the notes of the files state it.
  @Test("interpolated tables state their error", arguments: [(ExportSettings().spacing, 0.001), (0.005, 0.005)])
  func interpolation(spacing: Double, largest: Double) throws {
    var settings = ExportSettings()
    (settings.spacing, settings.reach) = (spacing, 0.4)
    let files = try HadronTensorExport.files(try ExportFixture.model(scales: [.numu: .nearRate(1.7)]), settings)
    #expect(
      files.map(\.name) == ["low", "medium", "high"].map { "toy-Ar40-nu-\($0).dat" })
    let tables = try files.map { try HadronTensorTable(text: try ExportFixture.text($0), file: $0.name) }
    #expect(tables.map(\.type) == ["QE_CRPA_Low", "QE_CRPA_Medium", "QE_CRPA_High"])
    #expect(tables[0].energies.last == 0.06 && tables[1].energies.first == 0.06 && tables[2].energies.last == 0.4)
    let toy = try ExportFixture.toy()
    let reaction = try ExportFixture.reaction(.numu)
    var (difference, sum) = (0.0, 0.0)
    for i in 0..<40 {
      for j in 0..<40 {
        let (energy, leptonEnergy) = (1.0, 0.61 + 0.0097 * Double(i))
        let cosTheta = 0.999 - 0.047 * Double(j)
        let exact =
          1.7
          * (try toy.crossSection(
            of: reaction,
            at: KinematicPoints(neutrinoEnergy: [energy], leptonEnergy: [leptonEnergy], cosTheta: [cosTheta]))[0])
        let table = try #require(tables.first { energy - leptonEnergy <= $0.energies[$0.energies.count - 1] })
        guard
          let found = table.crossSection(
            of: .numu, neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta)
        else { continue }
        difference += abs(found - exact)
        sum += exact
      }
    }
    #expect(sum > 0 && difference / sum < largest, "\(difference / sum)")
    #expect(files[0].note.contains("d²σ at 3 GeV to"))
  }

  @Test("broken tables are refused in a sentence")
  func mistakes() throws {
    let text = try HadronTensorTable(
      of: try ExportFixture.toy(), reaction: try ExportFixture.reaction(.numu), energies: [0.1, 0.2],
      momenta: [0.3, 0.4], type: "t", comment: "c"
    ).text
    for (broken, words) in [
      (String(text.dropLast(20)), "found the end of the file"),
      (text.replacing("1 0.3 0.4", with: "1 0.4 0.3"), "increas"),
      (text.replacing("1 0.3 0.4", with: "7 0.3 0.4"), "flag"),
      (text.replacing("18 40", with: "18 many"), "found “many”"),
    ] {
      let error = try #require(throws: NuTuneError.self) { try HadronTensorTable(text: broken, file: "t.dat") }
      #expect("\(error)".contains(words), "\(error)")
    }
  }
}
