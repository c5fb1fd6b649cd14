import Foundation
import NuTuneCore
import NuTuneTables
import TabulatedCrossSection
import ToyStructureFunctions

/// Tables of toy-sf in a folder of their own.
struct TableFixture {
  let folder: String
  let toy: ToyStructureFunctions
  let argon: Reaction

  init() throws {
    folder = NSTemporaryDirectory() + "nutune-table-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    argon = Reaction(species: .numu, target: try Target(named: "Ar40"))
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// toy-sf at energies with equal ratios.
  func table(_ energies: ClosedRange<Double>, count: Int, leptons: Int, cosines: Int) throws -> CrossSectionTable {
    let ratio = energies.upperBound / energies.lowerBound
    return try CrossSectionTable(
      of: toy, reaction: argon,
      energies: (0..<count).map {
        $0 == count - 1 ? energies.upperBound : energies.lowerBound * pow(ratio, Double($0) / Double(count - 1))
      }, leptons: leptons, cosines: cosines)
  }

  @discardableResult
  func write(_ text: String, as name: String = "table.csv") throws -> String {
    let path = "\(folder)/\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  func model(_ file: String, _ changes: [String: ParameterValue] = [:]) throws -> TabulatedCrossSection {
    try TabulatedCrossSection(
      PluginConfiguration(
        parameters: TabulatedCrossSection.descriptor.parameters.defaults()
          .setting(["file": .text(file)]).setting(changes), directory: folder))
  }
}
