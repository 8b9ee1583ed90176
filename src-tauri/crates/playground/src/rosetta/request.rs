//! What the parts of a request mean.

use super::{
    HeaderMeaning, Meaning, RosettaColumn, RosettaPart, address,
    table::{MEANINGS, Table, table},
};
use crate::{
    Chat, Control, Target, WireRequest,
    dialect::Dialect,
    json::pointer::{children, leaves, lies_in, pattern},
    origins::{Maker, Origin, origins},
    provider::Endpoint,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who is asked, and how.
pub struct Asked<'a> {
    /// The target, as it was chosen.
    pub target: Target,
    /// The format that is spoken.
    pub dialect: &'a dyn Dialect,
    /// Where.
    pub endpoint: Endpoint,
}

/// A request whose parts are known.
pub struct Written {
    /// For the page.
    pub column: RosettaColumn,
    /// What stands where: `address`, `header NAME`, or a place in the body as a glossary names it,
    /// each once; and whether nobody asked for it.
    found: BTreeMap<Meaning, (Vec<String>, bool)>,
}

/// What a value in a body means, and whether nobody asked for it.
type Meant = BTreeSet<(Meaning, bool)>;

impl Written {
    /// The request that `asked` would be sent, and what its parts mean.
    pub fn of(chat: &Chat, asked: &Asked<'_>) -> Written {
        let Asked { target, dialect, endpoint } = asked;
        let request = dialect.request(chat, &target.model, endpoint);
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        let origins = origins(*dialect, chat, &target.model, endpoint);
        let reader = Reader::of(chat, origins, table(dialect.id()));
        let address = address::pieces(&request.url, chat, asked);
        let headers = reader.headers(&request);
        let (mut parts, mut places) = (Vec::new(), Vec::new());
        for (pointer, _) in leaves(&body) {
            let home = |(meaning, unasked): (Meaning, bool)| {
                (meaning, reader.home(meaning, &pattern(&pointer)), unasked)
            };
            places.extend(reader.meant(&pointer).into_iter().map(home));
        }
        reader.parts(&body, String::new(), &mut parts);
        let in_address = address.iter().map(|it| {
            let is_unasked = it.meaning == "control.stream" && chat.parameters.stream.is_none();
            (Meaning::word(&it.meaning), "address".to_owned(), is_unasked)
        });
        let in_headers = headers
            .iter()
            .map(|it| (Meaning::word(&it.meaning), format!("header {}", it.name), false));
        let mut found = BTreeMap::<_, (Vec<String>, bool)>::new();
        for (meaning, place, unasked) in in_address.chain(in_headers).chain(places) {
            let (places, is_unasked) = found.entry(meaning).or_default();
            *is_unasked |= unasked;
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let told = |(pointer, meaning, unasked): (String, Meaning, bool)| RosettaPart {
            pointer,
            meaning: meaning.id(),
            unasked,
        };
        let parts = parts.into_iter().map(told).collect();
        let (dialect, name) = (dialect.id().to_owned(), dialect.name().to_owned());
        let target = target.clone();
        let column = RosettaColumn { target, dialect, name, request, address, headers, parts };
        Written { column, found }
    }

    /// Everything that stands in it.
    pub fn meanings(&self) -> impl Iterator<Item = Meaning> + '_ {
        self.found.keys().copied()
    }

    /// Where a meaning stands, and whether nobody asked for it; none if it does not.
    pub fn places(&self, meaning: Meaning) -> Option<(&[String], bool)> {
        self.found.get(&meaning).map(|(places, unasked)| (&places[..], *unasked))
    }
}

struct Reader<'a> {
    chat: &'a Chat,
    origins: Vec<Origin>,
    /// The places of those in that list, by the part of the body that they are of.
    origins_at: HashMap<String, Vec<usize>>,
    table: &'static Table,
}

