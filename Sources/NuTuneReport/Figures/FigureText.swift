import Foundation
import NuTuneCore

/// Writes text for gnuplot's enhanced mode, in single quotes: nothing in a label can become a command or a format.
enum FigureText {
  /// Quotes a text that is shown letter by letter.
  static func literal(_ text: String) -> String { "'" + escaped(text) + "'" }

  /// Quotes a title, in which `ν_μ`, `ν̄_e`, `E_l`, … get real subscripts and all other text is shown letter by letter.
  ///
  /// - Parameters:
  ///   - text: the title.
  ///   - end: enhanced text behind it.
  static func title(_ text: String, end: String = "") -> String {
    let symbols = NeutrinoSpecies.allCases.map(\.symbol) + Observable.allCases.map(\.symbol).filter { $0.contains("_") }
    var result = escaped(text)
    for symbol in symbols {
      let parts = symbol.split(separator: "_", maxSplits: 1)
      result = result.replacing(escaped(symbol), with: "\(parts[0])_{\(parts[1] == "l" ? "ℓ" : parts[1])}")
    }
    return "'" + result + end + "'"
  }

  /// Returns an observable with its unit in brackets.
  static func axisTitle(_ observable: Observable) -> String {
    "'" + symbol(observable) + (observable.unit.isEmpty ? "" : " [\(unit(observable))]") + "'"
  }

  /// Returns an observable's symbol in enhanced text, not quoted.
  static func symbol(_ observable: Observable) -> String {
    switch observable {
    case .leptonEnergy: "{/:Italic E}_{ℓ}"
    case .leptonMomentum: "{/:Italic p}_{ℓ}"
    case .cosTheta: "cos {/:Italic θ}"
    case .theta: "{/:Italic θ}"
    case .transverseMomentum: "{/:Italic p}_{T}"
    case .longitudinalMomentum: "{/:Italic p}_{∥}"
    case .quasielasticEnergy: "{/:Italic E}_{QE}"
    case .energyTransfer: "{/:Italic ω}"
    case .momentumTransfer: "{/:Italic q}_{3}"
    case .q2: "{/:Italic Q}^{2}"
    case .hadronicEnergy: "{/:Italic E}_{had}"
    case .reconstructedEnergy: "{/:Italic E}_{rec}"
    }
  }

  /// Returns the title of an axis that counts events per unit of an observable.
  static func densityTitle(_ observable: Observable, counts: Bool) -> String {
    let unit = self.unit(observable)
    if unit.isEmpty {
      return "'\(counts ? "Events" : "Event density") [per unit \(symbol(observable))]'"
    }
    return "'\(counts ? "Events" : "Event density") [1/\(unit)]'"
  }

  /// Returns the title of an axis with a measured cross section, differential in an observable and in that of a slice, or as
  /// a share of the whole. Of its unit it has what the observables add; the rest, ``crossSectionScale``, is too long for it.
  static func crossSectionTitle(_ observable: Observable, slice: Observable?, isAbsolute: Bool) -> String {
    let observables = [observable] + (isAbsolute ? [slice].compactMap { $0 } : [])
    let quantity =
      "d\(observables.count == 2 ? "^{2}" : "")\(sigma)/" + observables.map { "d\(symbol($0))" }.joined(separator: " ")
    let inverse = product(observables.map(unit), squared: "^{2}")
    return "'\(isAbsolute ? "" : "(1/\(sigma)) ")\(quantity)\(inverse.isEmpty ? "" : " [1/\(inverse)]")'"
  }

  /// What measured cross sections are multiples of, as the end of a title.
  static let crossSectionScale = "; \(sigma) in 10^{−38} cm^{2} per nucleon"

  private static let sigma = "{/:Italic σ}"

  /// Returns the unit of a measured cross section in tables, `1e-38 cm2/GeV/nucleon`.
  static func crossSectionUnit(_ observable: Observable, slice: Observable?) -> String {
    let inverse = product([observable, slice].compactMap { $0?.unit }, squared: "2")
    return "1e-38 cm2\(inverse.isEmpty ? "" : "/\(inverse)")/nucleon"
  }

  /// Returns the product of one or two units of observables, to divide by.
  private static func product(_ units: [String], squared: String) -> String {
    let units = units.filter { !$0.isEmpty }
    return units.count == 2 && units[0] == units[1] ? units[0] + squared : units.joined(separator: "/")
  }

  /// Returns the range of an observable as quoted enhanced text, `0.8 < cosθ < 0.85`, its numbers as short as they are.
  static func range(_ observable: Observable, _ range: ClosedRange<Double>) -> String {
    let ends = [range.lowerBound, range.upperBound].map { DecimalText.general($0, 10).replacing("-", with: "−") }
    let unit = observable.unit.isEmpty ? "" : observable == .theta ? "°" : " \(Self.unit(observable))"
    return "'\(ends[0]) < \(symbol(observable)) < \(ends[1])\(unit)'"
  }

  /// Shortens a label to a length, with an ellipsis.
  static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }

  /// Shortens a label to a width in cm at the figures' font size, with an ellipsis.
  static func shortened(_ text: String, toWidth limit: Double) -> String {
    var count = text.count
    while count > 1, width(shortened(text, to: count)) > limit { count -= 1 }
    return shortened(text, to: count)
  }

  /// Estimates the width in cm at the figures' font size, from the advance widths of Helvetica; a little generous.
  static func width(_ text: String) -> Double {
    let ems = text.reduce(0.0) { sum, character in
      switch character {
      case "i", "j", "l", "'", "|": sum + 0.23
      case "f", "t", "r", " ", ".", ",", ":", ";", "-", "!", "(", ")", "/", "I", "`": sum + 0.33
      case "m", "w", "M", "W", "%", "@", "—": sum + 0.9
      case _ where character.isASCII && character.isUppercase: sum + 0.7
      case _ where character.unicodeScalars.first?.properties.isEmojiPresentation == true: sum + 1.3
      case _ where character.unicodeScalars.first.map { $0.value > 0x2E80 } == true: sum + 1
      default: sum + 0.57
      }
    }
    return ems * FigureStyle.fontSize / 72 * 2.54
  }

  /// Makes a file name from a label: letters, digits, `-`, `_` and `.` stay.
  static func fileName(_ text: String) -> String {
    let kept = text.map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character)) ? character : "-"
    }
    let name = String(kept.drop { $0 == "." }.prefix(80))
    return name.isEmpty ? "sample" : name
  }

  private static func unit(_ observable: Observable) -> String {
    switch observable {
    case .theta: "°"
    case .q2: "GeV^{2}"
    default: observable.unit
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += "''"
      case "\\", "_", "^", "{", "}", "@", "&", "~": result += "\\" + String(scalar)
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
