//! A document in; its entries out: where laureates start and end, what is context, what belongs to none.
