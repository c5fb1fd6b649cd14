/// A figure on a page: picture, title and caption.
struct FigureElement: Sendable {
  /// The figure.
  var figure: Figure
  /// Its picture.
  var picture: VectorGraphic

  /// The element on a page that shows each figure once.
  var html: String { html(prefix: "\(figure.name)-") }

  /// Returns the element; `prefix` keeps ids of several pictures on one page apart. Letters have the same size in
  /// narrow and wide figures.
  func html(prefix: String) -> String {
    let isNarrow = figure.drawing.width < FigureStyle.fullWidth
    let limit = DecimalText.fixed(figure.drawing.width / FigureStyle.columnWidth * 26.5, 1)
    return """
      <figure\(isNarrow ? " style=\"--width: \(limit)rem\" class=\"narrow\"" : "")>
      \(picture.inline(prefix: prefix, title: figure.title))
      <figcaption><b>\(HTML.prose(figure.title)).</b> \(HTML.prose(figure.caption))</figcaption>
      </figure>
      """
  }
}
