import Foundation
import NuTuneCore

/// Writes events as NuHepMC 1.0 (arXiv:2310.13211) in HepMC3's ASCII.
///
/// An event is a neutrino and a target that make a lepton and a remnant, which has what energy and momentum are left. A
/// nucleus has the mass of its nucleons. Followed conventions: G.C.2 (mean cross section), G.C.4 (the flux as a
/// histogram), G.C.5 (targets without a number of their own), E.C.1 (process numbers), P.C.2 (the remnant), G.S.1 (how
/// it was made).
package final class NuHepMCWriter {
  /// The number of the only process: 700 to 749 are charged currents of another kind than one mechanism.
  static let process = 700

  private let output: TextOutput
  private let run: EventRun
  private let neutrino: Int
  private let lepton: Int
  private let target: Int
  private let leptonMass: Double
  private let targetMass: Double
  private var count = 0

  /// Opens a file and writes what holds for all events.
  package init(_ path: String, _ run: EventRun) throws {
    self.run = run
    (neutrino, lepton) = (ParticleCode.neutrino(run.reaction.species), ParticleCode.lepton(run.reaction.species))
    target = ParticleCode.written(run.reaction.target)
    leptonMass = run.reaction.species.leptonMass
    targetMass =
      Double(run.reaction.target.protons) * PhysicalConstants.protonMass
      + Double(run.reaction.target.neutrons) * PhysicalConstants.neutronMass
    output = try TextOutput(path)
    let attributes = Self.attributes(run, neutrino: neutrino, target: target)
    try output.write(
      "HepMC::Version 3.02.05\nHepMC::Asciiv3-START_EVENT_LISTING\nW CV\nT NuTune\\|\(run.version)\\|"
        + "Leptons of inclusive cross sections\n"
        + attributes.map { "A \($0.name) \(Self.escaped($0.text))\n" }.joined())
  }

  /// Adds an event; energies in GeV, the azimuth in radians.
  package func write(neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double, azimuth: Double) throws {
    let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: leptonMass)
    let transverse = momentum * max(1 - cosTheta * cosTheta, 0).squareRoot()
    let (x, y, z) = (transverse * cos(azimuth), transverse * sin(azimuth), momentum * cosTheta)
    let energy = neutrinoEnergy + targetMass - leptonEnergy
    let left = neutrinoEnergy - z
    let mass = max(energy * energy - x * x - y * y - left * left, 0).squareRoot()
    try output.write(
      """
      E \(count) 1 4
      U GEV CM
      W 1
      A 0 lab_pos 0 0 0
      A 0 signal_process_id \(Self.process)
      P 1 0 \(neutrino) 0 0 \(neutrinoEnergy) \(neutrinoEnergy) 0 4
      P 2 0 \(target) 0 0 0 \(targetMass) \(targetMass) 20
      V -1 1 [1,2]
      P 3 -1 \(lepton) \(x) \(y) \(z) \(leptonEnergy) \(leptonMass) 1
      P 4 -1 \(ParticleCode.remnant) \(-x) \(-y) \(left) \(energy) \(mass) 1

      """)
    count += 1
  }

  /// Writes the end of the listing and closes the file.
  package func close() throws {
    try output.write("HepMC::Asciiv3-END_EVENT_LISTING\n\n")
    try output.close()
  }

  private typealias Attributes = [(name: String, text: String)]

  private static func attributes(_ run: EventRun, neutrino: Int, target: Int) -> Attributes {
    var attributes: Attributes = [
      ("NuHepMC.Version.Major", "1"), ("NuHepMC.Version.Minor", "0"), ("NuHepMC.Version.Patch", "0"),
      ("NuHepMC.Conventions", "G.C.2 G.C.4 G.C.5 E.C.1 P.C.2 G.S.1"),
    ]
    attributes += normalization(run, isMixture: target == ParticleCode.mixture)
    attributes += numbers(run)
    if target == ParticleCode.mixture {
      let name = run.reaction.target.name
      attributes.append(("NuHepMC.AdditionalParticleNumbers", "\(ParticleCode.remnant) \(target)"))
      attributes.append(("NuHepMC.AdditionalParticleNumber[\(target)].Name", name))
      attributes.append(("NuHepMC.AdditionalParticleInfo[\(target)].Description", "A unit of \(name) at rest"))
    } else {
      attributes.append(("NuHepMC.AdditionalParticleNumbers", "\(ParticleCode.remnant)"))
    }
    attributes.append(("NuHepMC.AdditionalParticleNumber[\(ParticleCode.remnant)].Name", "NuclearRemnant"))
    attributes += beam(run, "NuHepMC.Beam[\(neutrino)]")
    attributes += run.provenance.map { ("NuHepMC.Provenance.NuTune.\($0.name)", $0.text) }
    return attributes
  }

  private static func normalization(_ run: EventRun, isMixture: Bool) -> Attributes {
    // 10⁻³⁸ cm² are 0.01 pb.
    let unit = 0.01 * (isMixture ? 1 : Double(run.reaction.target.nucleons))
    let (mean, error) = (run.meanCrossSection * unit, run.meanError * unit)
    return [
      ("NuHepMC.FluxAveragedTotalCrossSection", "\(mean)"),
      ("NuHepMC.FluxAveragedTotalCrossSectionUncertainty", "\(error)"), ("NuHepMC.Units.CrossSection.Unit", "pb"),
      ("NuHepMC.Units.CrossSection.TargetScale", isMixture ? "PerNucleon" : "PerAtom"),
    ]
  }

  /// What the numbers of processes, vertices and particles mean.
  private static func numbers(_ run: EventRun) -> Attributes {
    let description = "Inclusive charged current on \(run.reaction.target.name)"
    return [
      ("NuHepMC.ProcessIDs", "\(process)"), ("NuHepMC.ProcessInfo[\(process)].Name", "CC inclusive"),
      ("NuHepMC.ProcessInfo[\(process)].Description", description), ("NuHepMC.VertexStatusIDs", "1"),
      ("NuHepMC.VertexStatusInfo[1].Name", "PrimaryVertex"),
      ("NuHepMC.VertexStatusInfo[1].Description", "The neutrino meets the target"),
      ("NuHepMC.ParticleStatusIDs", "1 4 20"), ("NuHepMC.ParticleStatusInfo[1].Name", "UndecayedPhysicalParticle"),
      ("NuHepMC.ParticleStatusInfo[1].Description", "Lepton and remnant"),
      ("NuHepMC.ParticleStatusInfo[4].Name", "IncomingBeamParticle"),
      ("NuHepMC.ParticleStatusInfo[4].Description", "The neutrino"),
      ("NuHepMC.ParticleStatusInfo[20].Name", "TargetParticle"),
      ("NuHepMC.ParticleStatusInfo[20].Description", "The target at rest"),
    ]
  }

  private static func beam(_ run: EventRun, _ name: String) -> Attributes {
    func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: " ") }
    return [
      ("\(name).Type", "Histogram"), ("\(name).EnergyUnit", "GEV"), ("\(name).RateUnit", "nu/cm2/POT"),
      ("\(name).Histogram.BinEdges", list(run.fluxEdges)),
      ("\(name).Histogram.BinContent", list(run.fluxDensities)), ("\(name).Histogram.ContentIsPerWidth", "1"),
    ]
  }

  /// Writes a text in one line, as HepMC3 does.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\|")
  }
}
