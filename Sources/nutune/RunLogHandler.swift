import Foundation
import Logging

/// Writes lines with the time of day to the log of a run.
struct RunLogHandler: LogHandler {
  let log: RunLog
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  init(_ log: RunLog) { self.log = log }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = ISO8601DateFormatter().string(from: Date())
    log.append("\(time) \(event.level): \(event.message)")
  }
}
