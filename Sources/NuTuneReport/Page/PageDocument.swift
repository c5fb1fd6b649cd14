/// A self-contained page: one HTML file with its style inside, nothing loaded from elsewhere.
struct PageDocument: Sendable {
  /// Title, plain text.
  var title: String
  /// Subject of the page, HTML; nil for none.
  var byline: String?
  /// Text below the title, HTML.
  var body: String

  /// The file's text.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    \(HTML.element("title", title))
    <style>
    \(PageStyle.text)
    </style>
    </head>
    <body>
    <main>
    <h1>\(HTML.prose(title))</h1>
    \(byline.map { "<p class=\"byline\">\($0)</p>\n" } ?? "")\(body)
    </main>
    </body>
    </html>

    """
  }
}
