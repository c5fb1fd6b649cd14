import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Hadronic energy in a study")
struct HadronicBinningStudyTests {
  private static let bins = "experiment.near.binning={hadronic_energy: [0, 0.2, {from: 0.5, to: 1.5, bins: 2}]}"

  @Test("it is added to the bins of an experiment, for the far detector as well")
  func added() throws {
    let files = try TemporaryStudy()
    let plain = try files.load()
    let study = try files.load([Self.bins])
    let binning = study.experiment.near[0].binning
    #expect(binning.hadronic?.edges == [0, 0.2, 0.5, 1, 1.5])
    #expect(
      binning.lepton == plain.experiment.near[0].binning && binning.count == 4 * plain.experiment.near[0].binning.count)
    #expect(study.experiment.far?.binning == binning)
    let values = study.effective.values
    #expect(values["experiment.near.binning.hadronic_energy"] == .numbers([0, 0.2, 0.5, 1, 1.5]))
    #expect(plain.effective.values["experiment.near.binning.hadronic_energy"] == nil)
  }

  @Test("the reconstructed energy divides the bins of an experiment, or stands beside one observable or none")
  func reconstructed() throws {
    let files = try TemporaryStudy()
    func binning(_ bins: String) throws -> Binning {
      try files.load(["experiment.near.binning={\(bins)}"]).experiment.near[0].binning
    }
    let plain = try files.load().experiment.near[0].binning
    let third = try binning("reconstructed_energy: [0, 1, 2, 4]")
    #expect(third.lepton == plain.lepton && third.hadronic?.observable == .reconstructedEnergy)
    let angles = try binning("reconstructed_energy: [0, 1, 2, 4], cos_theta: [-1, 0.5, 1]")
    #expect(angles.grids[0].first.edges == [0, 4] && angles.grids[0].second.edges == [-1, 0.5, 1])
    #expect(angles.count == 6)
    let both = try #require(throws: (any Error).self) {
      try binning("reconstructed_energy: [0, 1], hadronic_energy: [0, 1]")
    }
    #expect("\(both)".contains("hadronic_energy beside reconstructed_energy"), "\(both)")
  }

  @Test("each of a list of blocks may have its own bins, of one observable")
  func blocks() throws {
    func study(_ second: String) throws -> StudyConfiguration {
      let first = "{lepton_energy: [0.2, 0.5, 1], cos_theta: [-1, 0], hadronic_energy: [0, 1, 2]}"
      return try TemporaryStudy().load(
        ["experiment.near.binning=[\(first), {lepton_energy: [0.2, 1], cos_theta: [0, 1]\(second)}]"])
    }
    #expect(try study(", hadronic_energy: [0, 1, 2]").experiment.near[0].binning.count == 6)
    let own = try study(", hadronic_energy: [0, 0.5, 1, 3]")
    #expect(own.experiment.near[0].binning.count == 2 * 2 + 3)
    #expect(own.effective.values["experiment.near.binning.0.hadronic_energy"] == .numbers([0, 1, 2]))
    #expect(own.effective.values["experiment.near.binning.1.hadronic_energy"] == .numbers([0, 0.5, 1, 3]))
    for other in ["", ", reconstructed_energy: [0, 1, 3]"] {
      let error = try #require(throws: (any Error).self) { try study(other) }
      #expect("\(error)".contains("expected bins in one of them in all blocks, or in none"), "\(error)")
    }
  }

  @Test("a detector of the lepton alone is refused, near and far")
  func refused() throws {
    let errors = try TemporaryStudy().errors([Self.bins])
    #expect(errors.count == 2)
    #expect(
      errors.first?.found == "bins in hadronic_energy for the detector “plain”, which measures the lepton alone",
      "\(errors)")
  }

  @Test("numbers of a response with priors are read, and refused where nothing measures hadrons")
  func nuisances() throws {
    let given = "near.nuisance.hadronic={scale: 0.03, visible: free, noise: 0}"
    let study = try TemporaryStudy().load([given])
    #expect(study.hadronicNuisances.map(\.name) == ["scale", "visible"])
    #expect(study.hadronicNuisances.map(\.width) == [0.03, nil])
    #expect(study.effective.values["near.nuisance.hadronic.scale"] == .number(0.03))
    #expect(study.effective.values["near.nuisance.hadronic.visible"] == .text("free"))
    let found = try TemporaryStudy().errors([given]).map(\.found)
    #expect(found.contains("near bins of the lepton alone"), "\(found)")
    for (wrong, what) in [
      ("near.nuisance.hadronic.scale=wide", "near.nuisance.hadronic.scale"),
      ("near.nuisance.flux=1", "near.nuisance.flux"),
    ] {
      let error = try? TemporaryStudy().load([wrong])
      #expect(error == nil, "\(what)")
    }
  }

  @Test("data of another response need one that measures hadrons")
  func trueDetector() throws {
    let errors = try TemporaryStudy().errors(["experiment.near.true_detector={model: plain}"])
    #expect(errors.first?.found == "“plain”, which measures the lepton alone", "\(errors)")
    #expect(errors.first?.key == "experiment.near.true_detector")
  }
}
