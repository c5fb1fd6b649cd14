import Foundation
import NuTuneCore
import ThreeFlavorOscillations

// oscillation-benchmark [--energies N] [--repetitions N] [--oracle FILE.csv] [--json] [--export FILE]
// Time of the full 3×3 of probabilities, and of their gradients with respect to all six parameters, through the plugin,
// beside the algorithm of NuFast-LBL; one thread, DUNE baseline, 0.1 to 10 GeV. With an oracle, the largest error of
// each.

func option(_ name: String) -> String? {
  guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else {
    return nil
  }
  return CommandLine.arguments[index + 1]
}

func runBenchmark() throws {
  let count = option("--energies").flatMap(Int.init) ?? 10_000
  let repetitions = option("--repetitions").flatMap(Int.init) ?? 500
  let energies = (0..<count).map { 0.1 + 9.9 * (Double($0) + 0.5) / Double(count) }
  let oracle = try option("--oracle").map(OracleTable.init(file:))
  var fields = [#""energies": \#(count)"#]
  var lines = ["full 3×3, \(count) energies, one thread, ns per energy in vacuum and in matter:"]
  for contender in Contender.all {
    let vacuum = try contender.nanosecondsPerEnergy(energies, density: 0, repetitions: repetitions)
    let matter = try contender.nanosecondsPerEnergy(energies, density: 2.848, repetitions: repetitions)
    let error = try oracle?.largestError {
      try contender.probabilities($0.model, [$0.energy], $0.baseline, $0.helicity)
    }
    fields += [#""\#(contender.key)vacuum_ns": \#(vacuum)"#, #""\#(contender.key)matter_ns": \#(matter)"#]
    if let error { fields.append(#""\#(contender.key)error": \#(error)"#) }
    let accuracy = error.map { String(format: "  largest |ΔP| %.1e", $0) } ?? ""
    let name = contender.name.padding(toLength: 36, withPad: " ", startingAt: 0)
    lines.append(name + String(format: "%8.2f%8.2f", vacuum, matter) + accuracy)
  }
  print(
    CommandLine.arguments.contains("--json")
      ? "{\(fields.joined(separator: ", "))}" : lines.joined(separator: "\n"))
  if let file = option("--export") { try export(energies, to: file) }
}

/// Writes a CSV table of energies and probabilities in matter.
func export(_ energies: [Double], to file: String) throws {
  let table = try ThreeFlavorModel().probabilities(
    at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: .neutrino)
  let rows = energies.indices.map { index in
    ([energies[index]] + (0..<9).map { table.values[$0 * energies.count + index] }).map { "\($0)" }
      .joined(separator: ",")
  }
  try rows.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
}

do {
  try runBenchmark()
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
