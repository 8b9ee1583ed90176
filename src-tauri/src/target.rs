//! Where a chat goes: from what the page names to an address that may be used.

use crate::practice_server::PRACTICE;
use playground::{
    BaseUrl, Provider, Target,
    dialect::Dialect,
    provider::{BaseUrlError, Endpoint},
};
use std::net::SocketAddr;
use thiserror::Error;

/// Why a target cannot be reached.
#[derive(Debug, Error)]
pub enum TargetError {
    /// No such row in the table.
    #[error("there is no provider called {0:?}")]
    UnknownProvider(String),
    /// The provider does not speak it.
    #[error("{0} does not speak {1:?}")]
    UnknownDialect(&'static str, String),
    /// A custom server needs one.
    #[error("this server has no address yet; it should look like https://example.com/v1")]
    NoAddress,
    /// The address is not one that requests may be sent to.
    #[error(transparent)]
    Address(#[from] BaseUrlError),
}

/// A target whose address has been checked.
#[derive(Clone)]
pub struct Destination {
    /// The provider's row.
    pub provider: &'static Provider,
    /// The wire format to speak.
    pub dialect: &'static dyn Dialect,
    /// Where it is reached.
    pub base_url: BaseUrl,
}

impl Destination {
    /// Finds the provider of `target` and its address; Practice lives at `practice` in this process.
    pub fn of(target: &Target, practice: SocketAddr) -> Result<Destination, TargetError> {
        let provider = Provider::find(&target.provider)
            .ok_or_else(|| TargetError::UnknownProvider(target.provider.clone()))?;
        let base_url = match (provider.base_url, target.base_url.as_deref()) {
            (Some(home), _) => BaseUrl::parse(home)?,
            (None, _) if provider.id == PRACTICE => BaseUrl::parse(&format!("http://{practice}"))?,
            (None, Some(address)) if !address.trim().is_empty() => BaseUrl::parse(address)?,
            (None, _) => return Err(TargetError::NoAddress),
        };
        let id = target.dialect.as_deref();
        let dialect = provider.dialect(id).ok_or_else(|| {
            TargetError::UnknownDialect(provider.name, id.unwrap_or_default().into())
        })?;
        Ok(Destination { provider, dialect, base_url })
    }

    /// Whether this is the server inside this process.
    pub fn is_practice(&self) -> bool {
        self.provider.id == PRACTICE
    }

    /// A model here.
    pub fn target(&self, model: &str) -> Target {
        // Other providers have an address of their own, and Practice a new one each time.
        let is_elsewhere = self.provider.base_url.is_none() && !self.is_practice();
        Target {
            provider: self.provider.id.into(),
            base_url: is_elsewhere.then(|| self.base_url.as_str().to_owned()),
            dialect: Some(self.dialect.id().into()),
            model: model.into(),
        }
    }

    /// What a list of its models is kept under: each wire format may list others.
    pub fn place(&self) -> String {
        format!("{} {}", self.base_url.as_str(), self.dialect.id())
    }

    /// Whether requests are useless without a key.
    pub fn needs_key(&self) -> bool {
        self.provider.needs_key
    }

    /// The endpoint as a dialect wants it. A provider that needs a key is asked with one
    /// even if none is known: the client then refuses to send, and says why.
    pub fn endpoint(&self, has_key: bool) -> Endpoint {
        Endpoint {
            provider: self.provider,
            base_url: self.base_url.clone(),
            has_key: has_key || self.needs_key() || self.is_practice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(provider: &str, base_url: Option<&str>) -> Result<String, String> {
        let base_url = base_url.map(str::to_owned);
        let target =
            Target { provider: provider.into(), base_url, dialect: None, model: "m".into() };
        let practice = SocketAddr::from(([127, 0, 0, 1], 8900));
        let found = Destination::of(&target, practice).map_err(|error| error.to_string())?;
        Ok(found.base_url.as_str().to_owned())
    }

    #[test]
    fn a_known_provider_cannot_be_given_another_address() {
        let home = Ok("https://api.openai.com/v1".into());
        assert_eq!(resolve("openai", Some("https://evil.example")), home);
        let practice = Ok("http://127.0.0.1:8900".into());
        assert_eq!(resolve("practice", Some("https://evil.example")), practice);
    }

    #[test]
    fn a_custom_server_needs_an_address_that_keeps_a_key_safe() {
        assert_eq!(resolve("custom", Some("https://a.example")), Ok("https://a.example".into()));
        for (address, says) in [
            (None, "no address yet"),
            (Some(" "), "no address yet"),
            (Some("http://a.example"), "https://"),
        ] {
            let error = resolve("custom", address).expect_err("refused");
            assert!(error.contains(says), "{address:?}: {error}");
        }
        assert!(resolve("nobody", None).is_err());
    }
}
