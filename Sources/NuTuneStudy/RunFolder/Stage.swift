import Foundation
import NuTuneCore

/// One step of a run: from hashed inputs to files. A stage whose inputs and outputs are as it left them is not done again.
public struct Stage: Sendable {
  /// Its name, also that of its record.
  public var name: String
  /// Everything its outputs depend on.
  public var inputs: [String]
  /// Files it writes, relative to the run folder.
  public var outputs: [String]

  /// A stage.
  public init(name: String, inputs: [String], outputs: [String]) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
  }

  /// What is kept of a finished stage.
  struct Record: Codable {
    var inputs: String
    var outputs: [String: String]
    var seconds: Double
  }

  /// Digest of the inputs and of the program.
  public var digest: String {
    Digest.sha256(([NuTuneVersion.build, name] + inputs).joined(separator: "\u{0}").utf8)
  }

  /// Runs `body` unless the stage is finished and may be reused; returns the seconds it took when it was computed.
  func run(in folder: RunFolder, reuse: Bool, _ body: () throws -> Void) throws -> (seconds: Double, reused: Bool) {
    let recordName = "stages/\(name).json"
    if reuse, let record = try? folder.read(Record.self, from: recordName), record.inputs == digest,
      outputs.allSatisfy({ record.outputs[$0] != nil && Digest.sha256(ofFile: folder.file($0)) == record.outputs[$0] })
    {
      return (record.seconds, true)
    }
    try? FileManager.default.removeItem(atPath: folder.file(recordName))
    let clock = ContinuousClock()
    let time = try clock.measure { try body() }
    var digests: [String: String] = [:]
    for output in outputs { digests[output] = Digest.sha256(ofFile: folder.file(output)) }
    try folder.write(Record(inputs: digest, outputs: digests, seconds: time.seconds), to: recordName)
    return (time.seconds, false)
  }
}

/// Unfinished work of a stage, kept in the run folder under the digest of its inputs, so that work for other inputs is
/// never taken up.
struct StageCheckpoint: CheckpointStore {
  let path: String
  private let folder: String
  private let stage: String

  init(of stage: Stage, in folder: RunFolder) {
    self.folder = folder.file("stages")
    self.stage = stage.name
    path = folder.file("stages/\(stage.name).\(stage.digest.prefix(16)).checkpoint")
  }

  /// Removes checkpoints of the same stage for other inputs.
  func removeOthers() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix("\(stage).") && name.hasSuffix(".checkpoint") && "\(folder)/\(name)" != path {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  func load() -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
  }

  func save(_ bytes: [UInt8]) throws {
    try AtomicFile.write(bytes, to: path)
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
