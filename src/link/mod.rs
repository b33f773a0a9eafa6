//! Mentions in; laureates out, each mention in exactly one, every merge explained. Independent of input order.
