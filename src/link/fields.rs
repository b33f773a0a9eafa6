//! What the linker is told of a record, and where records come from. Nothing is read or compared here.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::mention::Mention;

/// What one record states, as the linker reads it. Every value may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields<'a> {
    /// Which of the inputs it comes from: with `LinkType::Link`, only records of different inputs are compared.
    pub source: u32,
    /// The list that it is an entry of: two entries of one list are two laureates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Cow<'a, str>>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    /// The project's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<Cow<'a, str>>,
    /// The territory, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<Cow<'a, str>>,
    /// Where the organisation sits, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<Cow<'a, str>>,
    /// The département, code or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Cow<'a, str>>,
    /// The public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<Cow<'a, str>>,
    /// The partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Cow<'a, str>>,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Cow<'a, str>>,
    /// Links and contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Cow<'a, str>>,
    /// The call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Cow<'a, str>>,
    /// The year or edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
}

impl Fields<'_> {
    /// The same, bound to nothing.
    pub fn into_owned(self) -> Fields<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let all = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(own).collect();
        Fields {
            source: self.source,
            list: self.list.map(own),
            name: self.name.map(own),
            project: self.project.map(own),
            territory: self.territory.map(own),
            seat: self.seat.map(own),
            department: self.department.map(own),
            public: self.public.map(own),
            partners: all(self.partners),
            description: self.description.map(own),
            contacts: all(self.contacts),
            call: self.call.map(own),
            year: self.year,
        }
    }
}

/// Where records come from. The linker reads each record once, and again where its values are merged.
pub trait Source: Sync {
    /// How many records there are.
    fn len(&self) -> usize;
    /// The record's id, unique.
    fn id(&self, index: usize) -> Cow<'_, str>;
    /// What the linker compares.
    fn fields(&self, index: usize) -> Fields<'_>;
    /// All that the record states.
    fn mention(&self, index: usize) -> Cow<'_, Mention>;
    /// The organisation's name, as stated.
    fn name(&self, index: usize) -> Option<Cow<'_, str>>;
    /// The document and the position in it: laureates are listed in this order.
    fn place(&self, index: usize) -> (Cow<'_, str>, u32);
    /// The partners that the record names, stated and then suggested by prose.
    fn partners(&self, index: usize) -> Vec<Cow<'_, str>> {
        let mention = self.mention(index);
        let suggested = mention.inferred.partners.iter();
        let all = (mention.partners.iter()).chain(suggested.map(|partner| &partner.value));
        all.map(|partner| Cow::Owned(partner.clone())).collect()
    }
    /// Is there none?
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
