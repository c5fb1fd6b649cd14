import Foundation
import NuTuneCore
import ThreeFlavorOscillations

// oscillation-benchmark [--energies N] [--repetitions N] [--json] [--export FILE]
// Time of the full 3×3 of probabilities through the plugin, one thread, DUNE baseline, 0.1 to 10 GeV.

func option(_ name: String) -> String? {
  guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else {
    return nil
  }
  return CommandLine.arguments[index + 1]
}

/// Nanoseconds per energy, the median of the repetitions, after as many to warm up as take a tenth of them.
func nanosecondsPerEnergy(_ energies: [Double], density: Double, repetitions: Int) throws -> Double {
  let model = ThreeFlavorModel()
  let baseline = Baseline(length: 1284.9, density: density)
  let clock = ContinuousClock()
  var times: [Double] = []
  var checksum = 0.0
  for repetition in 0..<repetitions + repetitions / 10 {
    let elapsed = try clock.measure {
      checksum += try model.probabilities(at: energies, over: baseline, helicity: .neutrino).values[0]
    }
    if repetition >= repetitions / 10 { times.append(Double(elapsed.components.attoseconds) * 1e-9) }
  }
  guard checksum.isFinite else { throw NuTuneError(.internalError, found: "\(checksum)", expected: "probabilities") }
  return times.sorted()[times.count / 2] / Double(energies.count)
}

func runBenchmark() throws {
  let count = option("--energies").flatMap(Int.init) ?? 10_000
  let repetitions = option("--repetitions").flatMap(Int.init) ?? 500
  let energies = (0..<count).map { 0.1 + 9.9 * (Double($0) + 0.5) / Double(count) }
  let vacuum = try nanosecondsPerEnergy(energies, density: 0, repetitions: repetitions)
  let matter = try nanosecondsPerEnergy(energies, density: 2.848, repetitions: repetitions)
  if CommandLine.arguments.contains("--json") {
    print(#"{"energies": \#(count), "vacuum_ns": \#(vacuum), "matter_ns": \#(matter)}"#)
  } else {
    print("full 3×3, \(count) energies, one thread: vacuum \(vacuum) ns, matter \(matter) ns per energy")
  }
  if let file = option("--export") {
    let table = try ThreeFlavorModel().probabilities(
      at: energies, over: Baseline(length: 1284.9, density: 2.848), helicity: .neutrino)
    let rows = (0..<count).map { index in
      ([energies[index]] + (0..<9).map { table.values[$0 * count + index] }).map { "\($0)" }.joined(separator: ",")
    }
    try rows.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
  }
}

do {
  try runBenchmark()
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
