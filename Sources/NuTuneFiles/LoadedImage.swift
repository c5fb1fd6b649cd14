import Foundation
import NuTuneCore

/// The file that this code was loaded from: the running program, or the shared library of NuTune inside another program,
/// whose digest, commit and catalogs are those of the library.
package enum LoadedImage {
  /// The file as it can be read: `/proc/self/exe` for a program, which a later build may have replaced on disk.
  package static let file: String = library ?? "/proc/self/exe"

  /// Absolute path of the file, links followed.
  package static var path: String { library ?? FilePath.runningProgram }

  /// The shared library that holds this code; nil when it is part of the program.
  private static let library: String? = {
    // `FileManager.contents` reads one page of a file whose size the system gives as zero.
    guard let maps = try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd() else { return nil }
    let path = mapping(of: UInt(bitPattern: #dsohandle), in: String(decoding: maps, as: UTF8.self))
    return path.flatMap { $0 == FilePath.runningProgram || !FilePath.exists($0) ? nil : $0 }
  }()

  /// Returns the file that is mapped at an address, by a text like `/proc/self/maps`: lines of `from-to`, four more fields
  /// and the path.
  package static func mapping(of address: UInt, in maps: String) -> String? {
    for line in maps.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 5)
      let ends = fields.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
      guard ends.count == 2, fields.count == 6, (ends[0]..<ends[1]).contains(address) else { continue }
      return fields[5].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }
}
