//! One call, and what the places of a template are filled with to make it.

use super::{
    KeySource,
    recipe::{Format, Language, Recipe},
    sdk::{self, Given},
    template::{compose, fill},
    tongue::Tongue,
};
use crate::{
    Provider, WireRequest,
    http::{Header, MASK},
};
use serde_json::{Map, Value};

/// The longest body, in bytes, that is an argument of a command: Linux takes 128 KiB.
const LONGEST_ARGUMENT: usize = 100_000;
/// From so many tokens on, the SDKs that mind expect to wait for more than ten minutes.
const LONG_REPLY: u64 = 20_000;

const NO_OBJECT: &str =
    "An SDK writes the body from fields, and this one cannot be read as a JSON object.";
const NUL: &str = "No argument of a command can hold the character NUL, which is in this body.";
const REWRITTEN: &str =
    "The SDK would rewrite the contents of this body; only turns of text stay as they are.";

/// A request, and all that programs which make it need to know.
pub struct Call<'a> {
    request: &'a WireRequest,
    format: &'static Format,
    key: Option<KeySource>,
    /// The body's fields; `None` if it is no JSON object.
    fields: Option<Map<String, Value>>,
}

impl<'a> Call<'a> {
    /// The call that `request` is.
    pub fn new(request: &'a WireRequest, format: &'static Format, provider: &Provider) -> Call<'a> {
        let has_key = request.headers.iter().any(Header::takes_key);
        let key = has_key.then(|| provider.key_source());
        Call { request, format, key, fields: serde_json::from_str(&request.body).ok() }
    }

    /// The variable from which its programs read the key.
    pub fn key_env(&self) -> Option<&str> {
        match &self.key {
            Some(KeySource::Variable(name)) => Some(name),
            _ => None,
        }
    }

    /// The program in `language`, to which the wire format adds `recipe`; or why there is none.
    pub fn code(&self, language: &Language, recipe: &Recipe) -> Result<String, String> {
        let tongue = Tongue::of(&language.id);
        let (template, given) = match &language.template {
            Some(template) => (template.as_str(), Given::default()),
            None => (recipe.template.as_deref().unwrap_or_default(), self.given(tongue, recipe)?),
        };
        let is_set = |flag: &str| match flag {
            "extra" => given.extra.is_some(),
            _ => self.is_set(flag),
        };
        let print = if self.streams() { &recipe.stream } else { &recipe.whole };
        let parts = [("%print%", print.as_deref().unwrap_or_default())];
        let program = compose(template, &is_set, &parts);
        fill(program.trim_start(), &|name| match name {
            "given" => Some(Ok(given.given.clone())),
            "extra" => given.extra.clone().map(Ok),
            _ => self.place(name, tongue),
        })
    }

    fn streams(&self) -> bool {
        match &self.format.stream_call {
            Some(call) => self.request.url.contains(call.as_str()),
            None => self.at("stream").and_then(Value::as_bool).unwrap_or(self.format.streams),
        }
    }

    /// The value at that path of the body, its names parted by slashes.
    fn at(&self, path: &str) -> Option<&Value> {
        let mut names = path.split('/');
        let first = self.fields.as_ref()?.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    }

    fn is_set(&self, flag: &str) -> bool {
        let is_above = |path: &Option<String>, limit| {
            let number = path.as_deref().and_then(|it| self.at(it)).and_then(Value::as_u64);
            number.is_some_and(|it| it > limit)
        };
        match flag {
            "stream" => self.streams(),
            "whole" => !self.streams(),
            "several" => self.streams() && is_above(&self.format.several, 1),
            "long" => !self.streams() && is_above(&self.format.long, LONG_REPLY),
            "env" => self.key_env().is_some(),
            "key" => self.key.is_some(),
            "big" => self.request.body.len() > LONGEST_ARGUMENT,
            "small" => self.request.body.len() <= LONGEST_ARGUMENT,
            _ => false,
        }
    }

    /// What stands in the place of that name; `None` if there is no such place.
    fn place(&self, name: &str, tongue: Tongue) -> Option<Result<String, String>> {
        let (request, key) = (self.request, self.key.as_ref());
        let literal = match name {
            "url" => tongue.text(&request.url),
            "base_url" => tongue.text(self.around_call().0),
            "body" => tongue.block(&request.body),
            "headers" => tongue.headers(&request.headers, key),
            "other_headers" => Some(self.other_headers(tongue)),
            "key" => tongue.keyed(MASK, key),
            "key_env" => tongue.text(self.key_env()?),
            "bearer" => {
                let header = request.headers.iter().find(|it| it.takes_key())?;
                tongue.keyed(&header.value, key)
            }
            _ => return None,
        };
        Some(literal.ok_or(NUL.to_owned()))
    }

    /// The headers that an SDK would not send by itself.
    fn other_headers(&self, tongue: Tongue) -> String {
        let others = self.request.headers.iter();
        let others = others.filter(|it| !it.takes_key() && it.name != "content-type");
        let fields = others.map(|it| (it.name.clone(), Value::from(it.value.as_str())));
        tongue.style().value(&Value::Object(fields.collect()), 0, 0)
    }

    /// What the SDK is given instead of the body.
    fn given(&self, tongue: Tongue, recipe: &Recipe) -> Result<Given, String> {
        let (fields, style) = (self.fields(tongue, recipe)?, tongue.style());
        if !recipe.config.is_empty() {
            return sdk::configured(fields, &self.model(), recipe, style).ok_or(REWRITTEN.into());
        }
        let given = match recipe.typed.is_empty() {
            true => style.object(fields, recipe.indent),
            false => sdk::arguments(fields, recipe),
        };
        Ok(Given { given, extra: None })
    }

    /// The body's fields, if the SDK can be given them and sends the same values.
    fn fields(&self, tongue: Tongue, recipe: &Recipe) -> Result<&Map<String, Value>, String> {
        let fields = self.fields.as_ref().ok_or(NO_OBJECT)?;
        let is_missing = |name: &&String| fields.get(*name).is_none_or(Value::is_null);
        if let Some(name) = recipe.required.iter().find(is_missing) {
            return Err(format!("The SDK always sends {name:?}, and this body has none."));
        }
        match fields.values().find_map(|value| tongue.style().lost_number(value)) {
            Some(number) => {
                Err(format!("A program in this language would send another number than {number}."))
            }
            None => Ok(fields),
        }
    }

    /// The address before and after what an SDK adds to it by itself.
    fn around_call(&self) -> (&str, &str) {
        let (url, call) = (&*self.request.url, &*self.format.call);
        url.rsplit_once(call).unwrap_or((url, ""))
    }

    /// The model, where it stands in the address.
    fn model(&self) -> String {
        let after = self.around_call().1;
        let segment = after.rsplit_once(':').map_or(after, |(model, _)| model);
        let decoded = url::form_urlencoded::parse(segment.as_bytes()).next();
        decoded.map(|(model, _)| model.into_owned()).unwrap_or_default()
    }
}
