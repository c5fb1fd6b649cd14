/// Names that become parts of file names and of dotted paths.
public enum FileSafeName {
  /// Throws unless the name consists of letters, digits, `_` and `-` (and dots where `allowingDots`), and begins with a
  /// letter or digit.
  public static func check(_ name: String, at location: SourceLocation?, key: String, allowingDots: Bool = false) throws
  {
    let inner = { (character: Character) in
      character.isASCII
        && (character.isLetter || character.isNumber || "_-".contains(character) || allowingDots && character == ".")
    }
    guard let first = name.first, first.isLetter || first.isNumber, name.allSatisfy(inner), name.count <= 100 else {
      throw NuTuneError(
        .badData, at: location, key: key, found: "the name “\(name)”",
        expected: "a name that can be a file name: letters, digits, _ and -")
    }
  }
}
