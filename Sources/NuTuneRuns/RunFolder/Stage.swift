import Foundation
import NuTuneFiles

/// One step of a run: from hashed inputs to files. A stage whose inputs and outputs are unchanged is not run again.
package struct Stage: Sendable {
  /// Name of the stage and of its record.
  package var name: String
  /// Everything that determines its outputs.
  package var inputs: [String]
  /// Files it writes, relative to the run folder.
  package var outputs: [String]

  /// Creates a stage.
  package init(name: String, inputs: [String], outputs: [String]) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
  }

  /// What is kept of a finished stage: digests of its inputs and of the files it wrote.
  package struct Record: Codable, Sendable, ReadBack {
    var inputs: String
    var outputs: [String: String]
    var seconds: Double

    package func check() throws {
      try ReadBackCheck.digest(inputs, "inputs")
      try ReadBackCheck.require((0...1e10).contains(seconds), "seconds", "\(seconds)", "a time from 0 to 1e10 s")
    }
  }

  /// The outcome of a stage.
  struct Outcome {
    /// Duration of the computation, seconds.
    var seconds: Double
    /// Whether the result of an earlier computation was reused.
    var reused: Bool
    /// A file that was changed after the stage, so that it was computed anew; nil when there was none.
    var changed: String?
  }

  /// Digest of the inputs and of the program.
  package var digest: String {
    Digest.sha256(([NuTuneVersion.build, name] + inputs).joined(separator: "\u{0}").utf8)
  }

  /// Runs `body` unless the stage is finished and may be reused; returns the outcome with the duration of the
  /// computation.
  func run(in folder: RunFolder, reuse: Bool, _ body: () throws -> Void) throws -> Outcome {
    let recordName = "stages/\(name).json"
    var changed: String?
    if reuse, FileManager.default.fileExists(atPath: folder.file(recordName)) {
      do {
        let record = try folder.readSealed(Record.self, from: recordName)
        if record.inputs == digest {
          changed = outputs.first { Digest.sha256(ofFile: folder.file($0)) != record.outputs[$0] ?? "" }
          if changed == nil { return Outcome(seconds: record.seconds, reused: true) }
        }
      } catch {
        changed = recordName
      }
    }
    try? FileManager.default.removeItem(atPath: folder.file(recordName))
    let clock = ContinuousClock()
    let time = try clock.measure { try body() }
    var digests: [String: String] = [:]
    for output in outputs { digests[output] = Digest.sha256(ofFile: folder.file(output)) }
    try folder.writeSealed(Record(inputs: digest, outputs: digests, seconds: time.seconds), to: recordName)
    return Outcome(seconds: time.seconds, reused: false, changed: changed)
  }
}
