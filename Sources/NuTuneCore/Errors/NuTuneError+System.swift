import Foundation

extension NuTuneError {
  /// Rewords an error of the system or of its JSON decoder; nil for any other error.
  init?(system error: any Error) {
    switch error {
    case let decoding as DecodingError: self.init(decoding)
    case let cocoa as CocoaError:
      let isMissing = [.fileNoSuchFile, .fileReadNoSuchFile].contains(cocoa.code)
      let isWriting = (512..<768).contains(cocoa.code.rawValue)
      self.init(
        isMissing ? .missingInput : isWriting ? .cannotWrite : .runtime,
        at: cocoa.filePath.map { SourceLocation(file: $0) }, found: Self.reason(of: cocoa),
        expected: isWriting ? "a place where this user may write" : "a file that can be read")
    case let posix as POSIXError:
      self.init(.runtime, found: Self.reason(of: posix), expected: "a system call that succeeds")
    default: return nil
    }
  }

  /// Returns the reason of a system error in its own short words, `permission denied`.
  ///
  /// - Parameter error: the error that a call of the system's library threw.
  public static func reason(of error: any Error) -> String {
    if let posix = error as? POSIXError { return words(posix.code.rawValue) }
    let failure = error as NSError
    if let inner = failure.userInfo[NSUnderlyingErrorKey] as? any Error { return reason(of: inner) }
    if failure.domain == NSPOSIXErrorDomain { return words(Int32(failure.code)) }
    guard let cocoa = error as? CocoaError else { return "\(error)" }
    switch cocoa.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: return words(ENOENT)
    case .fileWriteNoPermission, .fileReadNoPermission: return words(EACCES)
    case .fileWriteOutOfSpace: return words(ENOSPC)
    case .fileWriteVolumeReadOnly: return words(EROFS)
    case .fileWriteFileExists: return words(EEXIST)
    case .fileReadCorruptFile, .fileReadInapplicableStringEncoding: return "content that cannot be read"
    default: return "the system refused"
    }
  }

  private static func words(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private init(_ error: DecodingError) {
    func key(_ path: [any CodingKey]) -> String? {
      let steps = path.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
      return steps.isEmpty ? nil : steps.joined(separator: ".")
    }
    let expected = "a file that this version of NuTune wrote"
    switch error {
    case .keyNotFound(let missing, let context):
      self.init(.badData, key: key(context.codingPath + [missing]), found: "no value", expected: expected)
    case .valueNotFound(_, let context):
      self.init(.badData, key: key(context.codingPath), found: "null", expected: expected)
    case .typeMismatch(_, let context):
      self.init(.badData, key: key(context.codingPath), found: "a value of another type", expected: expected)
    case .dataCorrupted(let context):
      self.init(.badData, key: key(context.codingPath), found: "content that cannot be read", expected: expected)
    @unknown default: self.init(.badData, found: "content that cannot be read", expected: expected)
    }
  }
}

extension CocoaError {
  /// The file that the error concerns.
  fileprivate var filePath: String? { userInfo[NSFilePathErrorKey] as? String }
}
