import CHDF5Reader
import Foundation
import NuTuneCore

/// The process that reads an HDF5 file: everything it sends is checked, and each failure is one sentence.
struct HDF5Child {
  private let child: nutune_h5_child
  private let columns: [String]
  private let labels: [String]
  private let location: SourceLocation
  private let seconds: Int

  /// Starts reading.
  /// - Parameters:
  ///   - file: path of the file.
  ///   - columns: names of its datasets.
  ///   - labels: names of its attributes, which may be missing.
  init(_ file: String, columns: [String], labels: [String]) throws {
    (self.columns, self.labels) = (columns, labels)
    location = SourceLocation(file: file)
    let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
    let seconds = HDF5Limits.seconds(bytes: size ?? 0)
    self.seconds = seconds
    var child = nutune_h5_child()
    let (columnCount, labelCount) = (Int32(columns.count), Int32(labels.count))
    let code = Self.withNames(columns) { columns in
      Self.withNames(labels) { labels in
        file.withCString { path in
          var request = nutune_h5_request()
          request.path = path
          request.columns = columns.baseAddress
          request.column_count = columnCount
          request.labels = labels.baseAddress
          request.label_count = labelCount
          request.most_values = UInt64(HDF5Limits.values)
          request.longest_text = UInt64(HDF5Limits.text)
          request.memory = UInt64(HDF5Limits.memory)
          request.seconds = UInt32(clamping: seconds)
          return nutune_h5_start(&request, &child)
        }
      }
    }
    guard code == 0 else {
      throw NuTuneError(
        .runtime, at: location, found: "no process to read it in (error \(code) of the system)",
        expected: "room for one more process")
    }
    self.child = child
  }

  /// Reads labels and columns, in the order in which they were named. To be called once.
  func read() throws -> (labels: [String: String], columns: [[Double]]) {
    do {
      let count = try report()
      var texts: [String: String] = [:]
      for label in labels { texts[label] = try text() }
      let values = try columns.map { _ in try column(count) }
      _ = finish()
      return (texts, values)
    } catch let loss as Loss {
      throw refusal(loss, endedBy: finish())
    } catch {
      _ = finish()
      throw error
    }
  }

  /// Ends the child if it still runs; returns the signal that ended it, otherwise 0.
  private func finish() -> Int32 { withUnsafePointer(to: child) { nutune_h5_finish($0) } }

  /// The child stopped sending.
  private enum Loss: Error {
    case ended
    case late
  }

  private func receive(_ bytes: UnsafeMutableRawPointer?, _ count: Int) throws {
    switch withUnsafePointer(to: child, { nutune_h5_receive($0, bytes, count) }) {
    case 0: return
    case 2: throw Loss.late
    default: throw Loss.ended
    }
  }

  /// Returns the number of values of every dataset; throws the child's error.
  private func report() throws -> Int {
    var report = nutune_h5_report()
    try receive(&report, MemoryLayout<nutune_h5_report>.size)
    guard report.problem == 0, report.found <= UInt64(HDF5Limits.values) else { throw refusal(report) }
    return Int(report.found)
  }

  private func text() throws -> String? {
    var length: Int32 = 0
    try receive(&length, MemoryLayout<Int32>.size)
    guard length >= 0 else { return nil }
    guard length <= HDF5Limits.text else { throw Loss.ended }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    try receive(&bytes, bytes.count)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func column(_ count: Int) throws -> [Double] {
    guard try report() == count else { throw Loss.ended }
    return try [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      try receive(buffer.baseAddress, count * MemoryLayout<Double>.stride)
      filled = count
    }
  }

  private func refuse(_ found: String, _ expected: String) -> NuTuneError {
    NuTuneError(.badData, at: location, found: found, expected: expected)
  }

  private func refusal(_ loss: Loss, endedBy signal: Int32) -> NuTuneError {
    if loss == .late || signal == SIGXCPU || signal == SIGKILL {
      return refuse("an HDF5 file that is not read within \(seconds) s of processor time", "a table of cross sections")
    }
    let reason = signal == 0 ? "" : " (signal \(signal))"
    return refuse("an HDF5 file at which the HDF5 library breaks off\(reason)", "a whole one")
  }

  private func refusal(_ report: nutune_h5_report) -> NuTuneError {
    let which = Int(report.which)
    func name(of names: [String]) -> String { names.indices.contains(which) ? "“\(names[which])”" : "one" }
    let (dataset, attribute) = (name(of: columns), name(of: labels))
    switch nutune_h5_problem(UInt32(report.problem)) {
    case nutune_h5_open: return refuse("an HDF5 file that cannot be opened", "a whole one")
    case nutune_h5_missing: return refuse("no dataset \(dataset)", "the datasets \(columns.joined(separator: ", "))")
    case nutune_h5_link: return refuse("\(dataset), which is a link", "a dataset of the file itself")
    case nutune_h5_no_dataset: return refuse("\(dataset), which is no dataset", "a dataset")
    case nutune_h5_dimensions: return refuse("a dataset \(dataset) of \(report.found) dimensions", "one dimension")
    case nutune_h5_class: return refuse("a dataset \(dataset) that is not made of numbers", "numbers")
    case nutune_h5_elsewhere:
      return refuse("\(dataset), whose numbers lie in other files", "numbers in the file itself")
    case nutune_h5_too_many:
      return refuse("\(report.found) values in \(dataset)", "at most \(HDF5Limits.values), which are read at once")
    case nutune_h5_chunk:
      return refuse("chunks of \(report.found) values in \(dataset)", "chunks of at most \(HDF5Limits.values)")
    case nutune_h5_other_count:
      return refuse("\(report.found) values in \(dataset)", "as many as in “\(columns.first ?? "")”")
    case nutune_h5_texts: return refuse("\(report.found) texts in the attribute \(attribute)", "one text")
    case nutune_h5_no_text: return refuse("an attribute \(attribute) that is no text", "a text")
    case nutune_h5_long_text:
      return refuse("an attribute \(attribute) of \(report.found) bytes", "at most \(HDF5Limits.text)")
    case nutune_h5_unreadable_text: return refuse("an attribute \(attribute) that cannot be read", "a text")
    default: return refuse("a dataset \(dataset) that cannot be read", "a whole file")
    }
  }

  private static func withNames<Result>(
    _ names: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = names.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
  }
}
