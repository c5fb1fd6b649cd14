import Foundation
import NuTuneCore
import NuTuneFiles

/// Unfinished work of a stage, stored in the run folder under the digest of its inputs, so that work for other inputs
/// is never continued.
struct StageCheckpoint: CheckpointStore {
  let path: String
  private let folder: String
  private let stage: String
  private let check: @Sendable () throws -> Void

  /// The checkpoint of a stage.
  ///
  /// - Parameters:
  ///   - stage: the stage with its inputs.
  ///   - folder: the run folder.
  ///   - check: throws when the stage shall end, after a state is saved.
  init(of stage: Stage, in folder: RunFolder, check: @escaping @Sendable () throws -> Void = {}) {
    self.folder = folder.file("stages")
    self.stage = stage.name
    self.check = check
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
    try check()
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
