/// A page of its own: one HTML file with its style inside, nothing loaded from elsewhere.
struct PageDocument: Sendable {
  /// Title, plain text.
  var title: String
  /// What it is a page of, HTML; nil for nothing.
  var byline: String?
  /// What stands below the title, HTML.
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
