//! HTML: html5ever tree with byte spans; blocks with their element.