impl<'a> Reader<'a> {
    fn of(chat: &'a Chat, origins: Vec<Origin>, table: &'static Table) -> Reader<'a> {
        let mut origins_at = HashMap::<String, Vec<usize>>::new();
        for (index, origin) in origins.iter().enumerate() {
            let at = origin.pointer.iter().cloned();
            at.for_each(|at| origins_at.entry(at).or_default().push(index));
        }
        Reader { chat, origins, origins_at, table }
    }

    fn headers(&self, request: &WireRequest) -> Vec<HeaderMeaning> {
        let told = |name: &String| {
            let place = format!("header {name}");
            let word = self.table.words_at(&place).next().unwrap_or("content_type");
            HeaderMeaning { name: name.clone(), meaning: word.to_owned() }
        };
        request.headers.iter().map(|it| told(&it.name)).collect()
    }

    /// The largest parts of `value` that mean one and the same.
    fn parts(&self, value: &Value, at: String, found: &mut Vec<(String, Meaning, bool)>) -> Meant {
        let below = children(value);
        if below.is_empty() {
            let meant = self.meant(&at);
            found.extend(meant.iter().map(|(meaning, unasked)| (at.clone(), *meaning, *unasked)));
            return meant;
        }
        let start = found.len();
        let within: Vec<Meant> = below
            .into_iter()
            .map(|(name, child)| self.parts(child, format!("{at}/{name}"), found))
            .collect();
        let is_one = within.windows(2).all(|it| it[0] == it[1]) && !at.is_empty();
        let meant = within.into_iter().next().unwrap_or_default();
        if !is_one || meant.is_empty() {
            return Meant::new();
        }
        found.truncate(start);
        found.extend(meant.iter().map(|(meaning, unasked)| (at.clone(), *meaning, *unasked)));
        meant
    }

    /// What the value at `pointer` means, which holds no other.
    fn meant(&self, pointer: &str) -> Meant {
        let place = pattern(pointer);
        let makers = self.makers(pointer);
        let is_nobodys = makers.iter().all(|it| matches!(it, Maker::Unasked { .. }));
        // What no maker can tell apart is told by its place: a role from the words beside it.
        if let Some(word) = self.table.structure_at(&place) {
            return Meant::from([(Meaning::word(word), is_nobodys)]);
        }
        let messages = makers.iter().filter_map(|it| match it {
            Maker::Message { index } => Some((Meaning::message(self.chat, *index), false)),
            Maker::Model => Some((Meaning::word("model"), false)),
            _ => None,
        });
        let meant: Meant = messages.collect();
        if !meant.is_empty() {
            return meant;
        }
        let controls = makers.iter().filter_map(|it| match it {
            Maker::Control { control } => Some((word_of(*control), false)),
            Maker::Unasked { control: Some(control) } => Some((word_of(*control), true)),
            _ => None,
        });
        let controls: Vec<(String, bool)> = controls.collect();
        let is_at_home =
            |(word, _): &&(String, bool)| self.table.words_at(&place).any(|it| it == word);
        let best = controls.iter().find(is_at_home).or(controls.first());
        best.map(|(word, unasked)| (Meaning::word(word), *unasked)).into_iter().collect()
    }

    /// The place in the data in which what stands at `pattern` lies.
    fn home(&self, meaning: Meaning, pattern: &str) -> String {
        let ways = &self.table.request[&MEANINGS.request[meaning.row].word];
        let mut places = ways.all().flat_map(|it| &it.place);
        let home = places.find(|it| lies_in(pattern, it.at()));
        home.map_or(pattern, |it| it.at()).to_owned()
    }

    /// Who made the value at `pointer`, or something that it lies in, in the order of the origins.
    fn makers(&self, pointer: &str) -> Vec<Maker> {
        let ends = pointer.match_indices('/').map(|(end, _)| end).chain([pointer.len()]);
        let within = ends.filter_map(|end| self.origins_at.get(&pointer[..end]));
        let indexes: BTreeSet<usize> = within.flatten().copied().collect();
        indexes.into_iter().map(|index| self.origins[index].from).collect()
    }
}

/// The word in the data.
fn word_of(control: Control) -> String {
    let name = serde_json::to_value(control).unwrap_or_default();
    format!("control.{}", name.as_str().unwrap_or_default())
}
