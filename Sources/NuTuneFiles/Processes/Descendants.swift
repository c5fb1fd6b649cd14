import Foundation

/// Processes that a command left running, identified by a mark in their environment, which every fork inherits.
enum Descendants {
  /// Ends all processes with the mark, `NAME=value`, until none is left; new ones may be forked in the meantime.
  static func end(markedBy mark: String) {
    for _ in 0..<20 {
      let found = processes(markedBy: Array(mark.utf8))
      guard !found.isEmpty else { return }
      for process in found { kill(process, SIGKILL) }
      usleep(10_000)
    }
  }

  private static func processes(markedBy mark: [UInt8]) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
      guard process != getpid(), let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ")
      else { return false }
      return environment.split(separator: 0).contains { $0.elementsEqual(mark) }
    }
  }
}
