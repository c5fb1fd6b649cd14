import Foundation

/// An SVG from gnuplot, cleaned to stand alone or inside a page.
struct VectorGraphic: Sendable {
  private enum Token {
    case tag(String)
    case text(String)
  }

  private let tokens: [Token]

  /// Reads gnuplot's output and drops invisible parts: comments and prolog, tool names, empty groups, the ids and
  /// tooltips of plots, the font name repeated on every letter.
  init(gnuplot bytes: [UInt8]) {
    var tokens: [Token] = []
    for (number, piece) in String(decoding: bytes, as: UTF8.self).split(
      separator: "<", omittingEmptySubsequences: false
    ).enumerated() {
      guard number > 0, let end = piece.firstIndex(of: ">") else { continue }
      tokens.append(.tag(Self.tidied("<" + piece[...end])))
      tokens.append(.text(String(piece[piece.index(after: end)...])))
    }
    self.tokens = Self.withoutEmptyGroups(Self.withoutElements(tokens, named: ["title", "desc", "filter"]))
  }

  /// Returns a stand-alone file.
  func file(title: String) -> String {
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + text(prefix: "", title: title, isInline: false) + "\n"
  }

  /// Returns an element for a page; `prefix` keeps its ids apart from the ids of other figures.
  func inline(prefix: String, title: String) -> String { text(prefix: prefix, title: title, isInline: true) }

  private func text(prefix: String, title: String, isInline: Bool) -> String {
    var result = ""
    for token in tokens {
      switch token {
      case .text(let text): result += text.allSatisfy(\.isWhitespace) && text.contains("\n") ? "" : text
      case .tag(let tag) where tag.hasPrefix("<?") || tag.hasPrefix("<!"): break
      case .tag(let tag) where tag.hasPrefix("<svg"):
        result += root(tag, isInline: isInline) + "<title>\(HTML.escaped(title))</title>\n"
      case .tag(let tag):
        result += prefix.isEmpty ? tag : Self.prefixed(tag, prefix)
        if tag == "</g>" || tag.hasSuffix("/>") { result += "\n" }
      }
    }
    return result
  }

  /// One point of the page is one unit; a page scales the figure to its own width.
  private func root(_ tag: String, isInline: Bool) -> String {
    func attribute(_ name: String) -> String {
      guard let start = tag.range(of: " \(name)=\"") else { return "" }
      return String(tag[start.upperBound...].prefix { $0 != "\"" })
    }
    let size = isInline ? "" : " width=\"\(attribute("width"))pt\" height=\"\(attribute("height"))pt\""
    let links = isInline ? "" : " xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
    return "<svg role=\"img\"\(size) viewBox=\"\(attribute("viewBox"))\"\(links)"
      + " font-family=\"'\(FigureStyle.font)', Arial, Helvetica, 'DejaVu Sans', sans-serif\">"
  }

  private static func tidied(_ tag: String) -> String {
    var tag = tag.replacing(" font-family=\"\(FigureStyle.font)\"", with: "")
    if let start = tag.range(of: " id=\"gnuplot_"), let end = tag[start.upperBound...].firstIndex(of: "\"") {
      tag.removeSubrange(start.lowerBound...end)
    }
    // Pixels of a map are values, not samples to be smoothed.
    if tag.hasPrefix("<image ") { tag = tag.replacing("<image ", with: "<image style=\"image-rendering:pixelated\" ") }
    return tag.replacing("<tspan >", with: "<tspan>")
  }

  private static func prefixed(_ tag: String, _ prefix: String) -> String {
    guard tag.utf8.contains(UInt8(ascii: "#")) || tag.range(of: " id=") != nil else { return tag }
    var tag = tag
    for opening in [" id='", " id=\"", "href='#", "href=\"#", "url(#"] {
      tag = tag.replacing(opening, with: opening + prefix)
    }
    return tag
  }

  private static func withoutElements(_ tokens: [Token], named names: [String]) -> [Token] {
    var result: [Token] = []
    var open: String?
    for token in tokens {
      if case .tag(let tag) = token {
        if open == nil, let name = names.first(where: { tag.hasPrefix("<\($0)>") || tag.hasPrefix("<\($0) ") }) {
          open = name
        }
        if let name = open {
          if tag == "</\(name)>" { open = nil }
          continue
        }
      }
      if open == nil { result.append(token) }
    }
    return result
  }

  private static func withoutEmptyGroups(_ tokens: [Token]) -> [Token] {
    var result: [Token] = []
    for token in tokens {
      if case .tag("</g>") = token {
        var last = result.count - 1
        while last >= 0, case .text(let text) = result[last], text.allSatisfy(\.isWhitespace) { last -= 1 }
        if last >= 0, case .tag(let tag) = result[last], tag.hasPrefix("<g"), !tag.hasSuffix("/>") {
          result.removeSubrange(last...)
          continue
        }
      }
      result.append(token)
    }
    return result
  }
}
