//! Who a chat goes to, and what of it would really be written.

use crate::{
    BaseUrl, Chat, Control, Parameters, Provider,
    dialect::Dialect,
    models::{self, Model},
    provider::Endpoint,
};

/// Who a chat goes to.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// Who answers.
    pub provider: &'static Provider,
    /// The wire format that is spoken.
    pub dialect: &'static dyn Dialect,
    /// The model's id.
    pub model: &'a str,
}

impl Recipient<'_> {
    /// The row of the model, and whether it is asked at home: where the row comes from, in the
    /// format that is that provider's own. Somebody else's server may have a model of the same
    /// name that does otherwise, and a copied format need not have the limits of the first.
    pub(super) fn row(&self) -> Option<(&'static Model, bool)> {
        let model = models::find(self.model)?;
        let home = Provider::find(&model.provider)?;
        let speaks_it = home.dialect(Some(self.dialect.id())).is_some();
        let is_there = home.id == self.provider.id && !home.is_custom();
        let may_be_it = is_there || self.provider.is_custom();
        let is_own = models::format(self.dialect.id())?.of.contains(&model.provider);
        (speaks_it && may_be_it).then_some((model, is_there && is_own))
    }

    /// The controls that the request really has something for.
    ///
    /// The dialect itself is asked: some controls are written only together with others, or only
    /// when they are on.
    pub(super) fn written(&self, parameters: &Parameters) -> Vec<Control> {
        let Ok(base_url) = BaseUrl::parse("https://localhost") else { return Vec::new() };
        let endpoint = Endpoint { provider: self.provider, base_url, has_key: false };
        let request = |parameters: &Parameters| {
            let chat = Chat { messages: Vec::new(), parameters: parameters.clone() };
            let request = self.dialect.request(&chat, self.model, &endpoint);
            (request.url, request.body)
        };
        let (whole, mut rest) = (request(parameters), parameters.clone());
        let is_written = |control: &Control| {
            let mut without = rest.clone();
            without.unset(*control);
            let is_written = request(&without) != whole;
            // Of two that are written alike, one is.
            if !is_written {
                rest = without;
            }
            is_written
        };
        let set = Control::ALL.into_iter().filter(|it| parameters.is_set(*it));
        set.filter(is_written).collect()
    }
}
